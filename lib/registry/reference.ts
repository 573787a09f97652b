import { DescribeImagesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { parseDigest } from '../image/digest.ts';
import type { RegisteredImage } from '../image/record.ts';
import type { Reference } from '../image/reference.ts';
import { isAbsent } from './absent.ts';
import { toRegistered } from './image.ts';

/** What a name stands for at this moment, or what of it is not there. */
export type Resolved = RegisteredImage | 'no-repository' | 'no-image';

/**
 * The image that a tag, or a digest, names now; without an account, in the registry of the caller. A digest goes
 * before a tag. Throws the SDK's error when ECR cannot be asked.
 */
export async function resolveReference(
  ecr: ECRClient,
  { account, name, tag, digest }: Pick<Reference, 'account' | 'name' | 'tag' | 'digest'>,
): Promise<Resolved> {
  const region = await ecr.config.region();
  const command = new DescribeImagesCommand({
    registryId: account,
    repositoryName: name,
    imageIds: [digest ? { imageDigest: digest } : { imageTag: tag }],
  });
  try {
    const { imageDetails } = await ecr.send(command);
    const [it] = imageDetails ?? [];
    if (!it?.imageDigest) return 'no-image';
    const repository = { account: it.registryId ?? account ?? '', region, name };
    return toRegistered({ repository, digest: parseDigest(it.imageDigest) }, it);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return (error as Error).name === 'RepositoryNotFoundException' ? 'no-repository' : 'no-image';
  }
}
