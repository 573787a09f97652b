import type { Window } from '../image/tag-event.ts';
import { LONGEST_PAUSE_SECONDS, type Verification } from '../image/verification.ts';
import { type Instant, secondsBetween } from '../instant.ts';

/** A time in which the tag may have moved without anybody telling of it. */
export interface Gap extends Window {
  readonly notBefore: Instant;
  /** `unverified`: before the repository was held against the registry; `recent`: since it was for the last time. */
  readonly why: 'unverified' | 'recent';
}

/**
 * Where a history from `since` to `until` may miss a move: AWS's events are best effort, and only what was held
 * against the registry without a long pause is known to be whole.
 */
export function gapsIn(
  { since, until }: { readonly since: Instant; readonly until: Instant },
  verification: Verification | undefined,
): readonly Gap[] {
  if (until <= since) return [];
  if (!verification) return [{ notBefore: since, notAfter: until, why: 'unverified' }];
  const { since: whole, verifiedAt } = verification;
  const early =
    since < whole ? [{ notBefore: since, notAfter: earlier(whole, until), why: 'unverified' as const }] : [];
  const late =
    verifiedAt < until
      ? [{ notBefore: later(verifiedAt, since), notAfter: until, why: 'recent' as const }]
      : [];
  return [...early, ...late];
}

/** True for a gap that is more than the time between two looks at the registry. */
export function isLong({ why, notBefore, notAfter }: Gap): boolean {
  return why === 'unverified' || secondsBetween(notBefore, notAfter) > LONGEST_PAUSE_SECONDS;
}

function earlier(one: Instant, other: Instant): Instant {
  return one < other ? one : other;
}

function later(one: Instant, other: Instant): Instant {
  return one < other ? other : one;
}
