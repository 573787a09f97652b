import type { Instant } from '../instant.ts';
import type { Evidence } from './evidence.ts';
import type { ImageIndex, ImageKind } from './manifest.ts';
import type { Mark } from './mark.ts';
import type { Image, Tag } from './reference.ts';

/** What the registry says of an image now. */
export interface RegisteredImage {
  readonly image: Image;
  readonly kind: ImageKind;
  /** The tags that point to it at this moment. */
  readonly tags: readonly Tag[];
  readonly pushedAt: Instant;
}

/** What the lineage keeps of an image; of a plain image both lists of manifests are empty. */
export interface ImageRecord extends ImageIndex {
  readonly image: Image;
  readonly kind: ImageKind;
  readonly pushedAt: Instant;
  /** Every tag that ever pointed to it: which commit it is, is worked out from them when somebody asks. */
  readonly tags: readonly Tag[];
  /** What its documents say of its commit, and what was declared, the strongest first. */
  readonly evidence: readonly Evidence[];
  /** In the order of their times. */
  readonly marks: readonly Mark[];
}
