import { mayBeProvenance } from './attestation/claim.ts';
import type { Digest } from './digest.ts';
import type { BlobToRead, ImageDocuments, ManifestDocument } from './documents.ts';
import { kindOf } from './manifest.ts';
import { type Descriptor, type IndexEntry, type ManifestFields, readManifest } from './manifest-fields.ts';

/** A manifest that could be read. */
interface Part {
  readonly digest: Digest;
  readonly fields: ManifestFields;
}

/** What the manifests of an image are to each other. */
export interface ImageParts {
  /** What people push and name; undefined when it cannot be read. */
  readonly top: Part | undefined;
  /** The images in it, the preferred platform first; of an image itself. */
  readonly platforms: readonly Part[];
  /** What is said about them, the preferred platform first. */
  readonly attestations: readonly Part[];
  /** What a statement has to be about to be about this image. */
  readonly subjects: ReadonlySet<Digest>;
}

/** A blob that may name the commit. */
export type NamedBlob = BlobToRead & { readonly manifest: Digest };

/** The platforms of an index that say where it is from first: the one that most people build, then as listed. */
export function inPreferredOrder(entries: readonly IndexEntry[]): readonly IndexEntry[] {
  const rank = ({ platform }: IndexEntry) =>
    ['linux/amd64', 'linux/arm64', 'linux/arm64/v8'].indexOf(platform);
  const ranked = entries.map((entry, i) => ({ entry, rank: rank(entry) < 0 ? 3 + i : rank(entry) }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ entry }) => entry);
}

/** The digest of the manifest that an attestation of an index is about, as its descriptor says. */
export function referenceOf({ annotations }: Descriptor): string | undefined {
  return annotations.get('vnd.docker.reference.digest');
}

/** Reads what there is, and finds out what belongs to what. */
export function readParts(documents: Omit<ImageDocuments, 'blobs'>): ImageParts {
  const top = readPart(documents.manifest);
  const read = new Map([...documents.children, ...documents.referrers].flatMap(toEntry));
  const images = inPreferredOrder(top?.fields.entries.filter((it) => !it.isAttestation) ?? []);
  const listed = top?.fields.entries.filter((it) => it.isAttestation) ?? [];
  const subjects = new Set([documents.manifest.digest, ...images.map(({ digest }) => digest)]);
  const order = [...subjects] as readonly string[];
  const place = (digest: string) => (order.includes(digest) ? order.indexOf(digest) : order.length);
  const about = new Map(listed.map((it) => [it.digest, referenceOf(it)]));
  const attestations = [...read.values()]
    .map((part) => ({ part, subject: about.get(part.digest) ?? part.fields.subject ?? '' }))
    .filter(({ part, subject }) => about.has(part.digest) || order.includes(subject))
    .sort((a, b) => place(a.subject) - place(b.subject));
  const isImage = top && top.fields.entries.length === 0;
  return {
    top,
    platforms: isImage ? [top] : images.flatMap(({ digest }) => read.get(digest) ?? []),
    attestations: attestations.map(({ part }) => part),
    subjects,
  };
}

/** The statements and bundles that the attestations hold, and the configs of the images. */
export function namedBlobs({ attestations, platforms }: ImageParts): readonly NamedBlob[] {
  return [
    ...attestations.flatMap((part) => part.fields.layers.flatMap((layer) => toBlob(part, layer))),
    ...platforms.flatMap(toConfig),
  ];
}

function readPart(document: ManifestDocument): Part | undefined {
  const fields = readManifest(document);
  return fields && { digest: document.digest, fields };
}

function toEntry(document: ManifestDocument): readonly (readonly [Digest, Part])[] {
  const part = readPart(document);
  return part ? [[part.digest, part]] : [];
}

function toBlob({ digest: manifest, fields }: Part, layer: Descriptor): readonly NamedBlob[] {
  const what = whatIn(layer.mediaType);
  const predicateType =
    layer.annotations.get('in-toto.io/predicate-type') ??
    layer.annotations.get('predicateType') ??
    fields.annotations.get('dev.sigstore.bundle.predicateType');
  if (!what || !mayBeProvenance(predicateType)) return [];
  const { digest, size, mediaType } = layer;
  return [{ digest, size, mediaType, what, manifest }];
}

/** Media types have had their version behind them, in two ways. https://github.com/sigstore/sigstore-js */
function whatIn(mediaType: string): 'statement' | 'bundle' | undefined {
  if (mediaType.startsWith('application/vnd.in-toto')) return 'statement';
  const isBundle = ['application/vnd.dev.sigstore.bundle', 'application/vnd.dsse.envelope'];
  return isBundle.some((it) => mediaType.startsWith(it)) ? 'bundle' : undefined;
}

function toConfig({ digest: manifest, fields }: Part): readonly NamedBlob[] {
  const { config } = fields;
  if (!config?.mediaType || kindOf(undefined, config.mediaType) !== 'image') return [];
  const { digest, size, mediaType } = config;
  return [{ digest, size, mediaType, what: 'config', manifest }];
}
