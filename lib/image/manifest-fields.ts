import * as v from 'valibot';
import type { Digest } from './digest.ts';
import type { ManifestDocument } from './documents.ts';
import { lenient, lenientDigest, lenientList, lenientText, lenientTexts, readJson } from './lenient.ts';
import { isAttestation, isImageIndex } from './manifest.ts';
import { type Platform, toPlatform } from './platform.ts';

/** What a manifest says of another document. */
export interface Descriptor {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly annotations: ReadonlyMap<string, string>;
}

/** What an index lists, an image or what is said of one. */
export interface IndexEntry extends Descriptor {
  readonly platform: Platform;
  readonly isAttestation: boolean;
}

/** The fields of a manifest or an index that matter for where it comes from. */
export interface ManifestFields {
  readonly annotations: ReadonlyMap<string, string>;
  readonly artifactType?: string;
  readonly config?: Descriptor;
  readonly subject?: Digest;
  /** Empty of an index. */
  readonly layers: readonly Descriptor[];
  /** Empty of an image. */
  readonly entries: readonly IndexEntry[];
}

/** No registry takes a manifest that is larger (4 MiB). https://github.com/opencontainers/distribution-spec */
const MAX_MANIFEST_CHARACTERS = 4 * 1024 * 1024;

const RawDescriptor = v.object({
  digest: lenientDigest,
  mediaType: lenientText,
  size: lenient(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  annotations: lenientTexts,
  platform: lenient(v.object({ os: lenientText, architecture: lenientText, variant: lenientText })),
});

const RawManifest = v.object({
  artifactType: lenientText,
  annotations: lenientTexts,
  config: lenient(RawDescriptor),
  subject: lenient(RawDescriptor),
  layers: lenientList(RawDescriptor),
  manifests: lenientList(RawDescriptor),
});

/**
 * Reads a manifest or an index. Its media type, as the registry gives it, says which of both it is: a text with the
 * fields of both is read as that one only. Undefined when the text is no JSON object.
 * Source: https://github.com/opencontainers/image-spec/security/advisories/GHSA-77vh-xpmg-72qh
 */
export function readManifest({ text, mediaType }: ManifestDocument): ManifestFields | undefined {
  const manifest = readJson(RawManifest, text, MAX_MANIFEST_CHARACTERS);
  if (!manifest) return undefined;
  const { artifactType, annotations, subject } = manifest;
  const isIndex = isImageIndex(mediaType);
  const config = isIndex ? undefined : toDescriptors([manifest.config])[0];
  return {
    annotations,
    ...(artifactType !== undefined && { artifactType }),
    ...(config && { config }),
    ...(subject?.digest && { subject: subject.digest }),
    layers: isIndex ? [] : toDescriptors(manifest.layers),
    entries: isIndex ? manifest.manifests.flatMap(toEntries) : [],
  };
}

type RawOne = v.InferOutput<typeof RawDescriptor>;

function toDescriptors(raw: readonly (RawOne | undefined)[]): readonly Descriptor[] {
  return raw.flatMap((it) => {
    if (!it?.digest) return [];
    const { digest, mediaType = '', size = 0, annotations } = it;
    return [{ digest, mediaType, size, annotations }];
  });
}

function toEntries(raw: RawOne): readonly IndexEntry[] {
  const { platform = {}, annotations } = raw;
  const isAbout = isAttestation({ platform, annotations: Object.fromEntries(annotations) });
  return toDescriptors([raw]).map((it) => ({
    ...it,
    platform: toPlatform(platform),
    isAttestation: isAbout,
  }));
}
