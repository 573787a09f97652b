import type { Digest } from './digest.ts';
import { isImageIndex } from './manifest.ts';
import { readManifest } from './manifest-fields.ts';
import { inPreferredOrder, namedBlobs, readParts, referenceOf } from './parts.ts';
import type { Image } from './reference.ts';

/** A manifest as the registry returned it: `digest` is the hash of `text`, checked by whoever read it. */
export interface ManifestDocument {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly text: string;
}

/** Everything that was read of an image to find out which commit it is. Whatever is missing is simply not there. */
export interface ImageDocuments {
  readonly image: Image;
  /** What people push and name: an image or an index. */
  readonly manifest: ManifestDocument;
  /** Of an index: what of it was read, attestation manifests included. */
  readonly children: readonly ManifestDocument[];
  /** What says that it is about the image or one of its platforms (ListImageReferrers). */
  readonly referrers: readonly ManifestDocument[];
  /** Fetched and held against their digest: in-toto statements, Sigstore bundles, the config of one platform. */
  readonly blobs: ReadonlyMap<Digest, string>;
}

/** A blob that may name the commit; `size` in bytes, as its descriptor says. */
export interface BlobToRead {
  readonly digest: Digest;
  readonly size: number;
  readonly mediaType: string;
  readonly what: 'statement' | 'bundle' | 'config';
}

/** No blob that is larger than this, in bytes, is worth reading. */
export const MAX_BLOB_BYTES = 1024 * 1024;

/** How many are worth reading: provenance of the platforms normally agrees, and so do their configs. */
const MOST = { children: 10, statement: 2, bundle: 3, config: 1 } as const;

const REFERRERS = [
  'application/vnd.docker.attestation.manifest',
  'application/vnd.dev.sigstore.bundle',
  'application/vnd.dsse.envelope',
  'application/vnd.in-toto',
];

/** The manifests of an index that are worth reading, the most useful first, at most ten; none of an image. */
export function childrenToRead(manifest: ManifestDocument): readonly Digest[] {
  if (!isImageIndex(manifest.mediaType)) return [];
  const entries = readManifest(manifest)?.entries ?? [];
  const images = inPreferredOrder(entries.filter((it) => !it.isAttestation));
  const attestations = entries.filter((it) => it.isAttestation);
  const withTheirs = images.flatMap((image) => [
    image.digest,
    ...attestations.filter((it) => referenceOf(it) === image.digest).map(({ digest }) => digest),
  ]);
  return [...new Set([...withTheirs, ...attestations.map(({ digest }) => digest)])].slice(0, MOST.children);
}

/** True for the artifact types of referrers that may name a commit: provenance, and bundles of Sigstore's. */
export function isReferrerToRead(artifactType: string | undefined): boolean {
  return REFERRERS.some((it) => artifactType?.startsWith(it));
}

/** The blobs that are worth reading, the most useful first, at most six; `labels`: whether the config may be read. */
export function blobsToRead(
  documents: Omit<ImageDocuments, 'blobs'>,
  options: { readonly labels: boolean },
): readonly BlobToRead[] {
  const blobs = new Map(namedBlobs(readParts(documents)).map((it) => [it.digest, it]));
  const readable = [...blobs.values()].filter(({ size }) => size <= MAX_BLOB_BYTES);
  const statements = readable.filter(({ what }) => what === 'statement');
  // One platform's are enough.
  const first = statements.filter(({ manifest }) => manifest === statements[0]?.manifest);
  const chosen = [
    ...first.slice(0, MOST.statement),
    ...readable.filter(({ what }) => what === 'bundle').slice(0, MOST.bundle),
    ...(options.labels ? readable.filter(({ what }) => what === 'config').slice(0, MOST.config) : []),
  ];
  return chosen.map(({ manifest: _, ...blob }) => blob);
}
