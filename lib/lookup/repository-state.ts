import type { Repository } from '../image/reference.ts';
import { LONGEST_PAUSE_SECONDS, type Verification } from '../image/verification.ts';
import { type Instant, secondsBetween } from '../instant.ts';
import type { Severity } from '../scan/severity.ts';
import type { ReferenceState } from './reference-state.ts';
import type { RunningImage } from './running-state.ts';

/** What is open in a repository, what runs of it, and how far that is known. */
export interface RepositoryState {
  readonly repository: Repository;
  readonly standing: Standing;
  /** The worst first; empty where no scan of a followed reference was answered yet. */
  readonly references: readonly ReferenceState[];
  readonly running: readonly RunningImage[];
  /** When one of its references moved last, or what is called its newest push was pushed. */
  readonly lastPushAt?: Instant;
  readonly verification?: Verification;
  /** `late`: it was not held against the registry for longer than a walk may pause; `never`: never at all. */
  readonly history: 'verified' | 'late' | 'never';
  /** False when there are more references, or more images that run, than were read. */
  readonly isWhole: boolean;
}

/**
 * What matters most in a repository, the worst first: a service runs an image with open criticals; a reference has
 * some; an image could not be scanned, or runs without a scan; a scan is waited for; all were scanned; nothing is known.
 */
const STANDINGS = ['runs-critical', 'critical', 'not-scanned', 'waiting', 'scanned', 'unknown'] as const;
export type Standing = (typeof STANDINGS)[number];

type Known = Omit<RepositoryState, 'standing' | 'lastPushAt' | 'history'>;

/** Puts together what was read of a repository. */
export function repositoryState(known: Known, now: Instant): RepositoryState {
  const { verification } = known;
  const references = [...known.references].sort(compareReferences);
  const lastPushAt = references
    .map(({ since }) => since)
    .sort()
    .at(-1);
  const isLate = verification && secondsBetween(verification.verifiedAt, now) > LONGEST_PAUSE_SECONDS;
  return {
    ...known,
    references,
    standing: standingOf(known),
    ...(lastPushAt && { lastPushAt }),
    history: !verification ? 'never' : isLate ? 'late' : 'verified',
  };
}

function standingOf({ references, running }: Known): Standing {
  const isCritical = ({ counts }: { readonly counts?: ReferenceState['counts'] }) =>
    (counts?.CRITICAL ?? 0) > 0;
  const is = (state: ReferenceState['state']) => references.some((it) => it.state === state);
  if (running.some(isCritical)) return 'runs-critical';
  if (references.some(isCritical)) return 'critical';
  const isUnscanned = ({ counts, reference }: RunningImage) => !counts && reference === undefined;
  if (is('not-scanned') || running.some(isUnscanned)) return 'not-scanned';
  if (is('waiting')) return 'waiting';
  return references.length > 0 ? 'scanned' : 'unknown';
}

/** The worst first: by standing, by what is open in the worst of its images, by name. */
export function compareRepositories(a: RepositoryState, b: RepositoryState): number {
  const [one, other] = [a, b].map(({ repository: it }) => `${it.name} ${it.account} ${it.region}`);
  return compareRanks(repositoryRank(a), repositoryRank(b)) || ((one ?? '') < (other ?? '') ? -1 : 1);
}

function repositoryRank({ standing, references, running }: RepositoryState): readonly number[] {
  const images = [...references, ...running];
  const most = (severity: Severity) => Math.max(0, ...images.map(({ counts }) => counts?.[severity] ?? 0));
  return [STANDINGS.indexOf(standing), -most('CRITICAL'), -most('HIGH')];
}

const STATES: readonly ReferenceState['state'][] = ['not-scanned', 'waiting', 'scanned'];

function compareReferences(a: ReferenceState, b: ReferenceState): number {
  const rankOf = ({ state, counts }: ReferenceState) => [
    -(counts?.CRITICAL ?? 0),
    STATES.indexOf(state),
    -(counts?.HIGH ?? 0),
  ];
  return compareRanks(rankOf(a), rankOf(b)) || (a.reference < b.reference ? -1 : 1);
}

/** The first difference says which comes first. */
function compareRanks(a: readonly number[], b: readonly number[]): number {
  return a.map((it, nth) => it - (b[nth] ?? 0)).find((it) => it !== 0) ?? 0;
}
