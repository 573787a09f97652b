import { type ECRClient, GetRepositoryPolicyCommand } from '@aws-sdk/client-ecr';
import { type Reading, reading } from '../doctor/reading.ts';
import type { Repository } from '../image/reference.ts';

/** The text of a repository's policy; absent where it has none. */
export function readRepositoryPolicy(
  ecr: ECRClient,
  { account, name }: Repository,
): Promise<Reading<string>> {
  return reading('ecr:GetRepositoryPolicy', async () => {
    const { policyText } = await ecr.send(
      new GetRepositoryPolicyCommand({ registryId: account, repositoryName: name }),
    );
    return policyText;
  });
}
