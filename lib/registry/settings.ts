import { DescribeRepositoriesCommand, type ECRClient } from '@aws-sdk/client-ecr';
import type { RepositorySettings } from '../audit/settings.ts';
import type { Page } from '../image/listed-image.ts';
import { parseRepositoryName } from '../image/reference.ts';

/** The most that ECR gives at once. */
const PAGE_SIZE = 1000;

/** One page of how the repositories of the client's account and region are set up. Throws the SDK's error. */
export async function listSettings(ecr: ECRClient, nextToken?: string): Promise<Page<RepositorySettings>> {
  const answer = await ecr.send(new DescribeRepositoriesCommand({ maxResults: PAGE_SIZE, nextToken }));
  const items = (answer.repositories ?? []).flatMap((it) => {
    const { registryId, repositoryName, repositoryArn } = it;
    const region = repositoryArn?.split(':')[3];
    if (!registryId || !repositoryName || !region) return [];
    return [
      {
        repository: { account: registryId, region, name: parseRepositoryName(repositoryName) },
        mutability: it.imageTagMutability ?? 'MUTABLE',
        exclusions: (it.imageTagMutabilityExclusionFilters ?? []).flatMap(({ filter }) => filter ?? []),
        scansOnPush: it.imageScanningConfiguration?.scanOnPush ?? false,
      },
    ];
  });
  return { items, ...(answer.nextToken && { nextToken: answer.nextToken }) };
}
