import type { DailyCounts } from '../audit/daily-ports.ts';
import type { Digest } from '../image/digest.ts';
import type { ImageRecord } from '../image/record.ts';
import { type Image, type Repository, repositoryKey, type Tag } from '../image/reference.ts';
import type { Verification } from '../image/verification.ts';
import { type Instant, toInstant } from '../instant.ts';
import type { FollowedReference } from '../policy/followed.ts';
import { NEWEST_PUSH } from '../policy/policy.ts';
import { together } from '../together.ts';
import type { Running } from '../workload/running.ts';
import { inTurns } from './in-turns.ts';
import { type NotFound, notFound } from './missing.ts';
import { type AskedRepositories, pageOf } from './overview-page.ts';
import type { OverviewPorts } from './overview-ports.ts';
import {
  isGone,
  lacksCounts,
  type Pointed,
  pointedBy,
  type ReferenceState,
  stateOf,
} from './reference-state.ts';
import { compareRepositories, type RepositoryState, repositoryState } from './repository-state.ts';
import { MOST_RUNNING, runningIn } from './running-state.ts';

/** One page of all repositories, what matters first. */
export interface RepositoriesAnswer {
  readonly found: 'list';
  readonly at: Instant;
  readonly repositories: readonly RepositoryState[];
  /** What the newest audit of a day counted in the registries; of a first page alone, absent when none was finished. */
  readonly audit?: Omit<DailyCounts, 'news'>;
  /** What `after` is for the next page; absent at the end. */
  readonly next?: string;
}

/** References of a repository that are read, and tasks that run with its images: names that nobody uses any more stay. */
const MOST_REFERENCES = 100;
const MOST_TASKS = 400;

/** What was read of a repository by itself. */
interface Read {
  readonly repository: Repository;
  readonly followed: readonly FollowedReference[];
  readonly running: readonly Running[];
}

/** What was read of all of them at once. */
interface Around {
  /** Of each followed reference that still points to something. */
  readonly pointed: ReadonlyMap<FollowedReference, Pointed>;
  readonly records: ReadonlyMap<string, ImageRecord>;
  /** The repository of each run that is on record. */
  readonly ranFrom: ReadonlyMap<Running, Repository>;
  readonly verifications: ReadonlyMap<string, Verification>;
  readonly now: Date;
}

/**
 * Answers "what is open, not scanned or running with criticals, in all repositories?" with one page of them. What it
 * costs is bounded by the page: a handful of requests for each repository, and no table is read through.
 */
export async function repositories(
  asked: AskedRepositories,
  ports: OverviewPorts,
): Promise<RepositoriesAnswer | NotFound> {
  const now = ports.now();
  const [page, audit] = await together([
    pageOf(asked, ports),
    asked.after === undefined ? ports.loadAudit() : undefined,
  ]);
  const read = await inTurns(page.repositories, (it) => readOne(it, ports));
  // What is urgent was on a page before those by name.
  const shown = read.filter(
    ({ repository, followed }) =>
      page.urgent.has(repositoryKey(repository)) || !followed.some(({ isUrgent }) => isUrgent),
  );
  if (read.length === 0 && asked.after === undefined)
    return notFound(
      'no repository is on record: none was pushed to since this was deployed, and none was held against a registry',
      'a repository is here after its first push, or a quarter of an hour after the deployment',
    );
  const around = await readAround(shown, now, ports);
  const states = await inTurns(shown, (it) => describe(it, around, ports));
  const { finishedAt, counts = [] } = audit ?? {};
  return {
    ...{ found: 'list', at: toInstant(now), repositories: [...states].sort(compareRepositories) },
    ...(finishedAt && { audit: { finishedAt, counts } }),
    ...(page.next !== undefined && { next: page.next }),
  };
}

async function readOne(repository: Repository, ports: OverviewPorts): Promise<Read> {
  const [followed, running] = await together([
    ports.loadFollowed(repository, MOST_REFERENCES),
    ports.loadRunning(repository, MOST_TASKS),
  ]);
  return { repository, followed, running };
}

/** What a request can read of many at once: where tags stand, images, runs, and when each was verified. */
async function readAround(read: readonly Read[], now: Date, ports: OverviewPorts): Promise<Around> {
  const followed = read.flatMap(({ repository, followed: all }) => all.map((it) => ({ repository, it })));
  const tagged = followed.filter(({ it }) => it.reference !== NEWEST_PUSH);
  const [heads, verifications] = await together([
    ports.loadTagHeads(tagged.map(({ repository, it }) => ({ repository, tag: it.reference as Tag }))),
    ports.loadVerifications(read.map(({ repository }) => repository)),
  ]);
  const headOf = new Map(tagged.map(({ it }, nth) => [it, heads[nth]]));
  const pointed = followed.flatMap(({ repository, it }) => {
    const to = pointedBy(it, headOf.get(it));
    return to ? [{ repository, it, to }] : [];
  });
  const running = read.flatMap((it) => it.running);
  const images = pointed.map(({ repository, to: { digest } }): Image => ({ repository, digest }));
  const { records, runs } =
    images.length + running.length > 0
      ? await ports.loadTogether(images, { running })
      : { records: [], runs: [] };
  return {
    pointed: new Map(pointed.map(({ it, to }) => [it, to])),
    records: new Map(
      records.flatMap((it) => (it ? [[keyOf(it.image.repository, it.image.digest), it] as const] : [])),
    ),
    ranFrom: new Map(running.flatMap((it, nth) => (runs[nth] ? [[it, runs[nth].repository] as const] : []))),
    ...{ verifications, now },
  };
}

async function describe(
  { repository, followed, running: all }: Read,
  around: Around,
  ports: OverviewPorts,
): Promise<RepositoryState> {
  const references = await referencesOf(repository, followed, around, ports);
  // A run that is not on record may be of a repository of the same name elsewhere: better named than left out.
  const running = all.filter((it) => {
    const from = around.ranFrom.get(it);
    return !from || repositoryKey(from) === repositoryKey(repository);
  });
  const records = new Map(
    references.flatMap(({ digest }) => {
      const record = around.records.get(keyOf(repository, digest));
      return record ? [[digest, record] as const] : [];
    }),
  );
  const verification = around.verifications.get(repositoryKey(repository));
  return repositoryState(
    {
      ...{ repository, references },
      running: await runningIn(repository, running, { references, records }, ports),
      ...(verification && { verification }),
      isWhole:
        followed.length < MOST_REFERENCES &&
        all.reduce((sum, { tasks }) => sum + tasks, 0) < MOST_TASKS &&
        new Set(running.map(({ digest }) => digest)).size <= MOST_RUNNING,
    },
    toInstant(around.now),
  );
}

/** The newest push is left out where a tag that is followed points to it. */
async function referencesOf(
  repository: Repository,
  followed: readonly FollowedReference[],
  { pointed, records, now }: Around,
  ports: OverviewPorts,
): Promise<readonly ReferenceState[]> {
  const standing = followed.flatMap((it) => {
    const to = pointed.get(it);
    const record = to && records.get(keyOf(repository, to.digest));
    return to && !isGone(record, to) ? [{ it, to, record }] : [];
  });
  const isNamed = (digest: Digest) =>
    standing.some(({ it, to }) => it.reference !== NEWEST_PUSH && to.digest === digest);
  const told = standing.filter(({ it, to }) => it.reference !== NEWEST_PUSH || !isNamed(to.digest));
  return together(
    told.map(async ({ it, to, record }) => {
      const scan = lacksCounts(it, to)
        ? await ports.loadLatestScan({ repository, digest: to.digest })
        : undefined;
      return stateOf(it, to, { record, scan, now });
    }),
  );
}

function keyOf(repository: Repository, digest: Digest): string {
  return `${repositoryKey(repository)} ${digest}`;
}
