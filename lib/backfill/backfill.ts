import { type Repository, repositoryKey } from '../image/reference.ts';
import { type Instant, type Period, toInstant } from '../instant.ts';
import { allPages } from '../reconcile/pages.ts';
import type { TagDrift } from '../reconcile/tags.ts';
import { groupBy } from './group.ts';
import { trailHint } from './hint.ts';
import type { BackfillPorts } from './ports.ts';
import { compareStanding } from './standing.ts';
import { readStretch, type TrailStretch } from './stretch.ts';
import type { TrailEvent } from './trail-event.ts';

const DAY_MS = 86_400_000;

/** Fewer events than this, and more days are read at once: each costs a call, and calls are two a second. */
const QUIET = 500;

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
  /** Some days were read; what is missing of them is sent after this returns. */
  readonly onStretch: (stretch: TrailStretch) => void;
  /** SQS has everything from this instant on that was missing; in a dry run nothing was. */
  readonly onSent: (from: Instant) => void;
  readonly onRepository: (repository: Repository) => void;
}

/**
 * Sends what CloudTrail's history and the registry know of tags and the lineage does not, through the queue that
 * AWS's own events go through. It goes backwards by days, and sends some before it reads more: after an interruption
 * everything that was sent stays, and the next run skips what is on record. Nothing is kept outside the lineage.
 */
export async function backfill(
  wanted: Wanted,
  ports: BackfillPorts,
  watching: Watching,
): Promise<Backfilled> {
  const isWanted = ({ name }: Repository) => wanted.repository === undefined || wanted.repository === name;
  const stretches: TrailStretch[] = [];
  let period = lastDays(wanted, wanted.to, 1);
  let days = 1;
  while (period) {
    const stretch = await readStretch(period, isWanted, ports);
    stretches.push(stretch);
    watching.onStretch(stretch);
    if (!wanted.isDryRun) await ports.sendPushes(stretch.missing.map(trailHint));
    watching.onSent(stretch.from);
    days = stretch.read < QUIET ? days * 4 : 1;
    period = lastDays(wanted, secondBefore(period.from), days);
  }
  const filled: Filled[] = [];
  const found = groupBy(
    stretches.flatMap((it) => it.found),
    ({ repository }) => repositoryKey(repository),
  );
  const missing = new Set(stretches.flatMap((it) => it.missing));
  for (const repository of await repositoriesOf(found, isWanted, ports)) {
    watching.onRepository(repository);
    const told = found.get(repositoryKey(repository)) ?? [];
    const { drifts } = await compareStanding(repository, told, ports);
    if (!wanted.isDryRun) await ports.sendPushes(drifts.map(({ body }) => body));
    const unknown = told.filter((it) => missing.has(it)).length;
    filled.push({
      ...{ repository, found: told.length, missing: unknown },
      drifts: drifts.map(({ op, tag, digest }) => ({ op, tag, digest })),
    });
  }
  const sum = (of: (stretch: TrailStretch) => number) => stretches.reduce((total, it) => total + of(it), 0);
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
  const there = await allPages(ports.listRepositories);
  for (const repository of there.filter(isWanted)) all.set(repositoryKey(repository), repository);
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, repository]) => repository);
}

/** The last days of a period up to `end`, from a midnight on; undefined when nothing of it is left. */
function lastDays({ from }: Period, end: Instant, days: number): Period | undefined {
  if (end < from) return undefined;
  const midnightMs = Date.parse(`${end.slice(0, 10)}T00:00:00Z`);
  const start = toInstant(new Date(midnightMs - (days - 1) * DAY_MS));
  return { from: start < from ? from : start, to: end };
}

/** CloudTrail's times are whole seconds, and it counts both ends in. */
function secondBefore(at: Instant): Instant {
  return toInstant(new Date(Date.parse(at) - 1000));
}
