import type { DailyCounts } from '../audit/daily-ports.ts';
import type { Repository } from '../image/reference.ts';
import type { TagName } from '../image/tag-event.ts';
import type { TagHead } from '../image/tag-head.ts';
import type { Verification } from '../image/verification.ts';
import type { FollowedReference, UrgentRepository } from '../policy/followed.ts';
import type { Running } from '../workload/running.ts';
import type { LookupPorts } from './ports.ts';

/** What the overview of all repositories reads; all of it is on record anyway. */
export interface OverviewPorts
  extends Pick<LookupPorts, 'now' | 'loadTogether' | 'loadLatestScan' | 'findParents'> {
  /** Every repository in which something is shown open, or known as not scanned. */
  readonly listUrgent: () => Promise<readonly UrgentRepository[]>;
  /** All repositories on record, in the order of their keys. */
  readonly listRepositories: (of: {
    readonly account?: string | undefined;
    readonly region?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  }) => Promise<{ readonly repositories: readonly Repository[]; readonly next?: string }>;
  /** By `repositoryKey`. */
  readonly loadVerifications: (
    repositories: readonly Repository[],
  ) => Promise<ReadonlyMap<string, Verification>>;
  readonly loadFollowed: (repository: Repository, most: number) => Promise<readonly FollowedReference[]>;
  readonly loadTagHeads: (names: readonly TagName[]) => Promise<readonly (TagHead | undefined)[]>;
  /** What runs now with an image of a repository of this name; of many tasks, `mostTasks` and a few more. */
  readonly loadRunning: (
    repository: Pick<Repository, 'name'>,
    mostTasks?: number,
  ) => Promise<readonly Running[]>;
  /** What the last audit of a day counted; undefined when none was finished. */
  readonly loadAudit: () => Promise<DailyCounts | undefined>;
}
