import type { Instant } from '../instant.ts';
import type { ImageRecord } from './record.ts';
import type { Image } from './reference.ts';
import type { Verification } from './verification.ts';

/** Images in the order that they were asked for, and when the history of a repository was verified. */
export interface Together {
  readonly records: readonly (ImageRecord | undefined)[];
  readonly verification?: Verification;
}

/** An image that the lineage knows by a commit. */
export interface CommitHit {
  /** As its strongest source names it: it may be shorter than the question. */
  readonly commit: string;
  readonly image: Image;
  readonly pushedAt: Instant;
}

/** What begins with the digest that was asked for. */
export interface DigestHits {
  readonly images: readonly Image[];
  /** The image indexes that list it, when it is a platform or an attestation. */
  readonly parents: readonly Image[];
}
