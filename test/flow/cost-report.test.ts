import { expect, test } from 'vitest';
import { policyText } from '../build/stored.ts';
import { documentOf, lifecycleScene, policyFile } from './lifecycle.ts';

const { registry, run, push, setPolicy } = lifecycleScene();
const UNTAGGED = { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 };

interface Cost {
  readonly repositories: readonly {
    readonly name: string;
    readonly images: number;
    readonly policy: string;
    readonly bytes: { readonly standard: number };
    readonly after: { readonly standard: number };
  }[];
  readonly total: { readonly usdPerMonth: number; readonly savesUsdPerMonth: number };
}

/** What the images of a repository have for bytes; an index has none of its own. */
function bytesIn(name: string, digests?: readonly string[]): number {
  const images = [...(registry.find(name)?.images.values() ?? [])];
  return images
    .filter((it) => it.artifactMediaType !== undefined && (digests?.includes(it.digest) ?? true))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

test('the bytes of repositories, an index counted by what it lists, and what policies would save', async () => {
  await push('team/web', ['v1'], 30, { platforms: ['linux/amd64', 'linux/arm64'] });
  const orphan = await push('team/web', [], 20);
  await push('team/api', ['v1'], 30);
  await push('other', ['v1'], 30);
  setPolicy('team/web', policyText({ selection: UNTAGGED }));

  const { exit, stdout } = await run(['cost', 'team/*', '--json']);
  expect(exit).toBe(0);
  const cost = documentOf<Cost>('cost', stdout);
  const [standard, freed] = [bytesIn('team/web'), bytesIn('team/web', [orphan.digest])];
  expect(freed).toBeGreaterThan(0);
  expect(cost.repositories.map(({ name, policy }) => [name, policy])).toEqual([
    ['team/web', 'own'],
    ['team/api', 'none'],
  ]);
  expect(cost.repositories[0]).toMatchObject({
    images: 4,
    bytes: { standard },
    after: { standard: standard - freed },
  });
  expect(cost.total.usdPerMonth).toBeCloseTo(((standard + bytesIn('team/api')) / 1e9) * 0.1, 12);
  expect(cost.total.savesUsdPerMonth).toBeCloseTo((freed / 1e9) * 0.1, 12);

  const text = await run(['cost']);
  expect(text).toMatchObject({ exit: 0, stderr: '' });
  expect(
    text.stdout
      .split('\n')
      .map((line) => line.split(' ')[0])
      .slice(0, 5),
  ).toEqual(['repository', 'team/web', ...['team/api', 'other'], 'all']);
  expect(text.stdout).toContain('at most   layers that images share are counted for each image');
  expect(text.stdout).toContain('us-east-1, as of 2026-03-31; not checked for eu-west-1');

  const all = policyText({ selection: { ...UNTAGGED, tagStatus: 'any' } });
  const given = await run(['cost', 'team/api', '--policy', await policyFile(all), '--json']);
  expect(documentOf<Cost>('cost', given.stdout).repositories).toMatchObject([
    { policy: 'given', after: { standard: 0 } },
  ]);
});

test('no such repository, no policy, an account that cannot be listed', async () => {
  for (const [args, words] of [
    [['no/such'], 'there is no repository no/such in this registry'],
    [['nothing*'], 'there is no repository nothing* in this registry'],
    [['--account', '444455556666'], '--account goes with one repository'],
    [['--policy', await policyFile('{}')], 'is no policy: lifecycle preview --policy says why'],
  ] as const)
    expect(await run(['cost', ...args])).toMatchObject({ exit: 1, stderr: expect.stringContaining(words) });
});
