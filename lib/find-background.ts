import type { Digest } from './image/digest.ts';
import type { Hosts } from './image/links.ts';
import { commitOf, type ImageRecord } from './image/record.ts';
import type { Image, Repository, Tag } from './image/reference.ts';
import type { TagEvent, TagName } from './image/tag-event.ts';
import { type Instant, toInstant } from './instant.ts';
import { relationOf } from './lookup/running.ts';
import { linksOf } from './lookup/source-links.ts';
import { sourceOf } from './lookup/sourced.ts';
import { type Background, type Links, longestOpen, MAX_RUNS, type Runs } from './policy/background.ts';
import type { Subject } from './policy/notice.ts';
import { NEWEST_PUSH } from './policy/policy.ts';
import type { Baseline } from './policy/tracked.ts';
import type { Running } from './workload/running.ts';

/** What is read around a notice, and where its links go. */
export interface BackgroundPorts {
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly loadImage: (image: Image) => Promise<ImageRecord | undefined>;
  readonly findParents: (image: Image) => Promise<readonly Digest[]>;
  readonly loadHistory: (
    name: TagName,
    range: { readonly at: Instant; readonly limit: number },
  ) => Promise<readonly TagEvent[]>;
  /** What runs with an image of a repository of this name, of so many of its tasks at most. */
  readonly loadRunning: (repository: Repository, mostTasks: number) => Promise<readonly Running[]>;
  readonly hosts: Hosts;
  /** Pages that every notice links to. */
  readonly links: Pick<Links, 'datadog' | 'runbook'>;
}

/** What is about to be told, with what is known of it already. */
export interface Told {
  readonly subject: Subject;
  readonly record?: ImageRecord | undefined;
  readonly tracked: readonly Baseline[];
}

/** A notice waits so long for all of it: of a message that comes in seconds nobody notices more. */
const BOUND_MS = 1500;
/** Far enough back to find who pushed an image whose tag went to and fro. */
const MOST_EVENTS = 5;
/** About 60 kB of the index; a repository that more tasks run shows the first of them. */
const MOST_TASKS = 200;
/** An image is in one index as a rule; indexes that run are read to know which of their platforms it is. */
const MOST_PARENTS = 3;

/**
 * What a reader of a notice asks next: which image it replaced and what changed in the source, who pushed it, what runs
 * it, since when it is open. Never throws and never takes longer than its bound: a part that cannot be read in time is
 * left out, and said to be.
 */
export async function findBackground(told: Told, ports: BackgroundPorts): Promise<Background> {
  const open = longestOpen(told.tracked, toInstant(ports.now()));
  const late = ports.sleep(BOUND_MS).then(() => FAILED);
  const inTime = <T>(part: Promise<T>) => Promise.race([part.catch(() => FAILED), late]);
  const parts = await Promise.all([
    inTime(sourcePart(told, ports)),
    inTime(pushedPart(told, ports)),
    inTime(runsPart(told, ports)),
  ]);
  const isPartial = parts.includes(FAILED);
  const [source, pushed, runs] = parts.map((it) =>
    it === FAILED ? {} : it,
  ) as readonly Partial<Background>[];
  const { links: ofSource, ...before } = source ?? {};
  const links = { ...ofSource, ...ports.links };
  return {
    ...{ ...before, ...pushed, ...runs },
    ...(Object.keys(links).length > 0 && { links }),
    ...(open && { open }),
    ...(isPartial && { isPartial }),
  };
}

const FAILED = Symbol('failed');

/** The page of the commit, and against the image before; what others built has none of ours. */
async function sourcePart(
  { subject, record, tracked }: Told,
  ports: BackgroundPorts,
): Promise<Pick<Background, 'before' | 'links'>> {
  const { image, tags } = subject;
  const replaced = tracked.flatMap(({ open }) => open?.digest ?? []).find((it) => it !== image.digest);
  const earlier = replaced && (await ports.loadImage({ repository: image.repository, digest: replaced }));
  const commit = earlier && commitOf(earlier)?.best.commit;
  const { build: _, ...links } = linksOf(
    sourceOf(record && { ...record, tags }),
    sourceOf(earlier || undefined),
    ports.hosts,
  );
  return {
    ...(replaced && { before: { digest: replaced, ...(commit && { commit }) } }),
    links,
  };
}

/** Only CloudTrail names who pushed: where its history was not read nobody is named. */
async function pushedPart({ subject, tracked }: Told, ports: BackgroundPorts) {
  const { image, tags } = subject;
  const followed = tracked.map(({ reference }) => reference).find((it) => it !== NEWEST_PUSH);
  const tag = (followed as Tag | undefined) ?? tags[0];
  if (tag === undefined) return {};
  const name = { repository: image.repository, tag };
  const at = toInstant(ports.now());
  const events = await ports.loadHistory(name, { at, limit: MOST_EVENTS });
  const push = events.find(({ op, digest, actor }) => op === 'push' && digest === image.digest && actor);
  return push?.actor ? { pushed: { at: push.at, by: push.actor } } : {};
}

async function runsPart(told: Told, ports: BackgroundPorts): Promise<Pick<Background, 'runs'>> {
  const { image } = told.subject;
  const running = await ports.loadRunning(image.repository, MOST_TASKS);
  const records = running.length > 0 ? await recordsOf(told, running, ports) : new Map();
  const here = running.filter((it) => {
    const relation = relationOf(it, image.digest, records);
    return relation && relation.isThatPlatform !== false;
  });
  const read = running.reduce((sum, { tasks }) => sum + tasks, 0);
  return here.length > 0 ? { runs: runsOf(here, read >= MOST_TASKS) } : {};
}

/** The image itself, and the indexes among what runs that list it. */
async function recordsOf(
  { subject: { image }, record }: Told,
  running: readonly Running[],
  ports: BackgroundPorts,
): Promise<ReadonlyMap<Digest, ImageRecord | undefined>> {
  const pulled = new Set(running.map(({ digest }) => digest));
  const isOther = record?.kind !== 'index' && [...pulled].some((it) => it !== image.digest);
  const parents = isOther ? await ports.findParents(image) : [];
  const indexes = await Promise.all(
    parents
      .filter((it) => pulled.has(it))
      .slice(0, MOST_PARENTS)
      .map((digest) => ports.loadImage({ repository: image.repository, digest })),
  );
  const known = [record, ...indexes].flatMap((it) => it ?? []);
  return new Map(known.map((it) => [it.image.digest, it]));
}

/** By workload, those with the most tasks first. */
function runsOf(running: readonly Running[], isCut: boolean): Runs {
  const tasks = new Map<string, Runs['workloads'][number]>();
  for (const { workload, tasks: count } of running) {
    const key = Object.values(workload).join(' ');
    tasks.set(key, { ...workload, tasks: (tasks.get(key)?.tasks ?? 0) + count });
  }
  const sorted = [...tasks].sort(([a, one], [b, other]) => other.tasks - one.tasks || (a < b ? -1 : 1));
  return {
    workloads: sorted.slice(0, MAX_RUNS).map(([, it]) => it),
    more: Math.max(0, sorted.length - MAX_RUNS),
    ...(isCut && { isCut }),
  };
}
