import { createHash, randomUUID } from 'node:crypto';

/** What to build; without `platforms` one plain image, with them an image index over one image per platform. */
export interface ImageSpec {
  /** `os/architecture`, such as `linux/arm64`. */
  readonly platforms?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** The same seed and labels give the same digests; random when left out. */
  readonly seed?: string;
  /** Adds an attestation manifest, as BuildKit does; this always makes an index, even over one platform. */
  readonly attestation?: boolean;
}

export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  /** The exact string whose sha256 is the digest. */
  readonly text: string;
  /** The config's media type; an image index has none. */
  readonly artifactMediaType?: string;
  /** Config and layers; of an image index, its largest child. */
  readonly sizeBytes: number;
  /** `unknown/unknown` for an attestation manifest. */
  readonly platform?: string;
}

export interface BuiltImage {
  readonly top: Manifest;
  readonly children: readonly Manifest[];
  /** Configs and layers by digest. */
  readonly blobs: ReadonlyMap<string, string>;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

type AddBlob = (mediaType: string, content: string) => Descriptor;

const indexMediaType = 'application/vnd.oci.image.index.v1+json';
const manifestMediaType = 'application/vnd.oci.image.manifest.v1+json';
const configMediaType = 'application/vnd.oci.image.config.v1+json';

/**
 * Builds manifests that a registry client can verify byte by byte. Layers are short texts: nobody unpacks them.
 * Source: https://github.com/opencontainers/image-spec/blob/main/manifest.md
 */
export function buildImage(spec: ImageSpec): BuiltImage {
  const { labels = {}, seed = randomUUID(), attestation = false } = spec;
  const blobs = new Map<string, string>();
  const addBlob: AddBlob = (mediaType, content) => {
    const descriptor = describe(mediaType, content);
    blobs.set(descriptor.digest, content);
    return descriptor;
  };
  const build = (platform: string) => buildPlatform(addBlob, platform, labels, seed);
  if (!spec.platforms && !attestation) return { top: build('linux/amd64'), children: [], blobs };

  const images = (spec.platforms ?? ['linux/amd64']).map(build);
  const [first] = images;
  if (!first) throw new Error('an image index needs at least one platform');
  const children = attestation ? [...images, buildAttestation(addBlob, first)] : images;
  return { top: buildIndex(children, first), children, blobs };
}

function buildPlatform(
  addBlob: AddBlob,
  platform: string,
  labels: Readonly<Record<string, string>>,
  seed: string,
): Manifest {
  const layer = addBlob('application/vnd.oci.image.layer.v1.tar', `${platform} ${seed}\n`);
  const config = addBlob(
    configMediaType,
    JSON.stringify({
      ...platformFields(platform),
      config: { Labels: labels },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  return buildManifest(config, layer, platform);
}

/**
 * BuildKit's provenance beside the image it speaks of.
 * Source: https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
 */
function buildAttestation(addBlob: AddBlob, image: Manifest): Manifest {
  const statement = {
    _type: 'https://in-toto.io/Statement/v0.1',
    predicateType: 'https://slsa.dev/provenance/v0.2',
    subject: [{ name: 'image', digest: { sha256: image.digest.slice('sha256:'.length) } }],
    predicate: { buildType: 'https://mobyproject.org/buildkit@v1' },
  };
  const layer = addBlob('application/vnd.in-toto+json', JSON.stringify(statement));
  const config = addBlob(
    configMediaType,
    JSON.stringify({
      ...platformFields('unknown/unknown'),
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  const annotations = { 'in-toto.io/predicate-type': statement.predicateType };
  return buildManifest(config, { ...layer, annotations }, 'unknown/unknown');
}

function buildManifest(config: Descriptor, layer: Descriptor, platform: string): Manifest {
  const text = JSON.stringify({ schemaVersion: 2, mediaType: manifestMediaType, config, layers: [layer] });
  return {
    digest: sha256(text),
    mediaType: manifestMediaType,
    text,
    artifactMediaType: config.mediaType,
    sizeBytes: config.size + layer.size,
    platform,
  };
}

function buildIndex(children: readonly Manifest[], attested: Manifest): Manifest {
  const manifests = children.map((child) => ({
    ...describe(child.mediaType, child.text),
    ...(child.platform === 'unknown/unknown' && {
      annotations: {
        'vnd.docker.reference.digest': attested.digest,
        'vnd.docker.reference.type': 'attestation-manifest',
      },
    }),
    platform: platformFields(child.platform ?? ''),
  }));
  const text = JSON.stringify({ schemaVersion: 2, mediaType: indexMediaType, manifests });
  const sizeBytes = Math.max(...children.map((child) => child.sizeBytes));
  return { digest: sha256(text), mediaType: indexMediaType, text, sizeBytes };
}

function platformFields(platform: string): Readonly<Record<string, string>> {
  const [os = '', architecture = '', variant] = platform.split('/');
  return { architecture, os, ...(variant && { variant }) };
}

function describe(mediaType: string, content: string): Descriptor {
  return { mediaType, digest: sha256(content), size: Buffer.byteLength(content) };
}

function sha256(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
