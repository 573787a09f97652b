import {
  DescribeImagesCommand,
  DescribePullThroughCacheRulesCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
  GetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { type Reading, reading } from '../doctor/reading.ts';
import { parseDigest } from '../image/digest.ts';
import type { Repository } from '../image/reference.ts';
import { type Instant, toInstant } from '../instant.ts';
import type { ImageFacts, ImageReference, RepositoryFacts } from '../troubleshoot/facts.ts';
import { listImages } from './list.ts';

/** Enough to see what somebody meant; an account may have 100,000. */
const MOST_NAMES = 10_000;

/** Until when a token would be good that ECR gives out now. The token itself goes nowhere. */
export function readToken(ecr: ECRClient): Promise<Reading<Instant>> {
  return reading('ecr:GetAuthorizationToken', async () => {
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    const endsAt = authorizationData?.[0]?.expiresAt;
    return endsAt && toInstant(endsAt);
  });
}

/** A repository's settings. */
export function readRepository(
  ecr: ECRClient,
  { account, name }: Repository,
): Promise<Reading<RepositoryFacts>> {
  return reading('ecr:DescribeRepositories', async () => {
    const { repositories } = await ecr.send(
      new DescribeRepositoriesCommand({ registryId: account, repositoryNames: [name] }),
    );
    const [it] = repositories ?? [];
    const key = it?.encryptionConfiguration?.kmsKey;
    return (
      it && {
        mutability: it.imageTagMutability ?? 'MUTABLE',
        exclusions: (it.imageTagMutabilityExclusionFilters ?? []).flatMap(({ filter }) => filter ?? []),
        ...(key && { key }),
      }
    );
  });
}

/** The names of an account's repositories. */
export function listNames(ecr: ECRClient, account: string): Promise<Reading<readonly string[]>> {
  return reading('ecr:DescribeRepositories', async () => {
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ecr.send(
        new DescribeRepositoriesCommand({ registryId: account, maxResults: 1000, nextToken }),
      );
      names.push(...(page.repositories ?? []).flatMap(({ repositoryName }) => repositoryName ?? []));
      nextToken = page.nextToken;
    } while (nextToken && names.length < MOST_NAMES);
    return names;
  });
}

/** Prefixes of what comes into being by a push (creation templates), or by a pull (cache rules); in the caller's registry. */
export function readMakers(ecr: ECRClient, direction: 'push' | 'pull'): Promise<Reading<readonly string[]>> {
  return direction === 'push' ? readTemplates(ecr) : readCacheRules(ecr);
}

function readTemplates(ecr: ECRClient): Promise<Reading<readonly string[]>> {
  return reading('ecr:DescribeRepositoryCreationTemplates', async () => {
    const answer = await ecr.send(new DescribeRepositoryCreationTemplatesCommand({ maxResults: 1000 }));
    return (answer.repositoryCreationTemplates ?? []).flatMap(({ prefix, appliedFor }) =>
      prefix && appliedFor?.includes('CREATE_ON_PUSH') ? [prefix] : [],
    );
  });
}

function readCacheRules(ecr: ECRClient): Promise<Reading<readonly string[]>> {
  return reading('ecr:DescribePullThroughCacheRules', async () => {
    const answer = await ecr.send(new DescribePullThroughCacheRulesCommand({ maxResults: 1000 }));
    return (answer.pullThroughCacheRules ?? []).flatMap((it) => it.ecrRepositoryPrefix ?? []);
  });
}

/** A repository's own policy, a JSON text; absent when it has none. */
export function readPolicy(ecr: ECRClient, { account, name }: Repository): Promise<Reading<string>> {
  return reading('ecr:GetRepositoryPolicy', async () => {
    const { policyText } = await ecr.send(
      new GetRepositoryPolicyCommand({ registryId: account, repositoryName: name }),
    );
    return policyText;
  });
}

/** What ECR says of the image behind a tag or a digest. */
export function readImage(
  ecr: ECRClient,
  { account, name }: Repository,
  { tag, digest }: ImageReference,
): Promise<Reading<ImageFacts>> {
  return reading('ecr:DescribeImages', async () => {
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({
        registryId: account,
        repositoryName: name,
        imageIds: [digest ? { imageDigest: digest } : { imageTag: tag }],
      }),
    );
    const [it] = imageDetails ?? [];
    if (!it?.imageDigest) return undefined;
    return {
      digest: parseDigest(it.imageDigest),
      status: it.imageStatus ?? 'ACTIVE',
      sizeBytes: it.imageSizeInBytes ?? 0,
      pushedAt: toInstant(it.imagePushedAt ?? new Date(0)),
    };
  });
}

/** Tags of a repository, archived images' with them: those of the first thousand images, in no order. */
export function listTags(ecr: ECRClient, repository: Repository): Promise<Reading<readonly string[]>> {
  return reading('ecr:DescribeImages', async () => {
    const page = await listImages(ecr, repository);
    return page?.items.flatMap(({ tags }) => tags);
  });
}
