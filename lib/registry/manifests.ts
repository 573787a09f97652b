import { BatchGetImageCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { type Digest, digestOf } from '../image/digest.ts';
import type { ManifestDocument } from '../image/documents.ts';
import type { Unread } from '../image/documents-reading.ts';
import { MANIFEST_MEDIA_TYPES } from '../image/manifest.ts';
import type { Repository } from '../image/reference.ts';
import { isAbsent } from './absent.ts';

/** Manifests by digest: what is gone is not among them, and what could not be read is said. */
export interface ManifestsReading {
  readonly manifests: readonly ManifestDocument[];
  readonly unread: readonly Unread[];
}

const GONE = /^Image(NotFound|TagDoesNotMatchDigest)$/;

/**
 * Reads manifests, at most 100 at once (by ECR), each held against its digest. All four media types are asked for:
 * without them ECR may convert. Throws the SDK's error when ECR cannot be asked.
 */
export async function readManifests(
  ecr: ECRClient,
  { account, name }: Repository,
  digests: readonly Digest[],
  abortSignal: AbortSignal,
): Promise<ManifestsReading> {
  if (digests.length === 0) return { manifests: [], unread: [] };
  const answer = await ecr
    .send(
      new BatchGetImageCommand({
        registryId: account,
        repositoryName: name,
        imageIds: digests.map((imageDigest) => ({ imageDigest })),
        acceptedMediaTypes: [...MANIFEST_MEDIA_TYPES],
      }),
      { abortSignal },
    )
    .catch((error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw error;
    });
  const { images = [], failures = [] } = answer ?? {};
  const manifests = images.flatMap(({ imageManifest: text, imageManifestMediaType: mediaType = '' }) =>
    text === undefined ? [] : [{ digest: digestOf(text), mediaType, text }],
  );
  const asked = manifests.filter(({ digest }) => digests.includes(digest));
  return {
    manifests: asked,
    unread: [...forged(manifests.length - asked.length), ...failures.flatMap(failed)],
  };
}

function forged(count: number): readonly Unread[] {
  return count > 0 ? [{ why: 'a manifest is not what its digest says', mayPass: false }] : [];
}

/** Upstream registries come back; keys that nobody may use, and archived images, do not by themselves. */
function failed({
  failureCode = 'no reason given',
}: {
  failureCode?: string | undefined;
}): readonly Unread[] {
  if (GONE.test(failureCode)) return [];
  return [{ why: `a manifest: ${failureCode}`, mayPass: failureCode.startsWith('Upstream') }];
}
