import { type ECRClient, GetLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import type { RepositoryName } from './stored-images.ts';

/** The text of a repository's lifecycle policy, or what of it is not there. Throws the SDK's error for the rest. */
export async function findLifecyclePolicy(
  ecr: ECRClient,
  { name, account }: RepositoryName,
): Promise<{ readonly text: string } | 'no-policy' | 'no-repository'> {
  try {
    const answer = await ecr.send(
      new GetLifecyclePolicyCommand({ registryId: account, repositoryName: name }),
    );
    return { text: answer.lifecyclePolicyText ?? '' };
  } catch (error) {
    if ((error as Error).name === 'LifecyclePolicyNotFoundException') return 'no-policy';
    if ((error as Error).name === 'RepositoryNotFoundException') return 'no-repository';
    throw error;
  }
}
