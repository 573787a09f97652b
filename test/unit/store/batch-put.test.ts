import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { batchPut } from '../../../lib/store/batch-put.ts';
import { openAws } from '../../doubles/aws.ts';
import { itemsOf, openTables } from '../../doubles/dynamodb.ts';
import { loopback } from '../../doubles/loopback.ts';

interface Batch {
  readonly RequestItems: Readonly<Record<string, readonly object[]>>;
}

const items = (count: number) => Array.from({ length: count }, (_, n) => ({ pk: `CVE#${n}`, sk: 'R#demo' }));

/** A table that leaves out of each batch what `leave` says, with the sizes of the batches that came. */
async function aTableThatLeaves(leave: (requests: readonly object[]) => readonly object[]) {
  const sizes: number[] = [];
  const { url } = await openAws({
    BatchWriteItem: (input) => {
      const { demo = [] } = (input as Batch).RequestItems;
      sizes.push(demo.length);
      return { UnprocessedItems: { demo: leave(demo) } };
    },
  });
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(loopback(url)));
  return { table: { client, name: 'demo' }, sizes };
}

test('items are written 25 in each request, and once more they are the same', async () => {
  const { ledger, requests } = await openTables();
  await batchPut(ledger, items(60));
  await batchPut(ledger, items(60));
  expect(requests).toEqual(Array(6).fill('BatchWriteItemCommand'));
  expect(await itemsOf(ledger)).toHaveLength(60);
});

test('nothing to write asks nothing', async () => {
  const { ledger, requests } = await openTables();
  await batchPut(ledger, []);
  expect(requests).toEqual([]);
});

test('what DynamoDB leaves out is sent again, and nothing else', async () => {
  const { table, sizes } = await aTableThatLeaves((requests) =>
    requests.length > 5 ? requests.slice(20) : [],
  );
  await batchPut(table, items(25));
  expect(sizes).toEqual([25, 5]);
});

test('a table that leaves the same out again and again is an error, not a hang', async () => {
  const { table, sizes } = await aTableThatLeaves((requests) => requests.slice(-1));
  await expect(batchPut(table, items(3))).rejects.toThrow('left out 1 items of a batch, 6 times');
  expect(sizes).toEqual([3, 1, 1, 1, 1, 1]);
});
