import type { Digest } from '../image/digest.ts';
import { deletionBetween } from '../image/mark.ts';
import type { ImageRecord } from '../image/record.ts';
import type { TagEvent, TagName } from '../image/tag-event.ts';
import type { Instant } from '../instant.ts';
import type { LookupPorts } from './ports.ts';

/** How many events of a tag are looked at for where a stay began. */
export const PAST = 50;

/** The time that a tag spent on one image without leaving it. */
export interface Stay {
  readonly digest: Digest;
  readonly since: Instant;
  /** Absent when the tag has not left it. */
  readonly until?: Instant;
  /** Absent until the image has been described. */
  readonly record?: ImageRecord;
  readonly tied?: Tied;
}

/** What else happened to a tag in the same second: ECR's events have whole seconds, so nobody knows what came last. */
export type Tied = readonly (Digest | 'deleted')[];

/**
 * Where a tag stood at an instant: on an image, or deleted, by itself or with the whole image; undefined when
 * nothing is known of it that early.
 */
export async function findStay(
  name: TagName,
  at: Instant,
  ports: LookupPorts,
): Promise<Stay | { readonly deletedAt: Instant; readonly tied?: Tied } | undefined> {
  const past = await ports.loadHistory(name, { at, limit: PAST });
  const [event] = past;
  if (!event) return undefined;
  const tied = tiedWith(event, past);
  if (!event.digest) return { deletedAt: event.at, ...tied };
  const { digest } = event;
  const [record, moved] = await Promise.all([
    ports.loadImage({ repository: name.repository, digest }),
    nextMove(digest, name, at, ports),
  ]);
  const marks = record?.marks ?? [];
  const deletedAt = deletionBetween(marks, event.at, at);
  if (deletedAt) return { deletedAt };
  const until = [moved, deletionBetween(marks, at)].filter((it) => it !== undefined).sort()[0];
  const since = startOf(past, marks);
  return { digest, since, ...(until && { until }), ...(record && { record }), ...tied };
}

function tiedWith({ at, digest }: TagEvent, past: readonly TagEvent[]): Pick<Stay, 'tied'> {
  const others = past.filter((it) => it.at === at && it.digest !== digest);
  return others.length > 0 ? { tied: others.map((it) => it.digest ?? 'deleted') } : {};
}

/** Pushing a tag again to the image that it has already is an event, and no change; unless it had been deleted. */
function startOf(past: readonly TagEvent[], marks: ImageRecord['marks']): Instant {
  const stays = ({ at, digest }: TagEvent, later: TagEvent | undefined) =>
    !later || (digest === later.digest && !deletionBetween(marks, at, later.at));
  const change = past.findIndex((event, i) => !stays(event, past[i - 1]));
  return (past.at(change < 0 ? -1 : change - 1) as TagEvent).at;
}

/** When a tag that points to an image moves to something else after an instant; undefined when it does not. */
async function nextMove(
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
