import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../image/digest.ts';
import type { TagEvent, TagName } from '../image/tag-event.ts';
import type { TagHead } from '../image/tag-head.ts';
import type { Instant, Period } from '../instant.ts';
import * as keys from './keys.ts';
import { ifHolds, type Table } from './table.ts';

/** Events of one page: far from the megabyte that ends a page by itself. */
const PAGE = 1000;

/**
 * Appends to a tag's history and moves its head forward, never back. Late, repeated and unordered events all
 * end in the same table: the history's key is the event, and the head keeps the greatest key.
 */
export async function saveTagEvent(
  table: Table,
  { repository, tag }: TagName,
  event: TagEvent,
): Promise<void> {
  const { op, at, digest, recordedAt, eventId: _, ...details } = event;
  const pk = keys.tagPartition(repository, tag);
  const sk = keys.tagEventKey(at, event.eventId);
  await ifHolds(
    table.client.send(
      new PutCommand({
        TableName: table.name,
        Item: { pk, sk, op, recordedAt, ...(digest && { digest }), ...details },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: headKey({ repository, tag }),
        UpdateExpression: digest
          ? 'SET lastKey = :key, digest = :digest'
          : 'SET lastKey = :key REMOVE digest',
        ConditionExpression: 'attribute_not_exists(lastKey) OR lastKey < :key',
        ExpressionAttributeValues: { ':key': sk, ...(digest && { ':digest': digest }) },
      }),
    ),
  );
}

/** The digest that a tag points to by its newest event; undefined when it was deleted, or nobody has seen it. */
export async function loadHead(table: Table, name: TagName): Promise<Digest | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: headKey(name), ProjectionExpression: 'digest' }),
  );
  return Item?.digest;
}

/** The item of where a tag stands. */
// biome-ignore lint/suspicious/noExplicitAny: what the document client reads has no type of its own
export function toHead({ digest, lastKey, hinted }: Readonly<Record<string, any>>): TagHead {
  const at = lastKey?.split('#')[1];
  return { ...(digest && { digest }), ...(at && { at }), ...(hinted && { hinted }) };
}

/** The newest events of a tag at or before an instant, newest first, at most `limit`. */
export async function loadHistory(
  table: Table,
  { repository, tag }: TagName,
  { at, limit }: { readonly at: Instant; readonly limit: number },
): Promise<readonly TagEvent[]> {
  return queryEvents(
    table,
    { repository, tag },
    { from: 'E#', to: keys.endOfInstant(at), limit, newestFirst: true },
  );
}

/** The first event of a tag after an instant: the end of what was true then. */
export async function loadNextEvent(
  table: Table,
  name: TagName,
  after: Instant,
): Promise<TagEvent | undefined> {
  const [next] = await queryEvents(table, name, {
    from: keys.endOfInstant(after),
    to: 'E#~',
    limit: 1,
    newestFirst: false,
  });
  return next;
}

/** All events of a tag from one instant to another, both included, oldest first. */
export async function loadEvents(
  table: Table,
  name: TagName,
  { from, to }: Period,
): Promise<readonly TagEvent[]> {
  const events: TagEvent[] = [];
  let start = keys.tagEventKey(from, '');
  for (;;) {
    const page = await queryEvents(table, name, {
      ...{ from: start, to: keys.endOfInstant(to) },
      ...{ limit: PAGE, newestFirst: false },
    });
    events.push(...page);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return events;
    start = `${keys.tagEventKey(last.at, last.eventId)}#`;
  }
}

async function queryEvents(
  table: Table,
  { repository, tag }: TagName,
  { from, to, limit, newestFirst }: { from: string; to: string; limit: number; newestFirst: boolean },
): Promise<readonly TagEvent[]> {
  const { Items } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': keys.tagPartition(repository, tag), ':from': from, ':to': to },
      ScanIndexForward: !newestFirst,
      Limit: limit,
    }),
  );
  return (Items ?? []).map(toTagEvent);
}

// Events of before are in the index by digest.
function toTagEvent({ sk, pk: _, gsi1pk: __, gsi1sk: ___, ...rest }: Record<string, unknown>): TagEvent {
  const [, at, eventId] = String(sk).split('#');
  return { ...rest, at, eventId } as TagEvent;
}

/** Key of where a tag stands. */
export function headKey({ repository, tag }: TagName): { pk: string; sk: string } {
  return { pk: keys.repositoryPartition(repository), sk: `TAG#${tag}` };
}
