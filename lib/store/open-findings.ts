import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Repository } from '../image/reference.ts';
import { FORGOTTEN, NO_SCAN, type OpenFindings } from '../policy/open-findings.ts';
import { NEWEST_PUSH } from '../policy/policy.ts';
import * as keys from './keys.ts';
import { queryAll } from './query.ts';
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
  const { digest, pushedAt, scanKey, ids, readAt, openedAt, toldAt, toldAs, shown, isTelling, policyMark } =
    Item;
  const told = { ...(toldAt && { toldAt }), ...(toldAs && { toldAs }), ...(policyMark && { policyMark }) };
  const opened = openedAt && { openedAt };
  const more = { ...opened, ...told, ...(shown && { shown }), ...(isTelling && { isTelling }) };
  return { reference, digest, pushedAt, scanKey, ids, readAt, ...more };
}

/** Of each reference of a repository that was ever looked at to the end, the image and the policy of then. */
export async function loadBaselines(
  table: Table,
  repository: Repository,
): Promise<ReadonlyMap<string, Pick<OpenFindings, 'digest' | 'policyMark'>>> {
  const items = await queryAll(table, {
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :reference)',
    ProjectionExpression: 'sk, digest, policyMark, scanKey',
    ExpressionAttributeValues: { ':pk': keys.repositoryPartition(repository), ':reference': 'REF#' },
  });
  const seen = items.filter(({ scanKey }) => scanKey !== NO_SCAN && scanKey !== FORGOTTEN);
  return new Map(
    seen.map(({ sk, digest, policyMark }) => [
      sk.slice('REF#'.length),
      { digest, ...(policyMark && { policyMark }) },
    ]),
  );
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
  const { reference, digest, pushedAt, scanKey, ids, readAt, openedAt, toldAt, toldAs, shown, policyMark } =
    open;
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: referenceKey(repository, reference),
        UpdateExpression: `SET digest = :digest, pushedAt = :pushedAt, scanKey = :scanKey, ids = :ids, readAt = :readAt, openedAt = :openedAt, toldAt = :toldAt, toldAs = :toldAs, policyMark = :mark${shown ? `, ${SHOW} REMOVE isTelling` : ' REMOVE isTelling, shown, gsi1pk, gsi1sk'}`,
        ConditionExpression: isForward(reference),
        ExpressionAttributeValues: {
          ':digest': digest,
          ':pushedAt': pushedAt,
          ':scanKey': scanKey,
          ':ids': ids,
          ':readAt': readAt,
          ':openedAt': openedAt ?? null,
          ':toldAt': toldAt ?? null,
          ':toldAs': toldAs ?? null,
          ':mark': policyMark ?? null,
          ...(shown && asShown(shown)),
        },
      }),
    ),
  );
}

/**
 * Writes beside the baseline that people are about to hear of open findings. Where there is no baseline yet, one
 * without a scan takes its place: every other is later. False, and nothing written, where `saveOpenFindings` of the same
 * look would not be kept: nothing would take the mark away again.
 */
export async function saveTelling(
  table: Table,
  repository: Repository,
  reference: string,
  { digest, pushedAt, readAt }: Pick<OpenFindings, 'digest' | 'pushedAt' | 'readAt'>,
): Promise<boolean> {
  return ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: referenceKey(repository, reference),
        UpdateExpression:
          'SET isTelling = :true, digest = if_not_exists(digest, :digest), ' +
          'pushedAt = if_not_exists(pushedAt, :pushedAt), scanKey = if_not_exists(scanKey, :none), ' +
          'ids = if_not_exists(ids, :empty), readAt = if_not_exists(readAt, :earliest)',
        ConditionExpression: `${isForward(reference)} OR scanKey = :none`,
        ExpressionAttributeValues: {
          ':true': true,
          ':digest': digest,
          ':pushedAt': pushedAt,
          ':readAt': readAt,
          ':none': NO_SCAN,
          ':empty': [],
          ':earliest': EARLIEST,
        },
      }),
    ),
  );
}

const EARLIEST = '0000-01-01T00:00:00.000Z';

/** Holds where a look with `:pushedAt` and `:readAt` is later than the one whose baseline is kept. */
function isForward(reference: string): string {
  const later =
    reference === NEWEST_PUSH
      ? 'pushedAt < :pushedAt OR (pushedAt = :pushedAt AND readAt < :readAt)'
      : 'readAt < :readAt';
  return `attribute_not_exists(pk) OR ${later}`;
}

function referenceKey(repository: Repository, reference: string): { pk: string; sk: string } {
  return { pk: keys.repositoryPartition(repository), sk: `REF#${reference}` };
}
