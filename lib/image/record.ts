import type { Instant } from '../instant.ts';
import type { Evidence } from './evidence.ts';
import type { ImageIndex, ImageKind } from './manifest.ts';
import type { Mark } from './mark.ts';
import { type Provenance, provenanceOf } from './provenance.ts';
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
  /** Others built it: it came through a pull-through cache. */
  readonly isUpstream?: true;
  /** What its documents say of its commit, and what was declared, the strongest first. */
  readonly evidence: readonly Evidence[];
  /** Why some of its documents could not be read, in our own words; absent when they were, or nobody has tried yet. */
  readonly unread?: string;
  /** In the order of their times. */
  readonly marks: readonly Mark[];
}

/** Which commit an image is, by all that is on record; undefined where nothing tells, or others built it. */
export function commitOf({ tags, evidence, isUpstream }: ImageRecord): Provenance | undefined {
  return isUpstream ? undefined : provenanceOf(tags, evidence);
}
