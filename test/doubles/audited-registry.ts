import { type Digest, digestOf } from '../../lib/image/digest.ts';
import { MANIFEST_MEDIA_TYPES } from '../../lib/image/manifest.ts';
import { type Paging, page } from '../../local/ecr/page.ts';
import { ServiceFault } from '../../local/json-protocol.ts';
import type { Answers } from './aws.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const DAY_MS = 86_400_000;

/** An image of the registry; ages in days. */
export interface StockImage {
  readonly digest: Digest;
  readonly tags: readonly string[];
  readonly pushedDaysAgo: number;
  readonly mediaType?: string;
  readonly isArchived?: boolean;
  /** How long ago its scan ended, or why there is none. */
  readonly scan?: number | 'never' | 'failed';
}

export interface StockRepository {
  readonly name: string;
  readonly mutability: string;
  readonly exclusions: readonly string[];
  readonly images: readonly StockImage[];
  readonly hasLifecycle: boolean;
  readonly policy?: object;
}

export interface StockRegistry {
  readonly repositories: readonly StockRepository[];
  readonly scanType: 'BASIC' | 'ENHANCED';
  readonly filters: readonly string[];
  readonly frequency: string;
  /** Whether the rule that hears of its scans is there, and on. */
  readonly rule: 'ENABLED' | 'DISABLED' | 'missing';
}

/** What may pull in the account, and nothing else. */
const PULL = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/ecsTaskExecutionRole` },
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'],
    },
  ],
};

const INDEX = MANIFEST_MEDIA_TYPES[0];

/** A production repository: immutable but for `*latest`, with a lifecycle policy, and pulled from by one role. */
export function aStockRepository(name: string, overrides: Partial<StockRepository> = {}): StockRepository {
  return {
    ...{ name, mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['*latest'] },
    images: [anIndexOf(name), ...platformsOf(name), anOldImage(name)],
    ...{ hasLifecycle: true, policy: PULL },
    ...overrides,
  };
}

/** The index that runs: tagged with its release, its commit, and as the newest. */
export function anIndexOf(name: string, overrides: Partial<StockImage> = {}): StockImage {
  const tags = ['v1.2.3-abc1234', 'prod-latest'];
  return {
    ...{ digest: digestOf(`${name} index`), tags, pushedDaysAgo: 10, mediaType: INDEX, scan: 'never' },
    ...overrides,
  };
}

export function platformsOf(name: string, scan: StockImage['scan'] = 1): readonly StockImage[] {
  return ['amd64', 'arm64'].map((it) => ({
    ...{ digest: digestOf(`${name} ${it}`), tags: [], pushedDaysAgo: 10, scan },
  }));
}

function anOldImage(name: string): StockImage {
  return { digest: digestOf(`${name} old`), tags: ['v1.2.2-0a1b2c3'], pushedDaysAgo: 200, scan: 199 };
}

export function aStockRegistry(overrides: Partial<StockRegistry> = {}): StockRegistry {
  return {
    ...{
      repositories: [],
      scanType: 'BASIC',
      filters: ['prod/*'],
      frequency: 'SCAN_ON_PUSH',
      rule: 'ENABLED',
    },
    ...overrides,
  };
}

/** ECR and EventBridge as they answer about this registry. */
export function answersOf(registry: StockRegistry): Answers {
  const byName = new Map(registry.repositories.map((it) => [it.name, it]));
  const find = ({ repositoryName }: { readonly repositoryName: string }) => {
    const found = byName.get(repositoryName);
    if (!found) throw new ServiceFault('RepositoryNotFoundException', `no ${repositoryName}`);
    return found;
  };
  return {
    DescribeRepositories(paging: Paging) {
      const { items, nextToken } = page(registry.repositories, paging);
      return { repositories: items.map(described), nextToken };
    },
    GetRegistryScanningConfiguration() {
      const repositoryFilters = registry.filters.map((filter) => ({ filter, filterType: 'WILDCARD' }));
      const rules = [{ scanFrequency: registry.frequency, repositoryFilters }];
      return { registryId: ACCOUNT, scanningConfiguration: { scanType: registry.scanType, rules } };
    },
    DescribeImages(input) {
      const { items, nextToken } = page(find(input).images, input);
      return { imageDetails: items.map(detailed), nextToken };
    },
    GetLifecyclePolicy(input) {
      if (!find(input).hasLifecycle) throw new ServiceFault('LifecyclePolicyNotFoundException', 'none');
      return { lifecyclePolicyText: '{"rules":[]}' };
    },
    GetRepositoryPolicy(input) {
      const { policy } = find(input);
      if (!policy) throw new ServiceFault('RepositoryPolicyNotFoundException', 'none');
      return { policyText: JSON.stringify(policy) };
    },
    DescribeImageScanFindings(input) {
      return scanOf(find(input).images.find(({ digest }) => digest === input.imageId.imageDigest));
    },
    DescribeRule({ Name }) {
      if (registry.rule === 'missing') throw new ServiceFault('ResourceNotFoundException', `no ${Name}`);
      return {
        Arn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/${Name}`,
        State: registry.rule,
        EventPattern: '{}',
      };
    },
  };
}

function described({ name, mutability, exclusions }: StockRepository) {
  return {
    ...{ registryId: ACCOUNT, repositoryName: name },
    repositoryArn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${name}`,
    imageTagMutability: mutability,
    imageTagMutabilityExclusionFilters: exclusions.map((filter) => ({ filter, filterType: 'WILDCARD' })),
    imageScanningConfiguration: { scanOnPush: false },
  };
}

function detailed({ digest, tags, pushedDaysAgo, mediaType, isArchived }: StockImage) {
  return {
    imageDigest: digest,
    ...(tags.length > 0 && { imageTags: tags }),
    imagePushedAt: secondsAgo(pushedDaysAgo),
    imageManifestMediaType: mediaType ?? MANIFEST_MEDIA_TYPES[2],
    imageStatus: isArchived ? 'ARCHIVED' : 'ACTIVE',
  };
}

function scanOf(image: StockImage | undefined) {
  if (!image) throw new ServiceFault('ImageNotFoundException', 'no such image');
  const { scan = 'never' } = image;
  if (scan === 'never') throw new ServiceFault('ScanNotFoundException', 'no scan');
  if (scan === 'failed')
    return { imageScanStatus: { status: 'FAILED', description: 'UnsupportedImageError' } };
  return {
    imageScanStatus: { status: 'COMPLETE' },
    imageScanFindings: { imageScanCompletedAt: secondsAgo(scan), findingSeverityCounts: {}, findings: [] },
  };
}

function secondsAgo(days: number): number {
  return Math.round((Date.now() - days * DAY_MS) / 1000);
}
