import type { Digest } from '../image/digest.ts';
import { deletionBetween } from '../image/mark.ts';
import type { ImageRecord } from '../image/record.ts';
import type { TagEvent, TagName, Window } from '../image/tag-event.ts';
import { type Instant, parseInstant } from '../instant.ts';
import type { LookupPorts } from './ports.ts';

/** How many events of a tag are looked at for where a stay began: few, since nearly every stay is in the first ones. */
const RECENT = 10;
export const PAST = 50;

/** Later than everything: what is asked for is what is newest, whatever the caller's clock says. */
const NEWEST = parseInstant('9999-12-31T23:59:59.999Z');

/** The time that a tag spent on one image without leaving it. */
export interface Stay {
  readonly digest: Digest;
  readonly since: Instant;
  /** Present when no event told of `since`: between which times it was. */
  readonly window?: Window;
  /** Absent when the tag has not left it. */
  readonly until?: Instant;
  readonly tied?: Tied;
}

/** What else happened to a tag in the same second: ECR's events have whole seconds, so nobody knows what came last. */
export type Tied = readonly (Digest | 'deleted')[];

/** The newest events of a tag at or before an instant (without one: at all), as many as tell when its stay began. */
export async function loadPast(
  name: TagName,
  at: Instant | undefined,
  ports: LookupPorts,
): Promise<readonly TagEvent[]> {
  const recent = await ports.loadHistory(name, { at: at ?? NEWEST, limit: RECENT });
  const isSettled = recent.length < RECENT || recent.some(({ digest }) => digest !== recent[0]?.digest);
  return isSettled ? recent : ports.loadHistory(name, { at: at ?? NEWEST, limit: PAST });
}

/** The image that a tag had before the one of its newest event; undefined when none is in these events. */
export function digestBefore(past: readonly TagEvent[]): Digest | undefined {
  return past.find(({ digest }) => digest && digest !== past[0]?.digest)?.digest;
}

/** What else happened in the second of the newest of these events. */
export function tiedIn(past: readonly TagEvent[]): { readonly tied?: Tied } {
  const [event] = past;
  const others = past.filter((it) => it.at === event?.at && it.digest !== event.digest);
  return others.length > 0 ? { tied: others.map((it) => it.digest ?? 'deleted') } : {};
}

/** The stay that these events end in; or when its image was deleted, before `at` when that is given. */
export function stayIn(
  past: readonly [TagEvent & { readonly digest: Digest }, ...TagEvent[]],
  {
    record,
    at,
    moved,
  }: { record: ImageRecord | undefined; at: Instant | undefined; moved: Instant | undefined },
): Stay | { readonly deletedAt: Instant } {
  const [{ digest, at: pushedAt }] = past;
  const marks = record?.marks ?? [];
  const deletedAt = deletionBetween(marks, pushedAt, at);
  if (deletedAt) return { deletedAt };
  const until = [moved, at && deletionBetween(marks, at)].filter((it) => it !== undefined).sort()[0];
  const { at: since, window } = startOf(past, marks);
  return { digest, since, ...(window && { window }), ...(until && { until }), ...tiedIn(past) };
}

/** Pushing a tag again to the image that it has already is an event, and no change; unless it had been deleted. */
function startOf(past: readonly TagEvent[], marks: ImageRecord['marks']): TagEvent {
  const stays = ({ at, digest }: TagEvent, later: TagEvent | undefined) =>
    !later || (digest === later.digest && !deletionBetween(marks, at, later.at));
  const change = past.findIndex((event, i) => !stays(event, past[i - 1]));
  return past.at(change < 0 ? -1 : change - 1) as TagEvent;
}

/** When a tag that points to an image moves to something else after an instant; undefined when it does not. */
export async function nextMove(
  digest: Digest,
  name: TagName,
  after: Instant,
  ports: LookupPorts,
): Promise<Instant | undefined> {
  const next = await ports.loadNextEvent(name, after);
  if (!next || next.digest !== digest) return next?.at;
  // Of several events at one instant the last one holds.
  const [last] = await ports.loadHistory(name, { at: next.at, limit: 1 });
  return last?.digest === digest ? nextMove(digest, name, next.at, ports) : next.at;
}
