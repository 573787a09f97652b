import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Repository, repositoryKey } from '../image/reference.ts';
import { type FollowedReference, isAfter, type UrgentRepository } from '../policy/followed.ts';
import { FORGOTTEN, NO_SCAN, type UnscannedLook } from '../policy/open-findings.ts';
import type { Shown } from '../policy/shown.ts';
import { together } from '../together.ts';
import * as keys from './keys.ts';
import { toOpenFindings, UNSCANNED } from './open-findings.ts';
import { queryAll } from './query.ts';
import { OPEN, PARTITION, toReference } from './shown.ts';
import type { Table } from './table.ts';

/** What is on record of the references that are followed in a repository, or once were; `most`, the first by name. */
export async function loadFollowed(
  table: Table,
  repository: Repository,
  most = 100,
): Promise<readonly FollowedReference[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :reference)',
      ExpressionAttributeValues: { ':pk': keys.repositoryPartition(repository), ':reference': 'REF#' },
      Limit: most,
    }),
  );
  return Items.map(toFollowed);
}

function toFollowed(item: Readonly<Record<string, unknown>>): FollowedReference {
  const reference = String(item.sk).slice('REF#'.length);
  const open = toOpenFindings(reference, item);
  const look = item.unscanned as UnscannedLook | undefined;
  return {
    reference,
    ...(open.scanKey !== NO_SCAN && open.scanKey !== FORGOTTEN && { open }),
    ...(look && isAfter(look, open, reference) && { unscanned: look }),
    isUrgent: item.gsi1sk === OPEN || item.gsi1pk === UNSCANNED,
  };
}

/** Every repository in which something is shown open, or known as not scanned; each once, in no order. */
export async function listUrgent(table: Table): Promise<readonly UrgentRepository[]> {
  const [open, unscanned] = await together([
    queryAll(table, {
      IndexName: 'by-shown',
      KeyConditionExpression: 'gsi1pk = :partition AND gsi1sk = :open',
      ExpressionAttributeValues: { ':partition': PARTITION, ':open': OPEN },
    }),
    queryAll(table, {
      IndexName: 'by-shown',
      KeyConditionExpression: 'gsi1pk = :partition',
      ExpressionAttributeValues: { ':partition': UNSCANNED },
    }),
  ]);
  const found = new Map<string, UrgentRepository>();
  for (const item of [...open, ...unscanned]) {
    const { repository, shown } = toReference(item);
    const { CRITICAL = 0, HIGH = 0 } = (shown as Shown | undefined)?.counts ?? {};
    const known = found.get(repositoryKey(repository));
    const critical = Math.max(CRITICAL, known?.critical ?? 0);
    found.set(repositoryKey(repository), { repository, critical, high: Math.max(HIGH, known?.high ?? 0) });
  }
  return [...found.values()];
}
