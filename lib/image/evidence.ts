import type { Instant } from '../instant.ts';
import { annotatedBases, annotationEvidence } from './annotations.ts';
import { attestedBases, attestedEvidence } from './attestation/attested.ts';
import { configEvidence, labelledBases } from './config-fields.ts';
import { type Digest, isDigest } from './digest.ts';
import type { ImageDocuments } from './documents.ts';
import { doubted } from './doubt.ts';
import { fieldRank } from './field.ts';
import { readParts } from './parts.ts';
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

/** Of two sources of one tier the one further up is shown first. */
const PLACES = [
  ...(['provenance', 'bundle', 'index-annotation', 'descriptor-annotation', 'manifest-annotation'] as const),
  ...(['label', 'environment', 'declaration', 'tag'] as const),
] as const;

/** Where exactly it says so. `field` is always one of our own words, never text from outside. */
export type EvidenceSource =
  | { readonly from: 'tag'; readonly tag: Tag }
  | { readonly from: 'declaration'; readonly at: Instant; readonly by?: Untrusted }
  | {
      readonly from: Exclude<(typeof PLACES)[number], 'tag' | 'declaration'>;
      /** The manifest or blob that holds the field. */
      readonly document: Digest;
      readonly field: string;
    };

/** Why a source is kept and not used. */
export type Doubt =
  /** A base image says the same of itself. */
  | 'inherited'
  /** The commit is in another repository than the one that this image is built from. */
  | 'another-repository'
  /** The statement is about none of this image's manifests. */
  | 'another-subject'
  /** Digits only: as likely a build number or a date. */
  | 'looks-like-a-number'
  /** 64 hex characters: as likely the hash of some content. */
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
  /** The source repository that the image's repository is built from, in any form. */
  readonly repoUrl?: Untrusted;
  /** The commits of base images, to tell a label of one's own from an inherited one; see `basesOf`. */
  readonly baseCommits?: ReadonlyMap<Digest, readonly string[]>;
}

/** At most this much evidence is kept of what an image's documents say, and of what was declared. */
const MAX_DOCUMENTED = 8;
const MAX_DECLARED = 2;
export const MAX_EVIDENCE = MAX_DOCUMENTED + MAX_DECLARED;

const MAX_BASES = 5;

/**
 * What the documents of an image say about its commit (tiers 1 to 5), the strongest first. A document of a form that
 * nobody knows says nothing. Never throws.
 */
export function evidenceIn(documents: ImageDocuments, known: KnownLineage = {}): readonly Evidence[] {
  const parts = readParts(documents);
  const { blobs } = documents;
  const found = [
    ...attestedEvidence(parts, blobs),
    ...annotationEvidence(parts),
    ...configEvidence(parts, blobs),
  ];
  return mergeEvidence([], doubted(once(found), known));
}

/** The base images that the documents name by digest, for `KnownLineage.baseCommits`; at most five. */
export function basesOf(documents: ImageDocuments): readonly Digest[] {
  const parts = readParts(documents);
  const { blobs } = documents;
  const bases = [...attestedBases(parts, blobs), ...annotatedBases(parts), ...labelledBases(parts, blobs)];
  return [...new Set(bases.filter(isDigest))].slice(0, MAX_BASES);
}

/** The platforms of an image say the same, each in a document of its own. */
function once(found: readonly Evidence[]): readonly Evidence[] {
  const first = new Map<string, Evidence>();
  for (const it of found) {
    const { document: _, ...same } = it.source as { readonly document?: Digest };
    const key = JSON.stringify({ ...it, source: same });
    if (!first.has(key)) first.set(key, it);
  }
  return [...first.values()];
}

/**
 * Both lists as one: no source twice, the strongest first, at most MAX_EVIDENCE. The order of merging does not matter
 * while nothing has to be left out. A doubt that was found later stays.
 */
export function mergeEvidence(known: readonly Evidence[], found: readonly Evidence[]): readonly Evidence[] {
  const bySource = new Map<string, Evidence>();
  for (const it of [...known, ...found]) {
    const key = sourceKey(it);
    const before = bySource.get(key);
    bySource.set(key, before ? preferred(before, it) : it);
  }
  const sorted = [...bySource.values()].sort(byStrength);
  const isDeclared = ({ source }: Evidence) => source.from === 'declaration';
  return [
    ...sorted.filter((it) => !isDeclared(it)).slice(0, MAX_DOCUMENTED),
    ...sorted.filter(isDeclared).slice(0, MAX_DECLARED),
  ].sort(byStrength);
}

/** What is believed before what is not, then the lower tier, the longer commit; the rest only makes the order certain. */
export function byStrength(a: Evidence, b: Evidence): number {
  return (
    Number(a.doubt !== undefined) - Number(b.doubt !== undefined) ||
    TIERS[a.tier] - TIERS[b.tier] ||
    b.commit.length - a.commit.length ||
    PLACES.indexOf(a.source.from) - PLACES.indexOf(b.source.from) ||
    rankOf(a.source) - rankOf(b.source) ||
    inOrder(sourceKey(a), sourceKey(b)) ||
    inOrder(JSON.stringify(a), JSON.stringify(b))
  );
}

function rankOf(source: EvidenceSource): number {
  return 'field' in source ? fieldRank(source.field) : 0;
}

function preferred(one: Evidence, other: Evidence): Evidence {
  const doubts = Number(other.doubt !== undefined) - Number(one.doubt !== undefined);
  const fields = Object.keys(other).length - Object.keys(one).length;
  return (doubts || fields || -inOrder(JSON.stringify(one), JSON.stringify(other))) > 0 ? other : one;
}

/** What makes a source one and the same; built of words of ours, digests, tags and times, and who declared it. */
function sourceKey({ commit, source }: Evidence): string {
  if (source.from === 'tag') return `${source.tag} ${commit}`;
  if (source.from === 'declaration') return JSON.stringify([source.at, source.by, commit]);
  return `${source.from} ${source.document} ${source.field} ${commit}`;
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
