import type { RuleFacts, ScanningFacts } from '../doctor/facts.ts';
import type { Reading } from '../doctor/reading.ts';
import type { ImageRecord } from '../image/record.ts';
import type { Repository } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import type { ScanPeek } from '../scan/peek.ts';
import type { Run } from '../workload/run.ts';
import type { Census } from './census.ts';
import type { RepositorySettings } from './settings.ts';

/** What the audit is asked. */
export interface Question {
  readonly stage: string;
  /** Names of repositories, with `*` for any text; all of them when it is empty. */
  readonly patterns: readonly string[];
  /** Names of repositories that are production whether or not anything runs. */
  readonly production: readonly string[];
  readonly olderThanDays: number;
}

/** What was read of the whole registry. */
export interface RegistryFacts {
  readonly place: Pick<Repository, 'account' | 'region'>;
  readonly scanning: Reading<ScanningFacts>;
  /** The rule that hears of its scans; undefined when nobody asked: it is another account's registry. */
  readonly heard: { readonly name: string; readonly rule: Reading<RuleFacts> } | undefined;
  /** Every repository's name, also of those that are not asked about. */
  readonly names: readonly string[];
}

/** A run of which tasks run now. */
export interface RunningRun extends Run {
  readonly tasks: number;
}

/** One image that runs: what ECS pulled, and what is known of it. */
export interface RunningImage {
  readonly digest: NonNullable<Run['digest']>;
  readonly runs: readonly [RunningRun, ...RunningRun[]];
  readonly record: ImageRecord | undefined;
  /** The scans of what of it runs; empty when it is not in the registry, or nobody knows which platforms it has. */
  readonly scans: readonly ScanPeek[];
}

/** Tagged images that are on record, and lead to no commit. */
export interface Unnamed {
  /** How many were looked at, the newest first. */
  readonly lookedAt: number;
  readonly tags: readonly string[];
}

/** What was read of one repository. */
export interface RepositoryFacts {
  readonly settings: RepositorySettings;
  readonly registry: RegistryFacts;
  readonly census: Census;
  /** Only whether there is one. */
  readonly lifecycle: Reading<true>;
  /** JSON text. */
  readonly policy: Reading<string>;
  /** Undefined where nothing tells what runs. */
  readonly running: readonly RunningImage[] | undefined;
  readonly unnamed: Unnamed | undefined;
  readonly now: Instant;
}

/** Whether people depend on a repository: one of its images runs, or it was named. */
export function isProduction(
  { running, settings }: Pick<RepositoryFacts, 'running' | 'settings'>,
  isNamed: (name: string) => boolean,
): boolean {
  return (running?.length ?? 0) > 0 || isNamed(settings.repository.name);
}
