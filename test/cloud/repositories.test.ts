import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGISTRY_PARAMS, registryResources } from '../contract/evaluate.ts';
import { type Deployment, deploy } from './deployment.ts';
import { type Emulators, startEmulators } from './emulators.ts';
import { imageManifest, putImage } from './images.ts';

// Both kinds of repository, deployed with the rest of the stack and read back from the registry. What is set for the
// whole registry is of types that no emulator knows (gaps/stacks.ts): the validator alone reads that.
const { repositories, mutableRepositories } = REGISTRY_PARAMS;
const params = { repositories, mutableRepositories, repositoryPullers: 'ecsTaskExecutionRole,222233334444' };

let emulators: Emulators;
let deployed: Deployment;
let ecr: ECRClient;
beforeAll(async () => {
  emulators = await startEmulators();
  deployed = await deploy(emulators, 'registry', params);
  ecr = new ECRClient(emulators.client);
});
afterAll(async () => {
  ecr?.destroy();
  await emulators?.stop();
});

async function described(name: string, client = ecr) {
  const answer = await client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
  return answer.repositories?.[0];
}

async function policyOf(repositoryName: string) {
  const { policyText = '' } = await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }));
  return JSON.parse(policyText);
}

async function rulesOf(repositoryName: string) {
  const answer = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
  return JSON.parse(answer.lifecyclePolicyText ?? '').rules;
}

describe('demo-api, as it was designed', () => {
  test('is MUTABLE, scanned on push and encrypted with AES-256', async () => {
    expect(await described('demo-api')).toMatchObject({
      repositoryName: 'demo-api',
      imageTagMutability: 'MUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'AES256' },
    });
  });

  test('untagged images expire after 7 days, and 30 tagged v are kept', async () => {
    expect(await rulesOf('demo-api')).toMatchObject([
      {
        selection: {
          tagStatus: 'untagged',
          countType: 'sinceImagePushed',
          countUnit: 'days',
          countNumber: 7,
        },
        action: { type: 'expire' },
      },
      {
        selection: { tagPrefixList: ['v'], countType: 'imageCountMoreThan', countNumber: 30 },
        action: { type: 'expire' },
      },
    ]);
  });
});

describe('in production', () => {
  test('tags stay, but for those that end in latest', async () => {
    expect(await described(repositories)).toMatchObject({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'AES256' },
    });
  });

  // ministack loses the exclusions of a stack's repository; moto has another implementation of the type.
  test('the exclusion is what ECR takes, as moto reads the template', async () => {
    const client = { ...emulators.client, endpoint: emulators.motoUrl ?? '' };
    const cloudFormation = new CloudFormationClient(client);
    const registry = new ECRClient(client);
    const Resources = await registryResources({ repositories, mutableRepositories });
    await cloudFormation.send(
      new CreateStackCommand({ StackName: 'repositories', TemplateBody: JSON.stringify({ Resources }) }),
    );
    expect(await described(repositories, registry)).toMatchObject({
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: '*latest' }],
    });
    const other = await described('demo-api', registry);
    expect(other?.imageTagMutabilityExclusionFilters).toBeUndefined();
    cloudFormation.destroy();
    registry.destroy();
  });

  test('releases and what is untagged are archived when nobody pulls them', async () => {
    const rules: readonly { action: { type: string } }[] = await rulesOf(repositories);
    expect(rules.filter(({ action }) => action.type === 'transition')).toMatchObject([
      { selection: { tagPatternList: ['v*'], countType: 'sinceImagePulled', countNumber: 180 } },
      { selection: { tagStatus: 'untagged', countType: 'sinceImagePulled', countNumber: 180 } },
    ]);
  });
});

test.each(['demo-api', repositories])('%s may be pulled by whom the parameter names', async (name) => {
  const { Statement } = await policyOf(name);
  expect(Statement).toEqual([
    {
      Sid: 'Pull',
      Effect: 'Allow',
      Principal: {
        AWS: [
          `arn:aws:iam::${emulators.account}:role/ecsTaskExecutionRole`,
          'arn:aws:iam::222233334444:root',
        ],
      },
      Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    },
  ]);
});

test('the outputs name each by name, ARN and URI', async () => {
  const cloudFormation = new CloudFormationClient(emulators.client);
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: deployed.stackName }));
  cloudFormation.destroy();
  const outputs = Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]) ?? [];
  for (const [name, id] of [
    ['demo-api', 'RepositoryDemoDashapi'],
    [repositories, 'RepositoryTeamSlashdemoDashapi'],
  ] as const) {
    const { repositoryArn, repositoryUri } = (await described(name)) ?? {};
    expect(Object.fromEntries(outputs)).toMatchObject({
      [`${id}Name`]: name,
      [`${id}Arn`]: repositoryArn,
      [`${id}Uri`]: repositoryUri,
    });
    expect(repositoryUri).toMatch(new RegExp(`/${name}$`));
  }
});

test('serverless remove leaves the repositories, and what was pushed to them', async () => {
  const image = imageManifest('kept');
  await putImage(ecr, 'demo-api', image, ['v1.0.0']);
  await deployed.remove();
  expect((await described('demo-api'))?.imageTagMutability).toBe('MUTABLE');
  expect((await described(repositories))?.imageTagMutability).toBe('IMMUTABLE_WITH_EXCLUSION');
  expect(await rulesOf('demo-api')).toHaveLength(2);
});
