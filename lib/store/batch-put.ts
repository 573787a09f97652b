import { setTimeout as sleep } from 'node:timers/promises';
import { BatchWriteCommand, type BatchWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { together } from '../together.ts';
import type { Table } from './table.ts';

/** DynamoDB takes as many items in one request. */
const MOST_ITEMS = 25;
/** Requests in flight, each on a connection of its own: a thousand items are five round trips. */
const AT_ONCE = 8;
/** A table that cannot keep up says so within seconds; who sent the message has it come back. */
const TRIES = 6;
const FIRST_PAUSE_MS = 50;

/**
 * Writes items over whatever was there, 25 in each request, and again what DynamoDB leaves out: only for items that are always
 * the same, since no condition goes with them, and each is written by itself. Throws the SDK's error, and another when
 * some are still left out after two seconds.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 */
export async function batchPut(table: Table, items: readonly Record<string, unknown>[]): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE * MOST_ITEMS)
    await together(requestsOf(items.slice(from, from + AT_ONCE * MOST_ITEMS)).map((it) => putAll(table, it)));
}

type Requests = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

function requestsOf(items: readonly Record<string, unknown>[]): readonly Requests[] {
  const requests = items.map((Item) => ({ PutRequest: { Item } }));
  return Array.from({ length: Math.ceil(requests.length / MOST_ITEMS) }, (_, n) =>
    requests.slice(n * MOST_ITEMS, (n + 1) * MOST_ITEMS),
  );
}

async function putAll({ client, name }: Table, requests: Requests): Promise<void> {
  let left = requests;
  for (let tried = 1; ; tried += 1) {
    const { UnprocessedItems } = await client.send(new BatchWriteCommand({ RequestItems: { [name]: left } }));
    left = UnprocessedItems?.[name] ?? [];
    if (left.length === 0) return;
    if (tried === TRIES) throw new Error(`DynamoDB left out ${left.length} items of a batch, ${TRIES} times`);
    await sleep(FIRST_PAUSE_MS * 2 ** (tried - 1));
  }
}
