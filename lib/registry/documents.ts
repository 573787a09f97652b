import { type ECRClient, GetDownloadUrlForLayerCommand } from '@aws-sdk/client-ecr';
import type { Digest } from '../image/digest.ts';
import {
  type BlobToRead,
  blobsToRead,
  childrenToRead,
  type ImageDocuments,
  type ManifestDocument,
} from '../image/documents.ts';
import type { DocumentsReading, Unread } from '../image/documents-reading.ts';
import { parseIndex } from '../image/manifest.ts';
import type { Image } from '../image/reference.ts';
import { together } from '../together.ts';
import { fetchBlob } from './blob.ts';
import { readManifests } from './manifests.ts';
import { listReferrers } from './referrers.ts';
import { troubleWith } from './trouble.ts';

/** What may be read, and for how long. */
export interface DocumentOptions {
  /**
   * Whether blobs may be read: statements, bundles, the config with its labels. One permission is for all of them, and
   * for every layer: ecr:GetDownloadUrlForLayer.
   */
  readonly blobs: boolean;
  /** Blobs may be on this machine; only for a local stack. */
  readonly allowLoopback: boolean;
  /** For everything together. */
  readonly totalMs?: number;
}

/** Whoever may push decides how much there is to read: this is where we stop. */
const MOST_REFERRERS = 10;
const MOST_PLATFORMS = 4;
const MOST_BLOBS = 6;

/** What all steps share. */
interface Walk {
  readonly ecr: ECRClient;
  readonly image: Image;
  readonly signal: AbortSignal;
  readonly unread: Unread[];
}

/**
 * Reads what the registry has about an image's origin, each piece held against its digest. One piece that cannot be
 * read costs that piece, and is said. Never throws for what the registry or whoever pushed does.
 */
export async function readDocuments(
  ecr: ECRClient,
  image: Image,
  { blobs, allowLoopback, totalMs = 12_000 }: DocumentOptions,
): Promise<DocumentsReading> {
  const walk: Walk = { ecr, image, signal: AbortSignal.timeout(totalMs), unread: [] };
  const [manifest] = await manifestsOf(walk, [image.digest]);
  if (!manifest) {
    return walk.unread.length > 0 ? { state: 'unread', unread: walk.unread } : { state: 'gone' };
  }
  const children = await manifestsOf(walk, childrenToRead(manifest));
  // What a referrer says is in its blob.
  const referrers = blobs ? await referrersOf(walk, manifest, children) : [];
  const documents = { image, manifest, children, referrers };
  const found = blobs ? await blobsOf(walk, documents, allowLoopback) : new Map();
  return { state: 'read', documents: { ...documents, blobs: found }, unread: walk.unread };
}

async function manifestsOf(walk: Walk, digests: readonly Digest[]): Promise<readonly ManifestDocument[]> {
  const reading = await attempt(walk, 'ecr:BatchGetImage', () =>
    readManifests(walk.ecr, walk.image.repository, digests, walk.signal),
  );
  walk.unread.push(...(reading?.unread ?? []));
  return reading?.manifests ?? [];
}

/** Of the image and of its platforms: attestations are made for either. */
async function referrersOf(
  walk: Walk,
  manifest: ManifestDocument,
  children: readonly ManifestDocument[],
): Promise<readonly ManifestDocument[]> {
  const { repository } = walk.image;
  const { platforms } = parseIndex(manifest.text, manifest.digest);
  const subjects = [manifest.digest, ...platforms.map(({ digest }) => digest).slice(0, MOST_PLATFORMS)];
  const lists = await together(
    subjects.map((digest) =>
      attempt(walk, 'ecr:ListImageReferrers', () =>
        listReferrers(walk.ecr, { repository, digest }, walk.signal),
      ),
    ),
  );
  const known = new Set(children.map(({ digest }) => digest));
  const digests = [...new Set(lists.flatMap((list) => list ?? []))].filter((digest) => !known.has(digest));
  return manifestsOf(walk, digests.slice(0, MOST_REFERRERS));
}

/** One after the other: together they would need more memory than a function has. */
async function blobsOf(
  walk: Walk,
  documents: Omit<ImageDocuments, 'blobs'>,
  allowLoopback: boolean,
): Promise<ReadonlyMap<Digest, string>> {
  const found = new Map<Digest, string>();
  for (const blob of blobsToRead(documents, { labels: true }).slice(0, MOST_BLOBS)) {
    const text = await attempt(walk, `the ${blob.what} ${blob.digest}`, () =>
      read(walk, blob, allowLoopback),
    );
    if (text !== undefined) found.set(blob.digest, text);
  }
  return found;
}

async function read({ ecr, image, signal }: Walk, blob: BlobToRead, allowLoopback: boolean): Promise<string> {
  const { account, region, name } = image.repository;
  const { downloadUrl = '' } = await ecr.send(
    new GetDownloadUrlForLayerCommand({
      registryId: account,
      repositoryName: name,
      layerDigest: blob.digest,
    }),
    { abortSignal: signal },
  );
  return fetchBlob(downloadUrl, blob, { region, allowLoopback });
}

/** Undefined when it failed; why is then among what is unread. */
async function attempt<T>(walk: Walk, what: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    walk.unread.push(troubleWith(what, error));
    return undefined;
  }
}
