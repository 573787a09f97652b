import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { readNewest, readRecovery, readTable } from '../../../lib/store/condition.ts';
import { saveScan } from '../../../lib/store/scan.ts';
import { saveTagEvent } from '../../../lib/store/tag-history.ts';
import { aDigest, aTagEvent, aTagName, at } from '../../build/lineage.ts';
import { aSubject } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';
import { type Answers, openAws } from '../../doubles/aws.ts';
import { openTables } from '../../doubles/dynamodb.ts';
import { loopback } from '../../doubles/loopback.ts';

async function aTable(answers: Answers) {
  const { url: endpoint } = await openAws(answers);
  const dynamodb = new DynamoDBClient(loopback(endpoint));
  return { client: DynamoDBDocumentClient.from(dynamodb), name: 'a-table' };
}

test('a table as it is made here: active with its indexes', async () => {
  const { lineage } = await openTables();
  expect(await readTable(lineage)).toMatchObject({
    state: 'found',
    value: {
      status: 'ACTIVE',
      isProtected: false,
      indexes: [{ name: expect.stringMatching(/^by-/), status: 'ACTIVE' }, { status: 'ACTIVE' }],
    },
  });
});

test('a table that is not there', async () => {
  const { lineage } = await openTables();
  expect(await readTable({ ...lineage, name: 'another' })).toEqual({ state: 'absent' });
});

test.each([
  ['ENABLED', true],
  ['DISABLED', false],
])('point-in-time recovery %s', async (PointInTimeRecoveryStatus, value) => {
  const ContinuousBackupsDescription = {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
  };
  const answer = () => ({ ContinuousBackupsDescription });
  expect(await readRecovery(await aTable({ DescribeContinuousBackups: answer }))).toEqual({
    state: 'found',
    value,
  });
});

test('recovery that may not be read', async () => {
  expect(await readRecovery(await aTable({}))).toMatchObject({ state: 'denied' });
});

test('the newest push and scan of small tables, whatever the order of their keys', async () => {
  const { lineage, ledger } = await openTables();
  for (const [index, time] of ['10:00', '11:30', '11:00'].entries()) {
    await saveTagEvent(lineage, aTagName(), aTagEvent(time, aDigest(String(index))));
    await saveScan(ledger, aSubject(), `scan-${time}`, aScan({ completedAt: at(time) }));
  }
  const value = { at: at('11:30'), isWhole: true };
  expect(await readNewest(lineage, 'lineage')).toEqual({ state: 'found', value });
  expect(await readNewest(ledger, 'ledger')).toEqual({ state: 'found', value });
});

test('an empty table has none, and what holds no time is passed over', async () => {
  const { lineage } = await openTables();
  expect(await readNewest(lineage, 'lineage')).toEqual({ state: 'found', value: { isWhole: true } });
  await write(lineage, [{ pk: 'a', sk: 'E#yesterday#1' }]);
  expect(await readNewest(lineage, 'lineage')).toEqual({ state: 'found', value: { isWhole: true } });
});

test('of a large table one page is read, and it says that there is more', async () => {
  const { lineage, requests } = await openTables();
  const items = Array.from({ length: 20 }, (_, index) => ({
    pk: `TAG#${index}`,
    sk: `E#${at('10:00')}#${index}`,
    filler: 'x'.repeat(100_000),
  }));
  await write(lineage, items);
  requests.splice(0);
  expect(await readNewest(lineage, 'lineage')).toEqual({
    state: 'found',
    value: { at: at('10:00'), isWhole: false },
  });
  expect(requests).toEqual(['ScanCommand']);
});

async function write(table: { client: DynamoDBDocumentClient; name: string }, items: readonly object[]) {
  const puts = items.map((Item) => ({ PutRequest: { Item: { ...Item } } }));
  await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: puts } }));
}
