import { NO_IMAGES } from '../../lib/audit/census.ts';
import type { RepositoryFacts, RunningImage } from '../../lib/audit/facts.ts';
import type { Instant } from '../../lib/instant.ts';
import { aRun } from './ecs.ts';
import { aDigest, aRepository, at } from './lineage.ts';

export function aRunningImage(overrides: Partial<RunningImage> = {}): RunningImage {
  return {
    digest: aDigest('a'),
    runs: [{ ...aRun(), tasks: 1 }],
    record: undefined,
    scans: [],
    ...overrides,
  };
}

/** A repository that is set up well, of which one image runs, as it was at noon on 20 November 2026. */
export function repositoryFacts(overrides: Partial<RepositoryFacts> = {}): RepositoryFacts {
  const repository = aRepository();
  const rules = [{ frequency: 'SCAN_ON_PUSH', filters: ['*'] }];
  return {
    settings: { repository, mutability: 'IMMUTABLE', exclusions: [], scansOnPush: false },
    registry: {
      place: repository,
      scanning: { state: 'found', value: { type: 'BASIC', rules } },
      ...{ heard: undefined, names: [repository.name] },
    },
    census: { ...NO_IMAGES, images: 1, listed: listedAt(at('02:00')) },
    lifecycle: { state: 'found', value: true },
    policy: { state: 'absent' },
    ...{ running: [aRunningImage()], unnamed: undefined, now: at('12:00') },
    ...overrides,
  };
}

/** The image that runs, pushed at that time. */
export function listedAt(pushedAt: Instant): RepositoryFacts['census']['listed'] {
  return new Map([[aDigest('a'), { isArchived: false, pushedAt, kind: 'image' as const }]]);
}
