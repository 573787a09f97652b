import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { evaluate, part, REGISTRY_PARAMS, registryResources } from './evaluate.ts';
import { packagedResources } from './template.ts';

const NONE = Object.fromEntries(Object.keys(REGISTRY_PARAMS).map((name) => [name, '']));
const arn = (rest: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` });
const own = (name: string) => arn(`iam::\${AWS::AccountId}:role/${name}`);

interface Made {
  readonly resources: { readonly Outputs?: object };
}

describe('what nobody names', () => {
  test('is not made, and nothing is set for the registry', async () => {
    expect(await registryResources(NONE)).toEqual({});
    const types = Object.values(packagedResources()).map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('AWS::ECR::'))).toEqual([
      'AWS::ECR::PullTimeUpdateExclusion',
    ]);
  });
});

describe('demo-api, as it was designed', () => {
  test('every attribute', async () => {
    const { RepositoryDemoDashapi: made } = await registryResources({
      mutableRepositories: 'demo-api',
      repositoryPullers: 'ecsTaskExecutionRole',
    });
    expect(made).toMatchObject({ Type: 'AWS::ECR::Repository', DeletionPolicy: 'Retain' });
    const { LifecyclePolicy, ...properties } = made?.Properties ?? {};
    expect(properties).toEqual({
      RepositoryName: 'demo-api',
      ImageTagMutability: 'MUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'AES256' },
      RepositoryPolicyText: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Pull',
            Effect: 'Allow',
            Principal: { AWS: [own('ecsTaskExecutionRole')] },
            Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          },
        ],
      },
    });
    const { rules } = JSON.parse(LifecyclePolicy.LifecyclePolicyText);
    expect(rules.map(({ selection, action }: Rule) => [selection, action])).toEqual([
      [
        { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
        { type: 'expire' },
      ],
      [
        { tagStatus: 'tagged', tagPrefixList: ['v'], countType: 'imageCountMoreThan', countNumber: 30 },
        { type: 'expire' },
      ],
    ]);
  });

  test('its outputs: name, ARN and URI', async () => {
    const program = part<Made>('repositories.cjs');
    const { resources } = await evaluate(program, { ...NONE, mutableRepositories: 'demo-api' });
    expect(resources.Outputs).toEqual({
      RepositoryDemoDashapiName: { Value: { Ref: 'RepositoryDemoDashapi' } },
      RepositoryDemoDashapiArn: { Value: { 'Fn::GetAtt': ['RepositoryDemoDashapi', 'Arn'] } },
      RepositoryDemoDashapiUri: { Value: { 'Fn::GetAtt': ['RepositoryDemoDashapi', 'RepositoryUri'] } },
    });
  });
});

interface Rule {
  readonly rulePriority: number;
  readonly selection: { readonly tagStatus: string; readonly storageClass?: string };
  readonly action: { readonly type: string };
}

describe('production', () => {
  const policy = async (): Promise<readonly Rule[]> => {
    const { RepositoryTeamSlashdemoDashapi: made } = await registryResources();
    return JSON.parse(made?.Properties.LifecyclePolicy.LifecyclePolicyText).rules;
  };

  test('what is untagged, or was released, is archived before it can expire', async () => {
    const expiring = (await policy()).filter(({ action }) => action.type === 'expire');
    expect(expiring.map(({ selection }) => selection)).toEqual([
      expect.objectContaining({ tagPatternList: ['*latest'] }),
      expect.objectContaining({ tagPatternList: ['build-*'] }),
      expect.objectContaining({ tagStatus: 'any', storageClass: 'archive' }),
    ]);
  });

  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
  test('it is a policy that ECR takes', async () => {
    const rules = await policy();
    const priorities = rules.map(({ rulePriority }) => rulePriority);
    expect(priorities).toEqual([...new Set(priorities)].sort((one, other) => one - other));
    const any = rules.findIndex(({ selection }) => selection.tagStatus === 'any');
    expect(any).toBe(rules.length - 1);
    const untagged = rules.filter(({ selection }) => selection.tagStatus === 'untagged');
    expect(untagged).toHaveLength(1);
    expect(JSON.stringify({ rules }).length).toBeLessThanOrEqual(30_720);
  });

  test('whoever may pull is named: a role here, a role there, an account', async () => {
    const { RepositoryTeamSlashdemoDashapi: made } = await registryResources();
    expect(made?.Properties.RepositoryPolicyText.Statement[0].Principal.AWS).toEqual([
      own('ecsTaskExecutionRole'),
      arn('iam::222233334444:root'),
      'arn:aws:iam::333344445555:role/deploy/puller',
    ]);
  });

  test('replication and scanning of the registry', async () => {
    const { RegistryScanning, RegistryReplication } = await registryResources();
    expect(RegistryScanning?.Properties).toMatchObject({ ScanType: 'ENHANCED' });
    expect(RegistryReplication?.Properties.ReplicationConfiguration.Rules).toEqual([
      {
        Destinations: [
          { Region: 'eu-central-1', RegistryId: { Ref: 'AWS::AccountId' } },
          { Region: 'us-east-1', RegistryId: '444455556666' },
        ],
        RepositoryFilters: [{ Filter: 'team/demo-api', FilterType: 'PREFIX_MATCH' }],
      },
    ]);
  });
});

test('the guide names the parameters that there are', () => {
  const guide = readFileSync('docs/registry.md', 'utf8');
  const named = [...guide.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(named).toEqual(Object.keys(REGISTRY_PARAMS));
  const { params } = parse(readFileSync('serverless.yml', 'utf8').replaceAll(/!(GetAtt|Ref|Sub) /g, ''));
  expect(Object.keys(params.default)).toEqual(expect.arrayContaining(named));
});

test('names that differ have ids that differ', async () => {
  const repositories = 'a-b,a/b,a.b,a_b,ab,adashb';
  const made = await registryResources({ repositories });
  expect(Object.keys(made)).toHaveLength(6);
  for (const id of Object.keys(made)) expect(id).toMatch(/^[A-Za-z0-9]{1,240}$/);
});

test.each([
  [{ repositories: 'Demo' }, 'repositories: "Demo" is not the name of a repository'],
  [{ repositories: 'demo:latest' }, 'is not the name of a repository'],
  [{ repositories: 'demo,,ab,demo' }, '"demo" is named twice'],
  [{ repositories: 'demo', mutableRepositories: 'demo' }, '"demo" is named twice'],
  [{ repositories: 'demo', repositoryPullers: '*' }, '"*" is not the name or ARN of a role'],
  [{ repositories: 'demo', repositoryPullers: 'arn:aws:iam::111122223333:role/*' }, 'is not the name or ARN'],
  [
    { repositories: 'demo', repositoryPullers: 'arn:aws:iam::111122223333:user/me' },
    'is not the name or ARN',
  ],
  [{ repositoryPullers: 'role' }, 'name: nothing'],
  [{ repositories: 'demo', replicateTo: 'Frankfurt' }, '"Frankfurt" is not a region'],
  [{ repositories: 'demo', replicateTo: 'eu-west-1' }, 'eu-west-1, where the images are already'],
  [
    { mutableRepositories: 'demo', replicateTo: 'eu-central-1' },
    'replicateTo copies what repositories names',
  ],
  [{ registryScanning: 'advanced' }, 'registryScanning must be empty, basic or enhanced, not "advanced"'],
  [{ registryScanning: 'constructor' }, 'registryScanning must be empty, basic or enhanced'],
])('%j is refused', async (params, complaint) => {
  await expect(registryResources(params)).rejects.toThrow(complaint);
});
