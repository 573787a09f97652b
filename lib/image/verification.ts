import type { Instant } from '../instant.ts';

/** How far a repository's history has been held against the registry. */
export interface Verification {
  /** When the registry was last listed. */
  readonly verifiedAt: Instant;
  /** Since when it has been listed without a long pause; before it, moves that nobody told of may be missing. */
  readonly since: Instant;
  /** Every image pushed before this has its scan on record, or was given up with a word. */
  readonly settledBefore?: Instant;
}

/** A pause longer than this may hide moves: three times the schedule. */
export const LONGEST_PAUSE_SECONDS = 45 * 60;

/** The verification at an instant, which continues the one before unless too much time has passed. */
export function verifiedAgain(
  before: Verification | undefined,
  verifiedAt: Instant,
  settledBefore: Instant | undefined,
): Verification {
  const pauseSeconds = before ? (Date.parse(verifiedAt) - Date.parse(before.verifiedAt)) / 1000 : 0;
  const since = before && pauseSeconds <= LONGEST_PAUSE_SECONDS ? before.since : verifiedAt;
  return { verifiedAt, since, ...(settledBefore && { settledBefore }) };
}
