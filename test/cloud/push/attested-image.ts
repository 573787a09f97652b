import { gzipSync } from 'node:zlib';
import { type Blob, blobOf } from './layout.ts';
import { provenance } from './provenance.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

/** What BuildKit would have built, and from which commit. */
export interface AttestedSpec {
  readonly commit: string;
  /** `os/architecture`, such as `linux/arm64`. */
  readonly platforms: readonly string[];
  /**
   * How the attestation is kept: as an image of no platform (BuildKit until 0.31), which by its media types
   * cannot be told from an image, or as an OCI artifact with a subject (0.32 and later).
   */
  readonly form: 'image' | 'artifact';
}

export interface AttestedImage {
  readonly index: Blob;
  readonly images: readonly Blob[];
  /** One for each image, in the same order. */
  readonly attestations: readonly Blob[];
  /** Everything that the index leads to: manifests, configs, layers. */
  readonly blobs: readonly Blob[];
}

/**
 * Builds an image index as BuildKit stores it: one image and one attestation manifest for each platform.
 * Source: https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md
 */
export function attestedImage(spec: AttestedSpec): AttestedImage {
  const blobs: Blob[] = [];
  const add = (...args: Parameters<typeof blobOf>): Blob => {
    const blob = blobOf(...args);
    blobs.push(blob);
    return blob;
  };
  const images = spec.platforms.map((platform) => addImage(add, platform, spec.commit));
  const attestations = images.map((image) =>
    spec.form === 'image' ? addAttestation(add, image, spec) : addArtifact(add, image, spec),
  );
  const index = blobOf('application/vnd.oci.image.index.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      ...images.map(({ descriptor }, at) => ({ ...descriptor, platform: platformOf(spec.platforms[at]) })),
      ...attestations.map(({ descriptor }, at) => ({
        ...descriptor,
        annotations: {
          'vnd.docker.reference.digest': images[at]?.descriptor.digest,
          'vnd.docker.reference.type': 'attestation-manifest',
        },
        platform: platformOf('unknown/unknown'),
      })),
    ],
  });
  return { index, images, attestations, blobs };
}

function addImage(add: typeof blobOf, platform: string, commit: string): Blob {
  const tar = Buffer.alloc(1024); // two empty blocks: a tar archive of no files
  const layer = add('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar));
  const config = add(CONFIG, {
    ...platformOf(platform),
    config: { Labels: { 'org.opencontainers.image.revision': commit } },
    rootfs: { type: 'layers', diff_ids: [blobOf('', tar).descriptor.digest] },
  });
  return add(MANIFEST, manifest(config, layer));
}

function addAttestation(add: typeof blobOf, image: Blob, spec: AttestedSpec): Blob {
  const { layer, predicateType } = addStatement(add, image, spec);
  const config = add(CONFIG, {
    ...platformOf('unknown/unknown'),
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer.descriptor.digest] },
  });
  return add(MANIFEST, manifest(config, layer, { 'in-toto.io/predicate-type': predicateType }));
}

function addArtifact(add: typeof blobOf, image: Blob, spec: AttestedSpec): Blob {
  const { layer, predicateType } = addStatement(add, image, spec);
  const config = add('application/vnd.oci.empty.v1+json', '{}');
  return add(MANIFEST, {
    ...manifest(config, layer, { 'in-toto.io/predicate-type': predicateType }),
    artifactType: 'application/vnd.docker.attestation.manifest.v1+json',
    subject: image.descriptor,
  });
}

function addStatement(
  add: typeof blobOf,
  image: Blob,
  { commit, form }: AttestedSpec,
): { readonly layer: Blob; readonly predicateType: string } {
  const statement = provenance(form === 'image' ? 'v0.2' : 'v1', image.descriptor.digest, commit);
  return {
    layer: add('application/vnd.in-toto+json', statement),
    predicateType: statement.predicateType,
  };
}

function manifest(config: Blob, layer: Blob, annotations?: Readonly<Record<string, string>>): object {
  return {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: config.descriptor,
    layers: [{ ...layer.descriptor, ...(annotations && { annotations }) }],
  };
}

function platformOf(platform = ''): Readonly<Record<string, string>> {
  const [os = '', architecture = ''] = platform.split('/');
  return { architecture, os };
}
