import type { Digest } from '../image/digest.ts';
import type { Image, Repository } from '../image/reference.ts';
import type { TagName } from '../image/tag-event.ts';
import type { Instant } from '../instant.ts';
import type { IndexedImage } from '../scan/indexed-image.ts';
import type { Rollout } from '../workload/rollout.ts';
import type { Run } from '../workload/run.ts';
import type { Running } from '../workload/running.ts';
import type { Workload } from '../workload/workload.ts';

/** What the questions about what runs, and about a CVE, read besides. */
export interface RunPorts {
  readonly loadHead: (name: TagName) => Promise<Digest | undefined>;
  readonly findParents: (image: Image) => Promise<readonly Digest[]>;
  readonly findWorkloads: (name: Pick<Workload, 'cluster' | 'name'>) => Promise<readonly Workload[]>;
  readonly loadRuns: (
    workload: Workload,
    range: { readonly at: Instant; readonly limit: number },
  ) => Promise<readonly Run[]>;
  readonly findRuns: (image: Pick<Run, 'digest' | 'repository' | 'tag'>) => Promise<readonly Run[]>;
  /** Every run of the same digest from a repository of another name. */
  readonly findRunsElsewhere: (image: Image) => Promise<readonly Run[]>;
  /** What runs now with an image of a repository of this name, whatever account's and region's. */
  readonly loadRunning: (repository: Pick<Repository, 'name'>) => Promise<readonly Running[]>;
  readonly countTasks: (run: Run) => Promise<number>;
  readonly loadRollout: (workload: Workload, deployment: string) => Promise<Rollout | undefined>;
  readonly findSightings: (id: string) => Promise<readonly Repository[]>;
  readonly listFound: (
    repository: Repository,
    page?: string,
  ) => Promise<{ readonly images: readonly IndexedImage[]; readonly next?: string }>;
}
