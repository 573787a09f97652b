import type { Instant } from '../instant.ts';
import type { Architecture } from './architecture.ts';
import type { Container, Task } from './task.ts';
import type { Workload } from './workload.ts';

/**
 * The time that a workload ran one image in one container under one deployment, over all its tasks: from the first
 * that started to the last that stopped. What identifies it never changes and its two ends only move apart, so that
 * events in any order, late or repeated, end in the same.
 */
export interface Run extends Omit<Container, 'stoppedAt'> {
  readonly workload: Workload;
  /** `ecs-svc/…`, or the task definition `family:revision` of tasks that no service keeps. */
  readonly deployment: string;
  readonly taskDefinition: string;
  readonly architecture?: Architecture;
  readonly startedAt: Instant;
  /** Of the tasks that have stopped; others may run on. Absent when none has. */
  readonly lastStoppedAt?: Instant;
}

/** One task's part in a run. */
export interface TaskRun {
  readonly run: Run;
  readonly taskId: string;
  readonly version: number;
}

/** What a task's event says of runs; nothing when the task never ran. */
export function runsOf(task: Task): readonly TaskRun[] {
  const { workload, id: taskId, version, taskDefinition, deployment, startedAt, architecture } = task;
  if (!startedAt) return [];
  return task.containers.map(({ stoppedAt, ...container }) => ({
    run: {
      ...container,
      workload,
      deployment: deployment ?? taskDefinition,
      taskDefinition,
      ...(architecture && { architecture }),
      startedAt,
      ...(stoppedAt && { lastStoppedAt: stoppedAt }),
    },
    taskId,
    version,
  }));
}
