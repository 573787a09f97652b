import { type Repository, repositoryKey } from '../image/reference.ts';
import type { Run } from '../workload/run.ts';
import type { Workload } from '../workload/workload.ts';

// As in keys.ts: every part has been checked against its grammar, none can hold a '#'.

/** `<account>#<region>#<cluster>#<name>`. */
export function workloadKey({ account, region, cluster, name }: Workload): string {
  return `${account}#${region}#${cluster}#${name}`;
}

/** Partition of everything that is known of one workload; in `by-commit` the same, its runs by their start. */
export function workloadPartition(workload: Workload): string {
  return `SVC#${workloadKey(workload)}`;
}

/** Where a workload is found when a person gives no account and region. */
export function workloadNamePartition({ cluster, name }: Pick<Workload, 'cluster' | 'name'>): string {
  return `SVCNAME#${cluster}/${name}`;
}

/** What identifies a run within its workload. */
export function runKey(run: Omit<Run, 'startedAt'>): string {
  return `${run.deployment}#${run.name}#${pulled(run)}#${run.architecture ?? 'unknown'}`;
}

/** Key of a run, of which `key` is what `runKey` says. */
export function runItemKey(workload: Workload, key: string): { pk: string; sk: string } {
  return { pk: workloadPartition(workload), sk: `D#${key}` };
}

/**
 * Partition in `by-digest` of the tasks that run now with an image of a repository of this name, whatever account's and
 * region's: an image, its platforms and the index that lists it are then found with one request.
 */
export function runningPartition({ name }: Pick<Repository, 'name'>): string {
  return `RUNS#${name}`;
}

/** Sort key there: the tasks of a run are one range. */
export function runningKey(workload: Workload, key: string, taskId: string): string {
  return `${workloadKey(workload)}#${key}#${taskId}`;
}

/** Partition of a run in `by-digest`: the digest that ECS pulled, or what it was asked for where it did not say. */
export function pulled({ digest, repository, tag }: Pick<Run, 'digest' | 'repository' | 'tag'>): string {
  return digest ?? `UNRESOLVED:${repositoryKey(repository).replaceAll('#', '/')}:${tag ?? ''}`;
}
