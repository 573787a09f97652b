import { type Digest, digestOf } from '../../lib/image/digest.ts';
import type { ImageDocuments, ManifestDocument } from '../../lib/image/documents.ts';
import { aRepository } from './lineage.ts';
import { aBundle, aStatement } from './provenance.ts';

/** Manifests and blobs as clients push them, each known by the hash of its bytes. */

const OCI = 'application/vnd.oci.image';
const EMPTY = { mediaType: 'application/vnd.oci.empty.v1+json', data: 'e30=', ...sized('{}') };

type Texts = Readonly<Record<string, string>>;

/** A provenance that somebody attaches: the version of the predicate, and the predicate. */
export interface Attached {
  readonly predicateType: string;
  readonly predicate: unknown;
  /** What it says that it is about, when that is not the image. */
  readonly subject?: Digest;
}

/** One platform of an image. */
export interface PlatformContent {
  /** `os/architecture`, with a variant behind it or not. */
  readonly platform?: string;
  readonly labels?: Texts;
  readonly env?: readonly string[];
  readonly annotations?: Texts;
  readonly descriptorAnnotations?: Texts;
  /** What BuildKit attests of it; one statement for each. */
  readonly provenance?: readonly Attached[];
}

export interface ImageContent {
  readonly platforms: readonly PlatformContent[];
  /** Of the index. */
  readonly annotations?: Texts;
  /** How BuildKit attaches: since 0.32 as an artifact with a subject, before as an annotated image. */
  readonly form?: 'artifact' | 'annotation';
  /** What is pushed as a referrer of the whole, in a Sigstore bundle. */
  readonly bundles?: readonly Attached[];
}

/** The documents of an image index, with every blob that it leads to. */
export function anIndexOf({
  platforms,
  annotations,
  form = 'artifact',
  bundles = [],
}: ImageContent): ImageDocuments {
  const blobs = new Map<Digest, string>();
  const built = platforms.map((content) => buildPlatform(content, form, blobs));
  const manifests = built.flatMap(({ image, content, attestation }) => [
    descriptor(image, { platform: toPlatform(content.platform), annotations: content.descriptorAnnotations }),
    ...attestation.map((it) =>
      descriptor(it, {
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': image.digest,
        },
      }),
    ),
  ]);
  const manifest = aManifest('index', { manifests, annotations });
  return {
    image: { repository: aRepository(), digest: manifest.digest },
    manifest,
    children: built.flatMap(({ image, attestation }) => [image, ...attestation]),
    referrers: bundles.map((it) => aReferrer(manifest, it, blobs)),
    blobs,
  };
}

/** The documents of a plain image, which has one platform and no index. */
export function aPlainImageOf(content: PlatformContent, bundles: readonly Attached[] = []): ImageDocuments {
  const blobs = new Map<Digest, string>();
  const { image, attestation } = buildPlatform(content, 'artifact', blobs);
  return {
    image: { repository: aRepository(), digest: image.digest },
    manifest: image,
    children: [],
    referrers: [...attestation, ...bundles.map((it) => aReferrer(image, it, blobs))],
    blobs,
  };
}

/** A manifest of any content. Fields that are undefined are left out. */
export function aManifest(kind: 'index' | 'manifest', fields: object): ManifestDocument {
  const mediaType = `${OCI}.${kind}.v1+json`;
  const text = JSON.stringify({ schemaVersion: 2, mediaType, ...fields });
  return { mediaType, text, digest: digestOf(text) };
}

/** A descriptor of a manifest. */
export function descriptor({ mediaType, ...document }: ManifestDocument, fields: object = {}): object {
  return { mediaType, ...sized(document.text), ...fields };
}

function buildPlatform(
  content: PlatformContent,
  form: 'artifact' | 'annotation',
  blobs: Map<Digest, string>,
) {
  const { platform, labels, env, annotations, provenance = [] } = content;
  const config = JSON.stringify({
    ...toPlatform(platform),
    config: { ...(labels && { Labels: labels }), ...(env && { Env: env }) },
    rootfs: { type: 'layers', diff_ids: [] },
  });
  const image = aManifest('manifest', {
    config: keep(config, `${OCI}.config.v1+json`, blobs),
    layers: [{ mediaType: `${OCI}.layer.v1.tar+gzip`, ...sized(`layer of ${platform}`) }],
    annotations,
  });
  const layers = provenance.map(({ subject, predicateType, predicate }) => ({
    ...keep(
      aStatement(predicateType, predicate, subject ?? image.digest),
      'application/vnd.in-toto+json',
      blobs,
    ),
    annotations: { 'in-toto.io/predicate-type': predicateType },
  }));
  const attestation = layers.length === 0 ? [] : [anAttestation(image, layers, form, blobs)];
  return { image, content, attestation };
}

function anAttestation(
  image: ManifestDocument,
  layers: readonly object[],
  form: 'artifact' | 'annotation',
  blobs: Map<Digest, string>,
): ManifestDocument {
  if (form === 'annotation') {
    const config = keep('{"architecture":"unknown","os":"unknown"}', `${OCI}.config.v1+json`, blobs);
    return aManifest('manifest', { config, layers });
  }
  return aManifest('manifest', {
    artifactType: 'application/vnd.docker.attestation.manifest.v1+json',
    config: EMPTY,
    layers,
    subject: descriptor(image),
  });
}

function aReferrer(
  to: ManifestDocument,
  { subject, predicateType, predicate }: Attached,
  blobs: Map<Digest, string>,
): ManifestDocument {
  const mediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
  const bundle = aBundle(aStatement(predicateType, predicate, subject ?? to.digest));
  return aManifest('manifest', {
    artifactType: mediaType,
    config: EMPTY,
    layers: [keep(bundle, mediaType, blobs)],
    subject: descriptor(to),
    annotations: {
      'dev.sigstore.bundle.content': 'dsse-envelope',
      'dev.sigstore.bundle.predicateType': predicateType,
    },
  });
}

function keep(text: string, mediaType: string, blobs: Map<Digest, string>): object {
  blobs.set(digestOf(text), text);
  return { mediaType, ...sized(text) };
}

function sized(text: string): { readonly digest: Digest; readonly size: number } {
  return { digest: digestOf(text), size: Buffer.byteLength(text) };
}

function toPlatform(text = 'linux/amd64'): object {
  const [os, architecture, variant] = text.split('/');
  return { os, architecture, variant };
}
