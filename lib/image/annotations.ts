import { repoFields } from './attestation/attested.ts';
import { looksLikeNumber, parseCommit } from './commit.ts';
import type { Digest } from './digest.ts';
import type { Evidence, EvidenceSource } from './evidence.ts';
import { FIELDS } from './field.ts';
import type { ImageParts } from './parts.ts';
import { parseRepoUrl } from './repo-url.ts';

const SOURCE = 'org.opencontainers.image.source';
const BASE_DIGEST = 'org.opencontainers.image.base.digest';

type DocumentSource = Exclude<EvidenceSource, { from: 'tag' | 'declaration' }>;

/** What the annotations say: of the index, of what it lists, of the images. */
export function annotationEvidence({ top, platforms }: ImageParts): readonly Evidence[] {
  if (!top) return [];
  const { digest, fields } = top;
  const isIndex = fields.entries.length > 0;
  return [
    ...(isIndex ? annotated('index-annotation', digest, fields.annotations) : []),
    ...fields.entries
      .filter((it) => !it.isAttestation)
      .flatMap((it) => annotated('descriptor-annotation', digest, it.annotations)),
    ...platforms.flatMap((it) => annotated('manifest-annotation', it.digest, it.fields.annotations)),
  ];
}

/** The base images that annotations name. */
export function annotatedBases({ top, platforms }: ImageParts): readonly string[] {
  const all = [top?.fields, ...(top?.fields.entries ?? []), ...platforms.map(({ fields }) => fields)];
  return all.flatMap((it) => it?.annotations.get(BASE_DIGEST) ?? []);
}

function annotated(
  from: DocumentSource['from'],
  document: Digest,
  annotations: ReadonlyMap<string, string>,
): readonly Evidence[] {
  const source = { from, document, field: FIELDS.revision };
  return written(annotations.get(FIELDS.revision), annotations.get(SOURCE), 'annotation', source);
}

/** A commit that somebody wrote down beside the address of its repository; empty when it is none. */
export function written(
  text: string | undefined,
  repoUrl: string | undefined,
  tier: 'annotation' | 'label',
  source: DocumentSource,
): readonly Evidence[] {
  const commit = parseCommit(text);
  if (!commit) return [];
  return [
    {
      ...commit,
      tier,
      source,
      ...repoFields(parseRepoUrl(repoUrl), commit.commit),
      ...(looksLikeNumber(commit.commit) && { doubt: 'looks-like-a-number' }),
    },
  ];
}
