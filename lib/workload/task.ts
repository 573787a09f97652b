import type { Digest } from '../image/digest.ts';
import type { Repository, Tag } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import type { Architecture } from './architecture.ts';
import type { Workload } from './workload.ts';

/** A task of ECS as one event tells of it. */
export interface Task {
  readonly workload: Workload;
  readonly id: string;
  /** ECS counts the changes of a task: of two events the one with the higher version is the later one. */
  readonly version: number;
  /** `family:revision`. */
  readonly taskDefinition: string;
  /** Which deployment of its service started it, `ecs-svc/…`; absent for a task that no service keeps. */
  readonly deployment?: string;
  /** Absent for a task that stopped before it ran. */
  readonly startedAt?: Instant;
  readonly architecture?: Architecture;
  /** Those with an image of a registry of ECR. */
  readonly containers: readonly Container[];
}

export interface Container {
  readonly name: string;
  /** As the task definition has it. */
  readonly image: string;
  readonly repository: Repository;
  readonly tag?: Tag;
  /** What was pulled, as ECS resolved it; absent when it did not say. */
  readonly digest?: Digest;
  /** Absent while it runs. */
  readonly stoppedAt?: Instant;
}
