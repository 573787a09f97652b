import { type Repository, repositoryKey } from '../image/reference.ts';
import type { TagEvent, TagName } from '../image/tag-event.ts';
import { type Instant, type Period, secondsBetween, toInstant } from '../instant.ts';
import { allPages } from '../reconcile/pages.ts';
import { groupBy } from './group.ts';
import type { BackfillPorts } from './ports.ts';
import { readTrailEvent, TRAIL_EVENT_NAMES, type TrailEvent } from './trail-event.ts';

/** Tags whose records are read at the same time. */
const AT_ONCE = 20;

/** The event of a rule and the one in CloudTrail are two views of one push, and their clocks are not one. */
const SAME_SECONDS = 5;

/** What CloudTrail knows of some days, and what of it is not on record. */
export interface TrailStretch extends Period {
  /** Events of CloudTrail that were read. */
  readonly read: number;
  readonly unreadable: number;
  /** Pushes and deletions of tags among them. */
  readonly found: readonly TrailEvent[];
  readonly missing: readonly TrailEvent[];
}

/** Reads a stretch of CloudTrail's history, and looks which of its events are on record. Changes nothing. */
export async function readStretch(
  period: Period,
  isWanted: (repository: Repository) => boolean,
  ports: BackfillPorts,
): Promise<TrailStretch> {
  const readings = (await readTrail(period, ports)).map(readTrailEvent);
  const found = readings
    .flatMap((it) => (it === 'unreadable' ? [] : it))
    .filter(({ repository }) => isWanted(repository));
  const unreadable = readings.filter((it) => it === 'unreadable').length;
  return {
    ...period,
    read: readings.length,
    unreadable,
    found,
    missing: await missingOf(found, period, ports),
  };
}

async function readTrail(period: Period, ports: BackfillPorts): Promise<readonly string[]> {
  const lists: (readonly string[])[] = [];
  for (const eventName of TRAIL_EVENT_NAMES)
    lists.push(await allPages((token) => ports.lookUpEvents({ ...period, eventName }, token)));
  return lists.flat();
}

async function missingOf(
  found: readonly TrailEvent[],
  period: Period,
  ports: BackfillPorts,
): Promise<readonly TrailEvent[]> {
  const tags = [...groupBy(found, nameOf).values()];
  const missing: TrailEvent[] = [];
  const around = { from: shifted(period.from, -SAME_SECONDS), to: shifted(period.to, SAME_SECONDS) };
  for (let start = 0; start < tags.length; start += AT_ONCE) {
    const chunk = tags.slice(start, start + AT_ONCE);
    const known = await Promise.all(chunk.map(([first]) => ports.loadEvents(first as TagName, around)));
    missing.push(...chunk.flatMap((events, nth) => events.filter((it) => !isOnRecord(it, known[nth] ?? []))));
  }
  return missing;
}

/** A guess of the reconciler's is no record: what CloudTrail says is exact. */
function isOnRecord({ op, eventId, digest, at }: TrailEvent, known: readonly TagEvent[]): boolean {
  return known.some(
    (it) =>
      it.eventId === eventId ||
      (!it.window &&
        it.op === op &&
        (op === 'delete' || it.digest === digest) &&
        Math.abs(secondsBetween(it.at, at)) <= SAME_SECONDS),
  );
}

function nameOf({ repository, tag }: TrailEvent): string {
  return `${repositoryKey(repository)}#${tag}`;
}

function shifted(at: Instant, seconds: number): Instant {
  return toInstant(new Date(Date.parse(at) + seconds * 1000));
}
