import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { registryResources } from './evaluate.ts';
import { type Block, readHcl } from './hcl.ts';

// What people copy must be what the stack makes: both are read, and said in CloudFormation's words.
const FOLDER = 'examples/terraform';
const files = readdirSync(FOLDER);
const blocks = (await Promise.all(files.map((file) => readHcl(`${FOLDER}/${file}`)))).flat();
const stack = await registryResources();

/** A resource by its type and name. */
function resource(type: string, name: string): Block {
  return (
    blocks.find((it) => it.type === 'resource' && it.labels[0] === type && it.labels[1] === name) ??
    expect.fail(`no ${type}.${name}`)
  );
}

function within(block: Block, type: string): readonly Block[] {
  return block.blocks.filter((it) => it.type === type);
}

/** The properties of CloudFormation that a repository of Terraform's has. */
function repository(name: string) {
  const it = resource('aws_ecr_repository', name);
  const [scanning, encryption] = ['image_scanning_configuration', 'encryption_configuration'].map(
    (type) => within(it, type)[0]?.attributes,
  );
  const exclusions = within(it, 'image_tag_mutability_exclusion_filter').map(({ attributes }) => ({
    ImageTagMutabilityExclusionFilterType: attributes.filter_type,
    ImageTagMutabilityExclusionFilterValue: attributes.filter,
  }));
  return {
    ImageTagMutability: it.attributes.image_tag_mutability,
    ...(exclusions.length > 0 && { ImageTagMutabilityExclusionFilters: exclusions }),
    ImageScanningConfiguration: { ScanOnPush: scanning?.scan_on_push },
    EncryptionConfiguration: { EncryptionType: encryption?.encryption_type },
    LifecyclePolicy: {
      LifecyclePolicyText: JSON.stringify(resource('aws_ecr_lifecycle_policy', name).attributes.policy),
    },
  };
}

const KINDS = [
  ['production', 'RepositoryTeamSlashdemoDashapi'],
  ['mutable', 'RepositoryDemoDashapi'],
] as const;

describe.each(KINDS)('%s', (name, id) => {
  test('every attribute is that of the stack', () => {
    const { RepositoryName: _, RepositoryPolicyText: __, ...properties } = stack[id]?.Properties ?? {};
    expect(repository(name)).toEqual(properties);
  });

  test('it is not destroyed, and its images with it', () => {
    const it = resource('aws_ecr_repository', name);
    expect(within(it, 'lifecycle')[0]?.attributes).toEqual({ prevent_destroy: true });
    expect(it.attributes).not.toHaveProperty('force_delete');
  });

  test('its policies are of this very repository', () => {
    const { for_each, repository } = resource('aws_ecr_lifecycle_policy', name).attributes;
    expect([for_each, repository]).toEqual([`\${aws_ecr_repository.${name}}`, `\${each.value.name}`]);
  });
});

test('the pull policy is that of the stack, for whom a variable names', () => {
  const { policy } = resource('aws_ecr_repository_policy', 'pull').attributes;
  const { Version, Statement } = stack.RepositoryDemoDashapi?.Properties.RepositoryPolicyText ?? {};
  const [statement] = Statement;
  expect(policy).toEqual({ Version, Statement: [{ ...statement, Principal: { AWS: `\${var.pullers}` } }] });
});

test('for the registry: off without a variable, and the settings of the stack', () => {
  const scanning = resource('aws_ecr_registry_scanning_configuration', 'all');
  expect(scanning.attributes.count).toBe(`\${var.registry_scanning == "" ? 0 : 1}`);
  const [rule] = within(scanning, 'rule');
  const [filter] = rule ? within(rule, 'repository_filter') : [];
  const { Rules, ScanType } = stack.RegistryScanning?.Properties ?? {};
  expect([{ Filter: filter?.attributes.filter, FilterType: filter?.attributes.filter_type }]).toEqual(
    Rules[0].RepositoryFilters,
  );
  expect(rule?.attributes.scan_frequency).toContain(`"${ScanType}" ? "${Rules[0].ScanFrequency}"`);

  const replication = resource('aws_ecr_replication_configuration', 'production');
  expect(replication.attributes.count).toBe(`\${length(var.replicate_to) == 0 ? 0 : 1}`);
  const copied = replication.blocks[0]?.blocks[0]?.blocks.find(
    ({ labels }) => labels[0] === 'repository_filter',
  );
  const [type] =
    stack.RegistryReplication?.Properties.ReplicationConfiguration.Rules[0].RepositoryFilters ?? [];
  expect(copied?.blocks[0]?.attributes.filter_type).toBe(type.FilterType);
});

test('one provider, of versions that know archives and exclusions', () => {
  const [required] = blocks.filter(({ type }) => type === 'terraform');
  expect(required?.blocks[0]?.attributes.aws).toMatchObject({
    source: 'hashicorp/aws',
    version: expect.stringMatching(/^>= \d+\.\d+$/),
  });
});

test('what is no HCL is an error', async () => {
  await expect(readHcl('examples/member-account.yml')).rejects.toThrow('is no HCL');
});
