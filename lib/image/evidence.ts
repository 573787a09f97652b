import type { Instant } from '../instant.ts';
import type { Digest } from './digest.ts';
import type { ImageDocuments } from './documents.ts';
import type { Tag } from './reference.ts';
import type { Untrusted } from './untrusted.ts';

/** How strongly a source names a commit; lower is stronger. */
export const TIERS = {
  signed: 0,
  builder: 1,
  'signed-unverified': 2,
  'client-hint': 3,
  annotation: 4,
  label: 5,
  declared: 6,
  'tag-full': 7,
  'tag-short': 8,
} as const;
export type Tier = keyof typeof TIERS;

/** Where exactly it says so. `field` is always one of our own words, never text from outside. */
export type EvidenceSource =
  | { readonly from: 'tag'; readonly tag: Tag }
  | { readonly from: 'declaration'; readonly at: Instant; readonly by?: Untrusted }
  | {
      readonly from: 'provenance' | 'bundle' | 'annotation' | 'label' | 'environment';
      /** The manifest or blob that holds the field. */
      readonly document: Digest;
      readonly field: string;
    };

/** Why a source is kept and not used. */
export type Doubt =
  | 'inherited'
  | 'another-repository'
  | 'another-subject'
  | 'looks-like-a-number'
  | 'looks-like-a-hash';

/** One source that names a commit. Only these fields are ever kept of a document. */
export interface Evidence {
  /** 7 to 40 hex characters, or 64 of a SHA-256 repository. */
  readonly commit: string;
  readonly tier: Tier;
  readonly source: EvidenceSource;
  /** Without credentials. Absent when the source does not say which repository the commit is in. */
  readonly repoUrl?: Untrusted;
  /** The branch or tag that was built. */
  readonly ref?: Untrusted;
  /** The part of the repository that was built. */
  readonly directory?: Untrusted;
  /** Built with changes that are in no commit. */
  readonly isDirty?: true;
  readonly buildUrl?: Untrusted;
  /** It is not believed, and this is why; an answer shows it and does not use it. */
  readonly doubt?: Doubt;
}

/** What is known beside the documents. */
export interface KnownLineage {
  /** The source repository that the image's repository is known to be built from. */
  readonly repoUrl?: string;
  /** The commits of base images, to tell a label of one's own from an inherited one; see `basesOf`. */
  readonly baseCommits?: ReadonlyMap<Digest, readonly string[]>;
}

/** At most this much evidence is kept of an image. */
export const MAX_EVIDENCE = 10;

/** What the documents of an image say about its commit, tiers 1 to 5, the strongest first. Never throws. */
export function evidenceIn(_documents: ImageDocuments, _known: KnownLineage = {}): readonly Evidence[] {
  return [];
}

/** The base images that the documents name by digest, for `KnownLineage.baseCommits`. */
export function basesOf(_documents: ImageDocuments): readonly Digest[] {
  return [];
}

/** Both lists as one: no evidence twice, the strongest first, at most MAX_EVIDENCE. The order does not matter. */
export function mergeEvidence(known: readonly Evidence[], found: readonly Evidence[]): readonly Evidence[] {
  return [...known, ...found].slice(0, MAX_EVIDENCE);
}
