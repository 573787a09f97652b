import type { Digest } from './digest.ts';
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
export const MAX_BLOB_BYTES = 2 * 1024 * 1024;

/** The manifests of an index that are worth reading, the most useful first; none of an image. */
export function childrenToRead(_manifest: ManifestDocument): readonly Digest[] {
  return [];
}

/** True for the artifact types of referrers that may name a commit: provenance and Sigstore bundles. */
export function isReferrerToRead(_artifactType: string | undefined): boolean {
  return false;
}

/** The blobs that are worth reading, the most useful first; `labels`: whether the config blob may be read. */
export function blobsToRead(
  _documents: Omit<ImageDocuments, 'blobs'>,
  _options: { readonly labels: boolean },
): readonly BlobToRead[] {
  return [];
}
