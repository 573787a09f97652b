import type { Repository } from '../image/reference.ts';
import { type Instant, toInstant } from '../instant.ts';
import type { TagDrift } from '../reconcile/tags.ts';
import { readDay, type TrailDay } from './day.ts';
import { groupBy } from './group.ts';
import { trailHint } from './hint.ts';
import type { BackfillPorts, Period } from './ports.ts';
import { compareStanding } from './standing.ts';
import type { TrailEvent } from './trail-event.ts';

/** What a person wants filled in. */
export interface Wanted extends Period {
  /** One repository by its name; all without it. */
  readonly repository?: string;
  /** Say what would be sent, and send nothing. */
  readonly isDryRun: boolean;
}

/** What was found of one repository. */
export interface Filled {
  readonly repository: Repository;
  /** Pushes and deletions in CloudTrail, and how many of them were not on record. */
  readonly found: number;
  readonly missing: number;
  /** Where DescribeImages says something that no event does. */
  readonly drifts: readonly Pick<TagDrift, 'op' | 'tag' | 'digest'>[];
}

export interface Backfilled {
  /** Events of CloudTrail that were read, and those that nobody could. */
  readonly read: number;
  readonly unreadable: number;
  readonly repositories: readonly Filled[];
  /** Messages that were sent, or in a dry run would be. */
  readonly events: number;
}

/** What a backfill tells while it runs. */
export interface Watching {
  /** A day was read; what is missing of it is sent after this returns. */
  readonly onDay: (day: TrailDay) => void;
  readonly onRepository: (repository: Repository) => void;
}

/**
 * Sends what CloudTrail's history and the registry know of tags and the lineage does not, through the queue that
 * AWS's own events go through. Days go backwards, each is sent before the next is read: after an interruption
 * everything that was sent stays, and the next run skips what is on record. Nothing is kept outside the lineage.
 */
export async function backfill(
  wanted: Wanted,
  ports: BackfillPorts,
  watching: Watching,
): Promise<Backfilled> {
  const isWanted = ({ name }: Repository) => wanted.repository === undefined || wanted.repository === name;
  const days: TrailDay[] = [];
  for (const period of daysOf(wanted)) {
    const day = await readDay(period, isWanted, ports);
    days.push(day);
    watching.onDay(day);
    if (!wanted.isDryRun) await ports.sendPushes(day.missing.map(trailHint));
  }
  const filled: Filled[] = [];
  const found = groupBy(
    days.flatMap((day) => day.found),
    ({ repository }) => keyOf(repository),
  );
  const missing = new Set(days.flatMap((day) => day.missing));
  for (const repository of await repositoriesOf(found, isWanted, ports)) {
    watching.onRepository(repository);
    const told = found.get(keyOf(repository)) ?? [];
    const { drifts } = await compareStanding(repository, told, ports);
    if (!wanted.isDryRun) await ports.sendPushes(drifts.map(({ body }) => body));
    const unknown = told.filter((it) => missing.has(it)).length;
    filled.push({
      ...{ repository, found: told.length, missing: unknown },
      drifts: drifts.map(({ op, tag, digest }) => ({ op, tag, digest })),
    });
  }
  const sum = (of: (day: TrailDay) => number) => days.reduce((total, day) => total + of(day), 0);
  return {
    read: sum(({ read }) => read),
    unreadable: sum(({ unreadable }) => unreadable),
    repositories: filled,
    events: missing.size + filled.reduce((total, { drifts }) => total + drifts.length, 0),
  };
}

/** Those that are there, and those that CloudTrail remembers. */
async function repositoriesOf(
  found: ReadonlyMap<string, readonly TrailEvent[]>,
  isWanted: (repository: Repository) => boolean,
  ports: BackfillPorts,
): Promise<readonly Repository[]> {
  const all = new Map([...found].flatMap(([key, [first]]) => (first ? [[key, first.repository]] : [])));
  let nextToken: string | undefined;
  do {
    const page = await ports.listRepositories(nextToken);
    for (const repository of page.items.filter(isWanted)) all.set(keyOf(repository), repository);
    nextToken = page.nextToken;
  } while (nextToken);
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, repository]) => repository);
}

/** The days of a period, the last one first; CloudTrail's times are whole seconds. */
function daysOf({ from, to }: Period): readonly Period[] {
  const days: Period[] = [];
  let end: Instant = to;
  while (end >= from) {
    const midnight = toInstant(new Date(`${end.slice(0, 10)}T00:00:00Z`));
    days.push({ from: midnight < from ? from : midnight, to: end });
    end = toInstant(new Date(Date.parse(midnight) - 1000));
  }
  return days;
}

function keyOf({ account, region, name }: Repository): string {
  return `${account}#${region}#${name}`;
}
