import { raw, safeText } from '../image/untrusted.ts';
import type { Rollout } from '../workload/rollout.ts';
import type { Run } from '../workload/run.ts';
import { bothZones } from './time.ts';

const STATES: Readonly<Record<Rollout['state'], string>> = {
  'in-progress': 'in progress since',
  completed: 'completed at',
  failed: 'FAILED at',
};

/** How many tasks run now. */
export function tasksText({ tasks }: { readonly tasks: number }): string {
  if (tasks === 0) return 'none runs now';
  return tasks === 1 ? '1 runs now' : `${tasks} run now`;
}

/** How far a deployment is, and why. */
export function rolloutText({ state, at, reason, rollsBackTo }: Rollout): readonly string[] {
  const words = `${STATES[state]} ${bothZones(at)}`;
  return [
    reason && raw(reason) ? `${words}: ${safeText(reason, 200)}` : words,
    ...(rollsBackTo ? [`ROLLBACK: it goes back to ${rollsBackTo}`] : []),
  ];
}

/** `cluster/service`. */
export function workloadText({ workload: { cluster, name } }: Pick<Run, 'workload'>): string {
  return `${cluster}/${name}`;
}
