import * as v from 'valibot';
import { InvalidEvent } from '../errors.ts';
import { type Digest, digestOf, parseDigest } from './digest.ts';
import { type Platform, toPlatform } from './platform.ts';

/** What a manifest is: people push and name images and indexes; everything else hangs on to one of them. */
export type ImageKind = 'image' | 'index' | 'attestation' | 'cache' | 'artifact';

/** One platform of an image index. */
export interface PlatformImage {
  readonly digest: Digest;
  readonly platform: Platform;
}

/** What an image index lists. */
export interface ImageIndex {
  readonly platforms: readonly PlatformImage[];
  /** Manifests that say something about a platform and are no image themselves. */
  readonly attestations: readonly Digest[];
}

export const MANIFEST_MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

const IMAGE_CONFIGS = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);

// Some tools write null where the specification leaves a field out.
const Descriptor = v.object({
  digest: v.pipe(v.string(), v.transform(parseDigest)),
  platform: v.nullish(
    v.object({
      os: v.nullish(v.string()),
      architecture: v.nullish(v.string()),
      variant: v.nullish(v.string()),
    }),
  ),
  annotations: v.nullish(v.record(v.string(), v.string())),
});

const Manifest = v.object({ manifests: v.nullish(v.array(Descriptor), []) });

/** True for the two media types of a list of manifests (OCI and Docker). */
export function isImageIndex(mediaType: string | undefined): boolean {
  return mediaType === MANIFEST_MEDIA_TYPES[0] || mediaType === MANIFEST_MEDIA_TYPES[1];
}

/** What kind of thing the two media types of a push or an image description say it is. */
export function kindOf(mediaType: string | undefined, artifactMediaType: string | undefined): ImageKind {
  if (isImageIndex(mediaType)) return 'index';
  if (artifactMediaType === 'application/vnd.buildkit.cacheconfig.v0') return 'cache';
  if (artifactMediaType === 'application/vnd.docker.attestation.manifest.v1+json') return 'attestation';
  return artifactMediaType === undefined || IMAGE_CONFIGS.has(artifactMediaType) ? 'image' : 'artifact';
}

/**
 * What an image index lists: platform images, and attestations (platform unknown/unknown) apart from them.
 * Takes the manifest's exact text and the digest it was asked by. An image manifest lists nothing.
 * Throws InvalidEvent when the text is not that digest's manifest.
 */
export function parseIndex(text: string, digest: Digest): ImageIndex {
  if (digestOf(text) !== digest) throw new InvalidEvent(`the manifest that ECR returned is not ${digest}`);
  const { manifests } = parseManifest(text, digest);
  return {
    platforms: manifests
      .filter((it) => !isAttestation(it))
      .map((it) => ({ digest: it.digest, platform: toPlatform(it.platform ?? {}) })),
    attestations: manifests.filter(isAttestation).map((it) => it.digest),
  };
}

function parseManifest(text: string, digest: Digest): v.InferOutput<typeof Manifest> {
  try {
    return v.parse(Manifest, JSON.parse(text));
  } catch {
    throw new InvalidEvent(`not a manifest: ${digest}`);
  }
}

/**
 * True for what an index lists of manifests that say something about a platform and are no image themselves.
 * Source: https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
 */
export function isAttestation({
  platform,
  annotations,
}: Pick<v.InferOutput<typeof Descriptor>, 'platform' | 'annotations'>): boolean {
  return annotations?.['vnd.docker.reference.type'] === 'attestation-manifest' || platform?.os === 'unknown';
}
