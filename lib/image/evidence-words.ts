import type { EvidenceSource, Tier } from './evidence.ts';

/** How we know a commit, in words that go behind it. Whatever anybody could have written says so. */
export const HOW: Readonly<Record<Tier, string>> = {
  signed: 'signed, and the signature is verified',
  builder: 'verified by the builder',
  'signed-unverified': 'from a signed statement, the signature not verified by us',
  'client-hint': 'claimed by whoever ran the build, unverified',
  annotation: 'from an annotation, unverified',
  label: 'from a label or the environment, unverified',
  declared: 'declared by CI, unverified',
  'tag-full': 'from the tag, unverified',
  'tag-short': 'from the tag, short and unverified',
};

const PLACES: Readonly<Record<Exclude<EvidenceSource['from'], 'tag' | 'declaration'>, string>> = {
  provenance: 'provenance',
  bundle: 'signed provenance',
  'index-annotation': 'annotation of the index',
  'descriptor-annotation': 'annotation in the index',
  'manifest-annotation': 'annotation',
  label: 'label',
  environment: 'environment variable',
};

/** Where it is said, to go behind "the": the kind of place, and the tag or field. */
export function sourceWords(source: EvidenceSource): string {
  if (source.from === 'tag') return `tag ${source.tag}`;
  if (source.from === 'declaration') return `declaration of ${source.at}`;
  return `${PLACES[source.from]} ${source.field}`;
}

/** The tag or field alone. */
export function sourceName(source: EvidenceSource): string {
  if (source.from === 'tag') return source.tag;
  return source.from === 'declaration' ? source.at : source.field;
}
