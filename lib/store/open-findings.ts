import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Repository } from '../image/reference.ts';
import { FORGOTTEN, NO_SCAN, type OpenFindings, type UnscannedLook } from '../policy/open-findings.ts';
import { NEWEST_PUSH } from '../policy/policy.ts';
import type { Counted } from '../policy/shown.ts';
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
  return Item && toOpenFindings(reference, Item);
}

/** The item of a baseline. */
export function toOpenFindings(reference: string, item: Readonly<Record<string, unknown>>): OpenFindings {
  // biome-ignore lint/suspicious/noExplicitAny: what the document client reads has no type of its own
  const { digest, pushedAt, scanKey, ids, readAt, ...rest } = item as Readonly<Record<string, any>>;
  const { openedAt, toldAt, toldAs, shown, counted, isTelling, policyMark } = rest;
  const told = { ...(toldAt && { toldAt }), ...(toldAs && { toldAs }), ...(policyMark && { policyMark }) };
  const opened = openedAt && { openedAt };
  const more = { ...opened, ...told, ...(shown && { shown }), ...(isTelling && { isTelling }) };
  return { reference, digest, pushedAt, scanKey, ids, readAt, ...more, ...countedAt(readAt, counted) };
}

/** An earlier release, which may work beside this one, leaves the counts of the look before. */
function countedAt(
  readAt: string,
  kept: { readonly at: string; readonly as: Counted } | undefined,
): Pick<OpenFindings, 'counted'> {
  return kept?.at === readAt ? { counted: kept.as } : {};
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
  const { reference, digest, pushedAt, scanKey, ids, readAt, openedAt, toldAt, toldAs, shown } = open;
  const { counted, policyMark } = open;
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: referenceKey(repository, reference),
        UpdateExpression: `SET digest = :digest, pushedAt = :pushedAt, scanKey = :scanKey, ids = :ids, readAt = :readAt, openedAt = :openedAt, toldAt = :toldAt, toldAs = :toldAs, policyMark = :mark, counted = :counted${shown ? `, ${SHOW} REMOVE isTelling` : ' REMOVE isTelling, shown, gsi1pk, gsi1sk'}`,
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
          ':counted': counted ? { at: readAt, as: counted } : null,
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

/**
 * Writes beside the baseline that the image of a later look could not be scanned; where there is no baseline yet, one
 * without a scan takes its place. It holds until a look that is later still: nobody has to take it away. What nobody has
 * seen open is in the index until then.
 */
export async function saveUnscanned(
  table: Table,
  repository: Repository,
  reference: string,
  look: UnscannedLook,
): Promise<void> {
  const { digest, pushedAt, readAt } = look;
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: referenceKey(repository, reference),
        UpdateExpression:
          'SET unscanned = :look, digest = if_not_exists(digest, :digest), ' +
          'pushedAt = if_not_exists(pushedAt, :earliest), scanKey = if_not_exists(scanKey, :none), ' +
          'ids = if_not_exists(ids, :empty), readAt = if_not_exists(readAt, :earliest), ' +
          'gsi1pk = if_not_exists(gsi1pk, :unscanned), gsi1sk = if_not_exists(gsi1sk, :readAt)',
        ConditionExpression:
          `(${isForward(reference)}) AND (attribute_not_exists(unscanned) OR ` +
          `${isLater(reference, 'unscanned.')})`,
        ExpressionAttributeValues: {
          ':look': look,
          ':digest': digest,
          ...(reference === NEWEST_PUSH && { ':pushedAt': pushedAt }),
          ':readAt': readAt,
          ':none': NO_SCAN,
          ':empty': [],
          ':earliest': EARLIEST,
          ':unscanned': UNSCANNED,
        },
      }),
    ),
  );
}

/** Partition in `by-shown` of the references of which nothing is shown, and whose image could not be scanned. */
export const UNSCANNED = 'UNSCANNED';

const EARLIEST = '0000-01-01T00:00:00.000Z';

/** Holds where a look with `:pushedAt` and `:readAt` is later than the one whose baseline is kept. */
function isForward(reference: string): string {
  return `attribute_not_exists(pk) OR ${isLater(reference)}`;
}

function isLater(reference: string, than = ''): string {
  return reference === NEWEST_PUSH
    ? `${than}pushedAt < :pushedAt OR (${than}pushedAt = :pushedAt AND ${than}readAt < :readAt)`
    : `${than}readAt < :readAt`;
}

function referenceKey(repository: Repository, reference: string): { pk: string; sk: string } {
  return { pk: keys.repositoryPartition(repository), sk: `REF#${reference}` };
}
