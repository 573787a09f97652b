import { type ECRClient, GetLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import { type Reading, reading } from '../doctor/reading.ts';
import type { Repository } from '../image/reference.ts';

/** Whether a repository has a lifecycle policy, whatever it says; absent for a repository that is gone, too. */
export function hasLifecycle(ecr: ECRClient, { account, name }: Repository): Promise<Reading<true>> {
  return reading('ecr:GetLifecyclePolicy', async () => {
    await ecr.send(new GetLifecyclePolicyCommand({ registryId: account, repositoryName: name }));
    return true as const;
  });
}
