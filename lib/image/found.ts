import type { Instant } from '../instant.ts';
import type { Image, Repository } from './reference.ts';
import type { Verification } from './verification.ts';

/** A repository that was found by its name, and when it was last held against the registry. */
export interface NamedRepository {
  readonly repository: Repository;
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
