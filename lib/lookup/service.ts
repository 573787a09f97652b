import type { Provenance } from '../image/provenance.ts';
import { commitOf } from '../image/record.ts';
import type { Tag } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { together } from '../together.ts';
import type { Rollout } from '../workload/rollout.ts';
import type { Run } from '../workload/run.ts';
import type { Workload, WorkloadReference } from '../workload/workload.ts';
import { type NotFound, notFound } from './missing.ts';
import type { LookupPorts } from './ports.ts';

/** What a workload ran at an instant, and what it ran before. */
export interface ServiceAnswer {
  readonly found: 'one';
  readonly workload: Workload;
  readonly at: Instant;
  readonly ran: readonly ServedImage[];
  /** Runs that had ended by then, or of which no task is known to have run then; newest first. */
  readonly before: readonly ServedImage[];
  readonly bounds: ServiceBounds;
}

/** How far the answer reaches. */
interface ServiceBounds {
  /** Runs that were looked at, newest first: older ones are not in the answer. */
  readonly runsLookedAt: number;
  readonly isWhole: boolean;
  /** The earliest of them: of what ran before nothing is known here. */
  readonly earliest?: Instant;
}

export interface ServedImage extends Run {
  /** Tasks that have their part in it now. */
  readonly tasks: number;
  /** When its last task stopped; absent while one runs, and when ECS told of no end. */
  readonly until?: Instant;
  readonly rollout?: Rollout;
  /** Every tag that the image ever had; absent when the lineage does not know it. */
  readonly tags?: readonly Tag[];
  readonly provenance?: Provenance;
}

/** The question fits a workload of several accounts or regions. */
export interface SeveralWorkloads {
  readonly found: 'several';
  readonly workloads: readonly Workload[];
}

/** A workload has as many runs as deployments times containers; ECS keeps a handful of deployments active at once. */
const RUNS_LOOKED_AT = 30;
/** When none of those ran: one that was deployed in vain again and again runs something older. */
const MOST_LOOKED_AT = 300;
const BEFORE = 5;

/** Answers "which image and commit does this service run, or did it run then?" from what ECS told. */
export async function service(
  reference: WorkloadReference,
  at: Instant,
  ports: LookupPorts,
): Promise<ServiceAnswer | NotFound | SeveralWorkloads> {
  const { cluster, name, account, region } = reference;
  const candidates = (await ports.findWorkloads(reference)).filter(
    (it) => (account ?? it.account) === it.account && (region ?? it.region) === it.region,
  );
  const [workload] = candidates;
  if (!workload)
    return notFound(
      `ECS has not told of a task of ${cluster}/${name} with an image of ECR: what started before this was deployed is unknown until it changes`,
    );
  if (candidates.length > 1) return { found: 'several', workloads: candidates };
  const { runs, served, isWhole } = await runsUntil(workload, at, ports);
  if (runs.length === 0) return notFound(`${cluster}/${name} is known from later on, and not at ${at}`);
  const ran = served.filter((it) => ranAt(it, at));
  const before = served.filter((it) => !ran.includes(it)).slice(0, BEFORE);
  const [described, earlier] = await together(
    [ran, before].map((list) => together(list.map((it) => describe(it, ports)))),
  );
  const earliest = runs.at(-1)?.startedAt;
  return {
    ...{ found: 'one', workload, at, ran: described ?? [], before: earlier ?? [] },
    bounds: {
      ...{ runsLookedAt: runs.length, isWhole },
      ...(earliest && { earliest }),
    },
  };
}

/** The newest runs of an instant, with their tasks; more of them when none of the first ran then. */
async function runsUntil(
  workload: Workload,
  at: Instant,
  ports: LookupPorts,
  limit = RUNS_LOOKED_AT,
): Promise<{ runs: readonly Run[]; served: readonly ServedImage[]; isWhole: boolean }> {
  const runs = await ports.loadRuns(workload, { at, limit });
  const served = resolved(await together(runs.map((run) => withTasks(run, ports))));
  const isWhole = runs.length < limit;
  if (isWhole || limit === MOST_LOOKED_AT || served.some((it) => ranAt(it, at)))
    return { runs, served, isWhole };
  return runsUntil(workload, at, ports, MOST_LOOKED_AT);
}

async function withTasks(run: Run, ports: LookupPorts): Promise<ServedImage> {
  const tasks = await ports.countTasks(run);
  return { ...run, tasks, ...(tasks === 0 && run.lastStoppedAt && { until: run.lastStoppedAt }) };
}

/** ECS tells of a task before it knows the digest: what it said later of the same container takes its place. */
function resolved(runs: readonly ServedImage[]): readonly ServedImage[] {
  return runs.filter(
    (run) =>
      run.digest || !runs.some((it) => it.digest && it.deployment === run.deployment && it.name === run.name),
  );
}

function ranAt({ startedAt, tasks, until }: ServedImage, at: Instant): boolean {
  return startedAt <= at && (tasks > 0 || (until !== undefined && at < until));
}

async function describe(run: ServedImage, ports: LookupPorts): Promise<ServedImage> {
  const { workload, deployment, repository, digest } = run;
  const [rollout, record] = await together([
    ports.loadRollout(workload, deployment),
    digest && ports.loadImage({ repository, digest }),
  ]);
  const provenance = record && commitOf(record);
  return {
    ...run,
    ...(rollout && { rollout }),
    ...(record && { tags: record.tags }),
    ...(provenance && { provenance }),
  };
}
