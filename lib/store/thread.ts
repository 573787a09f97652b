import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Thread } from '../delivery/thread.ts';
import type { Repository } from '../image/reference.ts';
import { together } from '../together.ts';
import * as keys from './keys.ts';
import { ifHolds, type Table } from './table.ts';

/** A thread that nobody answered to for so long is over. */
const KEEP_SECONDS = 180 * 24 * 3600;

/** More references of one image have no thread looked for. */
const MAX_REFERENCES = 10;

/** The threads of these references in a channel, in their order: one read each. */
export async function findThreads(
  { client, name }: Table,
  repository: Repository,
  references: readonly string[],
  channel: string,
): Promise<readonly Thread[]> {
  const found = await together(
    references.slice(0, MAX_REFERENCES).map(async (reference) => {
      const Key = threadKey(repository, channel, reference);
      const { Item } = await client.send(new GetCommand({ TableName: name, Key, ConsistentRead: true }));
      return Item ? [toThread(reference, Item)] : [];
    }),
  );
  return found.flat();
}

/** Keeps a thread under its reference, in one conditional update: not in the place of another that is open. */
export async function openThread(
  { client, name }: Table,
  repository: Repository,
  channel: string,
  { reference, ts, openedAt, blocks }: Thread,
  replaces = ts,
): Promise<void> {
  await ifHolds(
    client.send(
      new UpdateCommand({
        TableName: name,
        Key: threadKey(repository, channel, reference),
        UpdateExpression:
          'SET ts = :ts, isOpen = :yes, openedAt = :at, blocks = :blocks, expiresAt = :expiry',
        ConditionExpression: 'attribute_not_exists(pk) OR isOpen = :no OR ts = :replaces',
        ExpressionAttributeValues: {
          ':ts': ts,
          ':yes': true,
          ':no': false,
          ':at': openedAt,
          ':blocks': blocks,
          ':replaces': replaces,
          ':expiry': Math.floor(Date.parse(openedAt) / 1000) + KEEP_SECONDS,
        },
      }),
    ),
  );
}

/** Ends a thread, in one conditional update: not another that has taken its place. */
export async function closeThread(
  { client, name }: Table,
  repository: Repository,
  channel: string,
  { reference, ts }: Thread,
): Promise<void> {
  await ifHolds(
    client.send(
      new UpdateCommand({
        TableName: name,
        Key: threadKey(repository, channel, reference),
        UpdateExpression: 'SET isOpen = :no',
        ConditionExpression: 'ts = :ts',
        ExpressionAttributeValues: { ':no': false, ':ts': ts },
      }),
    ),
  );
}

function threadKey(repository: Repository, channel: string, reference: string) {
  return { pk: keys.repositoryPartition(repository), sk: `THREAD#${channel}#${reference}` };
}

function toThread(reference: string, item: Record<string, unknown>): Thread {
  const { ts, isOpen, openedAt, blocks } = item as unknown as Thread;
  return { reference, ts, isOpen, openedAt, blocks };
}
