import type { Instant } from '../instant.ts';
import type { Digest } from './digest.ts';

/** Where the lineage says that a tag stands. */
export interface TagHead {
  /** Absent when the tag is deleted, or when only a hint about it has been sent so far. */
  readonly digest?: Digest;
  /** The time of its newest event. */
  readonly at?: Instant;
  /** What was last found missing about it. */
  readonly hinted?: TagHint;
}

/** A hint about a tag that was sent: to which digest, or without one that it is gone. */
export interface TagHint {
  readonly digest?: Digest;
  readonly at: Instant;
}
