import type { Digest } from '../image/digest.ts';
import type { Tag } from '../image/reference.ts';
import type { Workload } from './workload.ts';

/** What an image is to a workload: what its tasks run, what they ran before that, or what its tag stands for. */
export interface Standing {
  readonly workload: Workload;
  readonly as: 'runs' | 'rollback' | 'followed';
  /** Tasks that run it now; none of the others do. */
  readonly tasks: number;
  /** Of a followed one: the tag in the task definition, by which the next task pulls. */
  readonly tag?: Tag;
}

/** What a repository's images are to workloads, by what ECS pulled and by the tags that it pulls by. */
export interface Standings {
  readonly byDigest: ReadonlyMap<Digest, readonly Standing[]>;
  readonly byTag: ReadonlyMap<string, readonly Standing[]>;
}
