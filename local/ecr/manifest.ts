import { createHash } from 'node:crypto';

export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  /** The exact string whose sha256 is the digest. */
  readonly text: string;
  /** The config's media type, or the artifact's own; an image index has none. */
  readonly artifactMediaType?: string;
  /** Config and layers; of an image index, its largest child. */
  readonly sizeBytes: number;
  /** `unknown/unknown` for an attestation manifest. */
  readonly platform?: string;
  /** The digest that it says it is about. */
  readonly subject?: string;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Annotations;
}

export type Annotations = Readonly<Record<string, string>>;
export type AddBlob = (mediaType: string, content: string) => Descriptor;

const MANIFEST_MEDIA_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/** Keeps blobs by digest; `addBlob` says how a manifest refers to one. */
export function blobStore(): { readonly blobs: ReadonlyMap<string, string>; readonly addBlob: AddBlob } {
  const blobs = new Map<string, string>();
  return {
    blobs,
    addBlob(mediaType, content) {
      const descriptor = describe(mediaType, content);
      blobs.set(descriptor.digest, content);
      return descriptor;
    },
  };
}

/** What hangs on to an image: its type, what it is about, and its one layer. */
export interface Artifact {
  readonly artifactType: string;
  readonly subject: Manifest;
  readonly layer: Descriptor;
  readonly annotations?: Annotations;
  readonly platform?: string;
}

/** An image manifest over one layer. Source: https://github.com/opencontainers/image-spec/blob/main/manifest.md */
export function imageManifest(
  config: Descriptor,
  layer: Descriptor,
  platform: string,
  annotations?: Annotations,
): Manifest {
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_MEDIA_TYPE,
    config,
    layers: [layer],
    ...(annotations && { annotations }),
  });
  return {
    digest: sha256(text),
    mediaType: MANIFEST_MEDIA_TYPE,
    text,
    artifactMediaType: config.mediaType,
    sizeBytes: config.size + layer.size,
    platform,
  };
}

/** A manifest without an image, about another: with the empty config, as OCI 1.1 has it. */
export function artifactManifest(addBlob: AddBlob, artifact: Artifact): Manifest {
  const { artifactType, subject, layer, annotations, platform } = artifact;
  const config = { ...addBlob('application/vnd.oci.empty.v1+json', '{}'), data: 'e30=' };
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_MEDIA_TYPE,
    artifactType,
    config,
    layers: [layer],
    subject: describe(subject.mediaType, subject.text),
    ...(annotations && { annotations }),
  });
  return {
    digest: sha256(text),
    mediaType: MANIFEST_MEDIA_TYPE,
    text,
    artifactMediaType: artifactType,
    sizeBytes: layer.size + config.size,
    subject: subject.digest,
    ...(platform && { platform }),
  };
}

export function describe(mediaType: string, content: string): Descriptor {
  return { mediaType, digest: sha256(content), size: Buffer.byteLength(content) };
}

export function sha256(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
