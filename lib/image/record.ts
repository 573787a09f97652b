import type { Instant } from '../instant.ts';
import type { ImageKind, PlatformImage } from './manifest.ts';
import type { Image, Tag } from './reference.ts';

/** What the registry says of an image now. */
export interface RegisteredImage {
  readonly image: Image;
  readonly kind: ImageKind;
  /** The tags that point to it at this moment. */
  readonly tags: readonly Tag[];
  readonly pushedAt: Instant;
}

/** What the lineage keeps of an image. */
export interface ImageRecord {
  readonly image: Image;
  readonly kind: ImageKind;
  readonly pushedAt: Instant;
  /** Of an image index; empty for a plain image. */
  readonly platforms: readonly PlatformImage[];
  /** Every tag that ever pointed to it: which commit it is, is worked out from them when somebody asks. */
  readonly tags: readonly Tag[];
  readonly archivedAt?: Instant;
  readonly deletedAt?: Instant;
}
