import type { RolloutChange, TaskChange } from './intake/event.ts';
import { together } from './together.ts';
import type { Rollout } from './workload/rollout.ts';
import { runsOf, type TaskRun } from './workload/run.ts';
import type { Workload } from './workload/workload.ts';

/** What recording what runs needs from outside. */
export interface WorkloadPorts {
  readonly saveWorkload: (workload: Workload) => Promise<void>;
  readonly saveRun: (run: TaskRun['run']) => Promise<void>;
  readonly saveTask: (task: TaskRun) => Promise<void>;
  readonly saveRollout: (workload: Workload, deployment: string, rollout: Rollout) => Promise<void>;
}

/** What became of an event, in one word for the log. */
export type Observed = 'recorded' | 'no-image-of-ecr' | 'never-ran';

/** Writes down what a task or a deployment tells. Idempotent; any order ends in the same answers. */
export async function observe(event: TaskChange | RolloutChange, ports: WorkloadPorts): Promise<Observed> {
  if (event.kind === 'rollout-change') {
    await ports.saveRollout(event.workload, event.deployment, event.rollout);
    return 'recorded';
  }
  const { task } = event;
  if (task.containers.length === 0) return 'no-image-of-ecr';
  const runs = runsOf(task);
  if (runs.length === 0) return 'never-ran';
  await ports.saveWorkload(task.workload);
  await together(runs.map((it) => record(it, ports)));
  return 'recorded';
}

/** The run first: whoever finds a task may rely on it. */
async function record(task: TaskRun, ports: WorkloadPorts): Promise<void> {
  await ports.saveRun(task.run);
  await ports.saveTask(task);
}
