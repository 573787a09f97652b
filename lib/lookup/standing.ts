import type { Digest } from '../image/digest.ts';
import { type Repository, repositoryKey, type Tag } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { together } from '../together.ts';
import type { Run } from '../workload/run.ts';
import type { Running } from '../workload/running.ts';
import type { Standing, Standings } from '../workload/standing.ts';
import type { Workload } from '../workload/workload.ts';
import type { LookupPorts } from './ports.ts';

/** A workload has as many runs as deployments times containers; the image before is among the newest. */
const RUNS_LOOKED_AT = 30;

type StandingPorts = Pick<LookupPorts, 'loadRunning' | 'loadTogether' | 'loadRuns' | 'loadRollout'>;

/** Tasks that run, and their run as far as it is on record. */
interface Live {
  readonly running: Running;
  readonly run: Run | undefined;
}

/**
 * What runs an image of this repository now, and what it would go back to: of each of its containers the image
 * before, unless ECS called the deployment of that one failed.
 */
export async function standingsIn(
  repository: Repository,
  now: Instant,
  ports: StandingPorts,
): Promise<Standings> {
  const running = await ports.loadRunning(repository);
  const { runs } = await ports.loadTogether([], { running });
  // A run that is not on record may be of a repository of the same name elsewhere: better named than left out.
  const live = running
    .map((it, nth): Live => ({ running: it, run: runs[nth] }))
    .filter(({ run }) => !run || repositoryKey(run.repository) === repositoryKey(repository));
  const byWorkload = gathered(live, ({ running: it }) => nameOf(it.workload));
  const before = await together(
    [...byWorkload.values()].map((of) => rollbacksOf(of, repository, now, ports)),
  );
  return {
    byDigest: grouped([...live.map(({ running: it }) => runsNow(it)), ...before.flat()]),
    byTag: grouped(live.flatMap(({ run }) => followedBy(run))),
  };
}

function runsNow({ workload, digest, tasks }: Running): readonly [Digest, Standing] {
  return [digest, { workload, as: 'runs', tasks }];
}

/** A task definition that names a digest follows no tag, whatever stands before the digest. */
function followedBy(run: Run | undefined): readonly (readonly [Tag, Standing])[] {
  if (!run?.tag || run.image.includes('@')) return [];
  return [[run.tag, { workload: run.workload, as: 'followed', tasks: 0, tag: run.tag }]];
}

async function rollbacksOf(
  live: readonly Live[],
  repository: Repository,
  now: Instant,
  ports: StandingPorts,
): Promise<readonly (readonly [Digest, Standing])[]> {
  const workload = live[0]?.running.workload;
  if (!workload) return [];
  const runs = await ports.loadRuns(workload, { at: now, limit: RUNS_LOOKED_AT });
  const current = new Set(live.map(({ running }) => running.digest));
  const candidates = runs.filter(
    (it) =>
      it.digest && !current.has(it.digest) && repositoryKey(it.repository) === repositoryKey(repository),
  );
  const containers = gathered(
    live.flatMap(({ run }) => run ?? []),
    ({ name }) => name,
  );
  const found = await together(
    [...containers].map(([name, own]) => {
      const since = own.map(({ startedAt }) => startedAt).sort()[0] ?? now;
      const earlier = candidates.filter((it) => it.name === name && it.startedAt < since);
      return firstThatWorked(earlier, ports);
    }),
  );
  return found.flatMap((digest) =>
    digest ? [[digest, { workload, as: 'rollback', tasks: 0 }] as const] : [],
  );
}

async function firstThatWorked(
  newestFirst: readonly Run[],
  ports: StandingPorts,
): Promise<Digest | undefined> {
  for (const { workload, deployment, digest } of newestFirst) {
    const rollout = await ports.loadRollout(workload, deployment);
    if (rollout?.state !== 'failed') return digest;
  }
  return undefined;
}

function nameOf({ account, region, cluster, name }: Workload): string {
  return [account, region, cluster, name].join('#');
}

/** Node 20 has no Map.groupBy. */
function gathered<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const all = new Map<string, T[]>();
  for (const item of items) all.set(keyOf(item), [...(all.get(keyOf(item)) ?? []), item]);
  return all;
}

/** A workload once for each key and part: containers and architectures are not told apart here. */
function grouped<K>(pairs: readonly (readonly [K, Standing])[]): ReadonlyMap<K, readonly Standing[]> {
  const all = new Map<K, readonly Standing[]>();
  for (const [key, standing] of pairs) {
    const list = all.get(key) ?? [];
    const isSame = (it: Standing) =>
      it.as === standing.as && nameOf(it.workload) === nameOf(standing.workload);
    const tasks = standing.tasks + (list.find(isSame)?.tasks ?? 0);
    all.set(key, [...list.filter((it) => !isSame(it)), { ...standing, tasks }]);
  }
  return all;
}
