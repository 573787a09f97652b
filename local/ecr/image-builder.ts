import { randomUUID } from 'node:crypto';
import { type AttestationSpec, buildAttestation } from './attestation.ts';
import {
  type AddBlob,
  type Annotations,
  blobStore,
  describe,
  imageManifest,
  type Manifest,
  sha256,
} from './manifest.ts';

/** What to build; without `platforms` one plain image, with them an image index over one image per platform. */
export interface ImageSpec {
  /** `os/architecture`, such as `linux/arm64`. */
  readonly platforms?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** `NAME=value`, into the config. */
  readonly environment?: readonly string[];
  /** Of the image index, of its descriptors of platforms, and of each image manifest. */
  readonly annotations?: {
    readonly index?: Annotations;
    readonly descriptor?: Annotations;
    readonly manifest?: Annotations;
  };
  /** The same seed and labels give the same digests; random when left out. */
  readonly seed?: string;
  /**
   * Adds an attestation manifest for each platform, as BuildKit does; this always makes an index, even over one
   * platform. `true`: one for the first platform, that names no commit.
   */
  readonly attestation?: boolean | AttestationSpec;
}

export interface BuiltImage {
  readonly top: Manifest;
  readonly children: readonly Manifest[];
  /** Configs and layers by digest. */
  readonly blobs: ReadonlyMap<string, string>;
}

const INDEX_MEDIA_TYPE = 'application/vnd.oci.image.index.v1+json';
const CONFIG_MEDIA_TYPE = 'application/vnd.oci.image.config.v1+json';

/** Builds manifests that a registry client can verify byte by byte. Layers are short texts: nobody unpacks them. */
export function buildImage(of: ImageSpec): BuiltImage {
  const spec = { ...of, seed: of.seed ?? randomUUID() };
  const { blobs, addBlob } = blobStore();
  const build = (platform: string) => buildPlatform(addBlob, platform, spec);
  if (!spec.platforms && !spec.attestation) return { top: build('linux/amd64'), children: [], blobs };

  const images = (spec.platforms ?? ['linux/amd64']).map(build);
  if (images.length === 0) throw new Error('an image index needs at least one platform');
  const attested = attestations(addBlob, images, spec.attestation);
  const children = [...images, ...attested.keys()];
  return { top: buildIndex(images, attested, spec), children, blobs };
}

/** Each attestation manifest with the image it speaks of. */
function attestations(
  addBlob: AddBlob,
  images: readonly Manifest[],
  spec: ImageSpec['attestation'],
): ReadonlyMap<Manifest, Manifest> {
  if (!spec) return new Map();
  const subjects = spec === true ? images.slice(0, 1) : images;
  return new Map(
    subjects.map((image) => [buildAttestation(addBlob, image, spec === true ? {} : spec), image]),
  );
}

function buildPlatform(
  addBlob: AddBlob,
  platform: string,
  { labels = {}, environment, annotations, seed }: ImageSpec,
): Manifest {
  const layer = addBlob('application/vnd.oci.image.layer.v1.tar', `${platform} ${seed}\n`);
  const config = addBlob(
    CONFIG_MEDIA_TYPE,
    JSON.stringify({
      ...platformFields(platform),
      config: { Labels: labels, ...(environment && { Env: environment }) },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  return imageManifest(config, layer, platform, annotations?.manifest);
}

function buildIndex(
  images: readonly Manifest[],
  attested: ReadonlyMap<Manifest, Manifest>,
  { annotations }: ImageSpec,
): Manifest {
  const own = images.map((image) => ({
    ...describe(image.mediaType, image.text),
    ...(annotations?.descriptor && { annotations: annotations.descriptor }),
    platform: platformFields(image.platform ?? ''),
  }));
  const others = [...attested].map(([attestation, image]) => ({
    ...describe(attestation.mediaType, attestation.text),
    annotations: {
      'vnd.docker.reference.digest': image.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
    platform: platformFields('unknown/unknown'),
  }));
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: INDEX_MEDIA_TYPE,
    manifests: [...own, ...others],
    ...(annotations?.index && { annotations: annotations.index }),
  });
  const sizeBytes = Math.max(...[...images, ...attested.keys()].map((child) => child.sizeBytes));
  return { digest: sha256(text), mediaType: INDEX_MEDIA_TYPE, text, sizeBytes };
}

function platformFields(platform: string): Readonly<Record<string, string>> {
  const [os = '', architecture = '', variant] = platform.split('/');
  return { architecture, os, ...(variant && { variant }) };
}
