import { DescribeImagesCommand, type ECRClient, ListImageReferrersCommand } from '@aws-sdk/client-ecr';
import { type Digest, parseDigest } from '../image/digest.ts';
import { isReferrerToRead } from '../image/documents.ts';
import type { Image } from '../image/reference.ts';
import { isAbsent } from './absent.ts';

/** The most that ECR gives at once, and how many pages of them are looked through. */
const PAGE_SIZE = 50;
const MOST_PAGES = 4;

/**
 * The manifests that say they are about an image and may name its commit. Whoever may push can push any number of
 * them: so many pages are looked through and no more. Throws the SDK's error.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html
 */
export async function listReferrers(
  ecr: ECRClient,
  { repository, digest }: Image,
  abortSignal: AbortSignal,
): Promise<readonly Digest[]> {
  const found: Digest[] = [];
  let nextToken: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await ecr.send(
      new ListImageReferrersCommand({
        registryId: repository.account,
        repositoryName: repository.name,
        subjectId: { imageDigest: digest },
        maxResults: PAGE_SIZE,
        nextToken,
      }),
      { abortSignal },
    );
    const worthwhile = (page.referrers ?? []).filter((it) => isReferrerToRead(it.artifactType));
    found.push(...worthwhile.map((it) => parseDigest(it.digest ?? '')));
    nextToken = page.nextToken;
    if (!nextToken) break;
  }
  return found;
}

/** What a manifest says it is about; undefined when it says nothing of the kind, or is gone. Throws the SDK's error. */
export async function findSubject(
  ecr: ECRClient,
  { repository, digest }: Image,
): Promise<Digest | undefined> {
  try {
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({
        registryId: repository.account,
        repositoryName: repository.name,
        imageIds: [{ imageDigest: digest }],
      }),
    );
    const subject = imageDetails?.[0]?.subjectManifestDigest;
    return subject ? parseDigest(subject) : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
