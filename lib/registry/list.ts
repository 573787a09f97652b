import { DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { parseDigest } from '../image/digest.ts';
import type { ImagePage, RepositoryPage } from '../image/listed-image.ts';
import { kindOf } from '../image/manifest.ts';
import { parseTag, type Repository } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import { isAbsent } from './absent.ts';
import { listSettings } from './settings.ts';

/** The most that ECR gives at once. */
const PAGE_SIZE = 1000;

/** One page of the repositories of the client's account and region. Throws the SDK's error. */
export async function listRepositories(ecr: ECRClient, nextToken?: string): Promise<RepositoryPage> {
  const page = await listSettings(ecr, nextToken);
  return { ...page, items: page.items.map(({ repository }) => repository) };
}

/**
 * One page of the images of a repository, archived ones with them: their tags still stand. ECR has no order of
 * time. Undefined when the repository is gone; throws the SDK's error for the rest.
 */
export async function listImages(
  ecr: ECRClient,
  repository: Repository,
  nextToken?: string,
): Promise<ImagePage> {
  try {
    const answer = await ecr.send(
      new DescribeImagesCommand({
        registryId: repository.account,
        repositoryName: repository.name,
        filter: { imageStatus: 'ANY' },
        maxResults: PAGE_SIZE,
        nextToken,
      }),
    );
    const items = (answer.imageDetails ?? []).map((it) => ({
      image: { repository, digest: parseDigest(it.imageDigest ?? '') },
      kind: kindOf(it.imageManifestMediaType, it.artifactMediaType),
      tags: (it.imageTags ?? []).map(parseTag).sort(),
      pushedAt: toInstant(it.imagePushedAt ?? new Date(0)),
      isArchived: it.imageStatus === 'ARCHIVED',
      ...(it.imageManifestMediaType && { mediaType: it.imageManifestMediaType }),
      ...(it.artifactMediaType && { artifactMediaType: it.artifactMediaType }),
    }));
    return { items, ...(answer.nextToken && { nextToken: answer.nextToken }) };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
