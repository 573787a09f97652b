import type { Digest } from '../image/digest.ts';
import { deletionBetween } from '../image/mark.ts';
import type { TagEvent, TagName } from '../image/tag-event.ts';
import { type Instant, parseInstant } from '../instant.ts';
import type { LookupPorts } from './ports.ts';

/** Later than everything. */
const NEWEST = parseInstant('9999-12-31T23:59:59.999Z');
/** A tag that is pushed again and again to the same image has many events for one value. */
const EVENTS_PER_VALUE = 50;

/**
 * When a tag last had the image that it had so many different images before the one of an instant (without one: of
 * now). A deletion counts as a value where it is the newest only: `~1` of a deleted tag is the image that it lost.
 * A number when there are only so many before.
 */
export async function instantBack(
  name: TagName,
  { at = NEWEST, back }: { readonly at?: Instant | undefined; readonly back: number },
  ports: LookupPorts,
): Promise<Instant | number> {
  const events = await ports.loadHistory(name, { at, limit: EVENTS_PER_VALUE * (back + 1) });
  const values = valuesIn(events);
  const [newest] = values;
  if (newest?.digest && (await isGone(newest, name, at, ports)))
    values.unshift({ ...newest, digest: undefined });
  return values[back]?.at ?? Math.max(0, values.length - 1);
}

interface Value {
  /** Absent for a deleted tag. */
  readonly digest: Digest | undefined;
  readonly at: Instant;
}

/** Of several events of one instant the last one holds, as everywhere. */
function valuesIn(events: readonly TagEvent[]): Value[] {
  const values: Value[] = [];
  const settled = events.filter((event, i) => event.at !== events[i - 1]?.at);
  for (const [i, { digest, at }] of settled.entries()) {
    const later = values.findLast((it) => it.digest)?.digest;
    if (i === 0 || (digest && digest !== later)) values.push({ digest, at });
  }
  return values;
}

/** Whether the image of the newest value was deleted as a whole, which is no event of its tags. */
async function isGone({ digest, at }: Value, { repository }: TagName, until: Instant, ports: LookupPorts) {
  const record = digest && (await ports.loadImage({ repository, digest }));
  return record !== undefined && deletionBetween(record.marks, at, until) !== undefined;
}
