import type { Digest } from '../image/digest.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Verification } from '../image/verification.ts';
import type { Run } from './run.ts';
import type { Workload } from './workload.ts';

/** A run of which tasks run now: as much as can be told of it without reading it. */
export interface Running {
  readonly workload: Workload;
  /** What identifies it within its workload. */
  readonly key: string;
  /** What ECS pulled. */
  readonly digest: Digest;
  readonly architecture?: NonNullable<Run['architecture']>;
  readonly tasks: number;
}

/** Images and runs in the order that they were asked for, and when the history of a repository was verified. */
export interface Together {
  readonly records: readonly (ImageRecord | undefined)[];
  readonly runs: readonly (Run | undefined)[];
  readonly verification?: Verification;
}
