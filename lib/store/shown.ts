import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../image/digest.ts';
import type { Repository } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { FORGOTTEN } from '../policy/open-findings.ts';
import { type Shown, type ShownReference, shownNoMore } from '../policy/shown.ts';
import * as keys from './keys.ts';
import { queryAll } from './query.ts';
import { ifHolds, type Table } from './table.ts';

/**
 * The sparse index `by-shown` holds the references that a monitor has seen open: `OPEN`, or `CLOSED#<time>`. Closed
 * ones sort by their time and before the open ones, so that one range is "open, or closed since"; what closed long ago
 * stays in the index unread until its next scan, and nobody has to tidy up.
 */
export const OPEN = 'OPEN';
export const PARTITION = 'SHOWN';

/** The part of an update that puts a reference into the index. */
export const SHOW = 'shown = :shown, gsi1pk = :partition, gsi1sk = :state';

/** The values of `SHOW`. */
export function asShown(shown: Shown): Readonly<Record<string, unknown>> {
  const { closedAt } = shown;
  return { ':shown': shown, ':partition': PARTITION, ':state': closedAt ? `CLOSED#${closedAt}` : OPEN };
}

/** The references that are open, or were closed after `since`. */
export async function listShown(table: Table, since: Instant): Promise<readonly ShownReference[]> {
  const items = await queryAll(table, {
    IndexName: 'by-shown',
    KeyConditionExpression: 'gsi1pk = :partition AND gsi1sk > :since',
    ExpressionAttributeValues: { ':partition': PARTITION, ':since': `CLOSED#${since}` },
  });
  return items.map(toReference);
}

/** The reference of an item of the index. */
export function toReference({ pk, sk, shown }: Record<string, unknown>): ShownReference {
  const [, account = '', region = '', name = ''] = String(pk).split('#');
  const [, reference = ''] = String(sk).split('#');
  return { repository: { account, region, name }, reference, shown: shown as Shown };
}

/** What is open in a repository, and the image that each reference points to as far as scans say. */
export async function listOpen(
  table: Table,
  repository: Repository,
): Promise<readonly (Omit<ShownReference, 'repository'> & { readonly digest: Digest })[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :reference)',
      FilterExpression: 'gsi1sk = :open',
      ProjectionExpression: 'pk, sk, shown, digest',
      ExpressionAttributeValues: {
        ':pk': keys.repositoryPartition(repository),
        ':reference': 'REF#',
        ':open': OPEN,
      },
    }),
  );
  return Items.map((item) => {
    const { reference, shown } = toReference(item);
    return { reference, shown, digest: item.digest as Digest };
  });
}

/**
 * Closes a reference that stands for nothing any more, unless a scan of another image was shown since. Its reading is
 * forgotten, so that the same image under the same name opens it again. Idempotent.
 */
export async function closeShown(
  table: Table,
  repository: Repository,
  { reference, digest, shown }: { reference: string; digest: Digest; shown: Shown },
  at: Instant,
): Promise<void> {
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: keys.repositoryPartition(repository), sk: `REF#${reference}` },
        UpdateExpression: `SET scanKey = :forgotten, ${SHOW}`,
        ConditionExpression: 'digest = :digest AND gsi1sk = :open',
        ExpressionAttributeValues: {
          ...asShown(shownNoMore(shown, at)),
          ':forgotten': FORGOTTEN,
          ':digest': digest,
          ':open': OPEN,
        },
      }),
    ),
  );
}
