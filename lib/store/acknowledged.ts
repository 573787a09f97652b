import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Repository } from '../image/reference.ts';
import { type Acknowledged, areAcknowledged } from '../policy/acknowledged.ts';
import type { Baseline } from '../policy/tracked.ts';
import { fingerprint } from '../scan/compare.ts';
import { together } from '../together.ts';
import * as keys from './keys.ts';
import { ifHolds, type Table } from './table.ts';

/** What nobody told of again for so long is over, or told again without a reminder. */
const KEEP_SECONDS = 180 * 24 * 3600;

/** Whether somebody said of each of these references that what is open on it is known: one read each. */
export async function isAcknowledged(
  table: Table,
  repository: Repository,
  tracked: readonly Baseline[],
  ids: readonly string[],
): Promise<boolean> {
  const words = await together(
    tracked.map(({ reference }) => loadAcknowledged(table, repository, reference)),
  );
  return areAcknowledged(tracked, ids, words);
}

/** What somebody said of a tracked reference last; undefined where nobody did. */
async function loadAcknowledged(
  table: Table,
  repository: Repository,
  reference: string,
): Promise<Acknowledged | undefined> {
  const Key = acknowledgedKey(repository, reference);
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const { by, at, ids, openedAt } = Item;
  return { by, at, ids, ...(openedAt && { openedAt }) };
}

/**
 * Keeps the word on a tracked reference, in one conditional update; gives the one that holds, which is another's where
 * they said the same before.
 */
export async function saveAcknowledged(
  table: Table,
  repository: Repository,
  reference: string,
  word: Acknowledged,
): Promise<Acknowledged> {
  const { by, at, ids, openedAt = null } = word;
  const what = fingerprint([openedAt ?? '', ...ids]);
  const isFirst = await ifHolds(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: {
          ...acknowledgedKey(repository, reference),
          ...{ by, at, ids, openedAt, what },
          expiresAt: Math.floor(Date.parse(at) / 1000) + KEEP_SECONDS,
        },
        ConditionExpression: 'attribute_not_exists(pk) OR what <> :what',
        ExpressionAttributeValues: { ':what': what },
      }),
    ),
  );
  return isFirst ? word : ((await loadAcknowledged(table, repository, reference)) ?? word);
}

function acknowledgedKey(repository: Repository, reference: string) {
  return { pk: keys.repositoryPartition(repository), sk: `ACK#${reference}` };
}
