import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Repository } from '../image/reference.ts';
import type { OpenFindings } from '../policy/open-findings.ts';
import { NEWEST_PUSH } from '../policy/policy.ts';
import * as keys from './keys.ts';
import { asShown, SHOW } from './shown.ts';
import { ifHolds, type Table } from './table.ts';

/** What was open on a tracked reference when it was last looked at; undefined when it never was. */
export async function loadOpenFindings(
  table: Table,
  repository: Repository,
  reference: string,
): Promise<OpenFindings | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: referenceKey(repository, reference) }),
  );
  if (!Item) return undefined;
  const { digest, pushedAt, scanKey, ids, readAt, toldAt, shown } = Item;
  const more = { ...(toldAt && { toldAt }), ...(shown && { shown }) };
  return { reference, digest, pushedAt, scanKey, ids, readAt, ...more };
}

/**
 * Keeps the baseline of a tracked reference, only forward: a tag follows whoever looked at the registry last,
 * the newest push follows the time of the push.
 */
export async function saveOpenFindings(
  table: Table,
  repository: Repository,
  open: OpenFindings,
): Promise<void> {
  const { reference, digest, pushedAt, scanKey, ids, readAt, toldAt, shown } = open;
  const isForward =
    reference === NEWEST_PUSH
      ? 'pushedAt < :pushedAt OR (pushedAt = :pushedAt AND readAt < :readAt)'
      : 'readAt < :readAt';
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: referenceKey(repository, reference),
        UpdateExpression: `SET digest = :digest, pushedAt = :pushedAt, scanKey = :scanKey, ids = :ids, readAt = :readAt, toldAt = :toldAt${shown ? `, ${SHOW}` : ' REMOVE shown, gsi1pk, gsi1sk'}`,
        ConditionExpression: `attribute_not_exists(pk) OR ${isForward}`,
        ExpressionAttributeValues: {
          ':digest': digest,
          ':pushedAt': pushedAt,
          ':scanKey': scanKey,
          ':ids': ids,
          ':readAt': readAt,
          ':toldAt': toldAt ?? null,
          ...(shown && asShown(shown)),
        },
      }),
    ),
  );
}

function referenceKey(repository: Repository, reference: string): { pk: string; sk: string } {
  return { pk: keys.repositoryPartition(repository), sk: `REF#${reference}` };
}
