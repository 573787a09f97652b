import type { Instant } from '../instant.ts';
import type { Digest } from './digest.ts';
import type { Repository, Tag } from './reference.ts';
import type { Untrusted } from './untrusted.ts';

/** A tag in its repository. */
export interface TagName {
  readonly repository: Repository;
  readonly tag: Tag;
}

/** When something happened that nobody told of at the time; `notAfter` is when it was found. */
export interface Window {
  readonly notBefore?: Instant;
  readonly notAfter: Instant;
}

/** The registry that an image was replicated from; the repository has the same name there. */
export type Origin = Pick<Repository, 'account' | 'region'>;

/** Where an event was read that no rule delivered: `backfill` is CloudTrail's event history. */
export type TagEventSource = 'backfill';

/** One thing that happened to a tag. A delete has no digest: from then on the tag points to nothing. */
export interface TagEvent {
  readonly op: 'push' | 'delete';
  readonly at: Instant;
  readonly eventId: string;
  readonly digest?: Digest;
  readonly recordedAt: Instant;
  /** Present when the time is a guess: the event never came, the reconciler found what it would have said. */
  readonly window?: Window;
  /** Present when it was replicated. */
  readonly origin?: Origin;
  readonly source?: TagEventSource;
  /** Who did it, as a role or user name; only CloudTrail says. */
  readonly actor?: Untrusted;
}
