import type { Digest } from '../image/digest.ts';
import type { ImageKind } from '../image/manifest.ts';
import type { Untrusted } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';
import type { StorageClass } from './rule.ts';

/** An image with all that a lifecycle policy looks at. */
export interface StoredImage {
  readonly digest: Digest;
  readonly kind: ImageKind;
  /** The tags that point to it now. */
  readonly tags: readonly Untrusted[];
  /** Of an index: the size of its largest manifest, which is counted there already. */
  readonly sizeBytes: number;
  readonly storageClass: StorageClass;
  readonly pushedAt: Instant;
  /** Refreshed once a day at least, while it is pulled. */
  readonly pulledAt?: Instant;
  readonly archivedAt?: Instant;
  /** When it was last restored from the archive. */
  readonly restoredAt?: Instant;
  /** Of a signature, an SBOM: the image that it is about. */
  readonly subject?: Digest;
}

/** What each index of a repository lists, as far as it is known. */
export type Listings = ReadonlyMap<Digest, readonly Digest[]>;
