import { DescribeImagesCommand, type ECRClient, type ImageDetail } from '@aws-sdk/client-ecr';
import { parseDigest } from '../image/digest.ts';
import { kindOf } from '../image/manifest.ts';
import type { Repository } from '../image/reference.ts';
import { untrusted } from '../image/untrusted.ts';
import { toInstant } from '../instant.ts';
import type { StoredImage } from '../lifecycle/stored-image.ts';

/** The most that ECR gives at once. */
const PAGE_SIZE = 1000;

/** A repository as far as a caller names it: without an account it is the caller's own. */
export type RepositoryName = Pick<Repository, 'name'> & { readonly account?: string | undefined };

/** All images of a repository, archived ones with them. */
export interface Stored {
  readonly images: readonly StoredImage[];
  /** The account whose registry answered; absent for a repository without images. */
  readonly account?: string;
}

/**
 * Reads all images of a repository with what a lifecycle policy looks at; undefined when there is no such repository.
 * `onPage` is told how many there are so far. Throws the SDK's error.
 */
export async function listStoredImages(
  ecr: ECRClient,
  { name, account }: RepositoryName,
  onPage: (soFar: number) => void = () => undefined,
): Promise<Stored | undefined> {
  const details: ImageDetail[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const command = new DescribeImagesCommand({
        ...{ registryId: account, repositoryName: name, filter: { imageStatus: 'ANY' } },
        ...{ maxResults: PAGE_SIZE, nextToken },
      });
      const answer = await ecr.send(command);
      details.push(...(answer.imageDetails ?? []));
      nextToken = answer.nextToken;
      onPage(details.length);
    } while (nextToken);
  } catch (error) {
    if ((error as Error).name === 'RepositoryNotFoundException') return undefined;
    throw error;
  }
  const registry = details[0]?.registryId ?? account;
  return { images: details.map(toStored), ...(registry && { account: registry }) };
}

function toStored(it: ImageDetail): StoredImage {
  return {
    digest: parseDigest(it.imageDigest ?? ''),
    kind: kindOf(it.imageManifestMediaType, it.artifactMediaType),
    tags: [...(it.imageTags ?? [])].sort().map(untrusted),
    sizeBytes: it.imageSizeInBytes ?? 0,
    // One that is being restored can soon be pulled again: it counts as restored.
    storageClass: it.imageStatus === 'ARCHIVED' ? 'archive' : 'standard',
    pushedAt: toInstant(it.imagePushedAt ?? new Date(0)),
    ...(it.lastRecordedPullTime && { pulledAt: toInstant(it.lastRecordedPullTime) }),
    ...(it.lastArchivedAt && { archivedAt: toInstant(it.lastArchivedAt) }),
    ...(it.lastActivatedAt && { restoredAt: toInstant(it.lastActivatedAt) }),
    ...(it.subjectManifestDigest && { subject: parseDigest(it.subjectManifestDigest) }),
  };
}
