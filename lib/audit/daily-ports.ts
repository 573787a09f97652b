import type { Page } from '../image/listed-image.ts';
import type { Instant } from '../instant.ts';
import type { DailyWalk } from './daily.ts';
import type { AuditNews } from './news.ts';
import type { RepositoryPorts } from './ports.ts';
import type { RepositorySettings } from './settings.ts';
import type { AuditCount } from './tally.ts';

/** What the last finished audit counted in all registries. */
export interface DailyCounts {
  readonly finishedAt: Instant;
  readonly counts: readonly AuditCount[];
  /** Absent when they are as they were. */
  readonly news?: AuditNews;
}

/** What the audit of every day needs from outside; each that reads a registry is one call to AWS, which the adapter paces. */
export interface DailyPorts extends RepositoryPorts {
  /** One page of the repositories of an account, by default our own. */
  readonly listSettings: (
    account: string | undefined,
    nextToken?: string,
  ) => Promise<Page<RepositorySettings>>;
  /** Whose registries are audited beside our own. */
  readonly members: readonly string[];
  readonly loadWalk: () => Promise<DailyWalk | undefined>;
  readonly saveWalk: (walk: DailyWalk) => Promise<void>;
  readonly loadCounts: () => Promise<DailyCounts | undefined>;
  readonly saveCounts: (counts: DailyCounts) => Promise<void>;
}
