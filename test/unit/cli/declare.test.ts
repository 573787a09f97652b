import { describe, expect, test } from 'vitest';
import { saveEvidence } from '../../../lib/store/evidence.ts';
import { loadImage } from '../../../lib/store/image.ts';
import { ServiceFault } from '../../../local/json-protocol.ts';
import { aDigest, anImageOf, at } from '../../build/lineage.ts';
import { openAws } from '../../doubles/aws.ts';
import { cliOver } from '../../doubles/cli.ts';
import { recorder } from '../../doubles/lookup.ts';

const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const OTHER = 'f00df00df00df00df00df00df00df00df00df00d';
const [KNOWN, FRESH, TAGGED, SIGNED, GONE, BUSY] = ['a', 'b', 'c', 'd', 'e', 'f'].map(aDigest);
const REGISTRY = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/demo-api';

const { ask, tables } = cliOver(async (tables) => {
  const demo = recorder(tables);
  await demo.tag('latest', '01:00', KNOWN);
  for (const digest of [KNOWN, BUSY] as never[]) await demo.image(digest, ['latest']);
  await demo.image(TAGGED as never, [OTHER]);
  const source = { from: 'provenance', document: aDigest('9'), field: 'vcs.revision' } as const;
  await demo.image(SIGNED as never, ['latest']);
  const signed = (await recordOf(SIGNED)) ?? expect.fail('not recorded');
  await saveEvidence(tables.lineage, signed, [{ commit: OTHER, tier: 'client-hint', source } as never]);
});

const recordOf = (digest: unknown) => loadImage(tables().lineage, anImageOf(digest as never));

/** Runs the command in a registry that has one image nobody has recorded, as a role. */
async function declare(args: readonly string[], role = 'ci') {
  const { url } = await openAws({
    GetCallerIdentity: `<Arn>arn:aws:sts::111122223333:assumed-role/${role}/mary@example.com</Arn><Account>111122223333</Account>`,
    DescribeImages({ imageIds: [{ imageDigest }] }) {
      if (imageDigest !== FRESH) throw new ServiceFault('ImageNotFoundException', 'gone');
      return { imageDetails: [{ imageDigest, imagePushedAt: Date.parse(at('02:00')) / 1000 }] };
    },
  });
  return ask(['declare', ...args], {
    AWS_ENDPOINT_URL_STS: url,
    AWS_ENDPOINT_URL_ECR: url,
  });
}

const about = (digest: unknown, commit = COMMIT, registry = REGISTRY) => [
  ...['--image', `${registry}@${digest}`, '--commit', commit],
];

describe('declare', () => {
  test('keeps the commit with who said it; said again it changes nothing', async () => {
    const more = [
      '--repo-url',
      'https://user:secret@github.com/o/r.git',
      '--build-url',
      'https://ci.example.com/1',
    ];
    const first = await declare([...about(KNOWN, COMMIT, 'demo-api'), ...more]);
    expect({ exit: first.exit, stderr: first.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(first.stdout).toContain(`demo-api@${KNOWN}: declared\n`);
    expect(first.stdout).toContain('by        role/ci\n');
    const record = await recordOf(KNOWN);
    expect(record?.evidence).toEqual([
      {
        ...{ commit: COMMIT, tier: 'declared', repoUrl: 'https://github.com/o/r' },
        buildUrl: 'https://ci.example.com/1',
        source: { from: 'declaration', at: expect.any(String), by: 'role/ci' },
      },
    ]);
    const again = await declare([...about(KNOWN), ...more]);
    expect(again.stdout).toContain('declared before, by the same one: nothing written');
    expect(await recordOf(KNOWN)).toEqual(record);
    const { stdout } = await ask(['who', 'demo-api:latest']);
    expect(stdout).toContain(`${COMMIT}  (declared by CI, unverified`);
  });

  test('before the push is on record: the push keeps it', async () => {
    expect((await declare(about(FRESH))).exit).toBe(0);
    expect((await declare(about(FRESH))).stdout).toContain('nothing written');
    expect(await recordOf(FRESH)).toBeUndefined();
    await recorder(tables()).image(FRESH as never, ['latest']);
    expect((await recordOf(FRESH))?.evidence).toMatchObject([{ commit: COMMIT, tier: 'declared' }]);
  });

  test.each([
    ['weaker evidence', TAGGED, COMMIT, `the tag ${OTHER} says ${OTHER}, you say ${COMMIT}`],
    ['stronger evidence', SIGNED, OTHER, `the provenance vcs.revision says ${OTHER}, you say ${COMMIT}`],
  ])('against %s it is kept, and says so', async (_, digest, best, words) => {
    const { exit, stdout } = await declare([...about(digest), '--json']);
    const { outcome, provenance, conflicts } = JSON.parse(stdout);
    expect({ exit, outcome, best: provenance.best.commit }).toEqual({ exit: 0, outcome: 'declared', best });
    expect(conflicts).toMatchObject([{ commit: OTHER }]);
    expect((await declare(about(digest))).stdout).toContain(`CONFLICT  ${words}`);
  });

  test('two are kept; a third is refused aloud', async () => {
    for (const role of ['one', 'two']) expect((await declare(about(BUSY), role)).exit).toBe(0);
    const { exit, stdout } = await declare(about(BUSY), 'three');
    expect(exit).toBe(4);
    expect(stdout).toContain('NOT written: two others');
    expect((await recordOf(BUSY))?.evidence).toHaveLength(2);
  });

  test.each([
    ['an image that nobody has', about(GONE), 2],
    ['a tag', ['--image', `${REGISTRY}:latest`, '--commit', COMMIT], 1],
    ['a short commit', about(KNOWN, '0a1b2c3'), 1],
    ['zeros', about(KNOWN, '0'.repeat(40)), 1],
    ['no commit', ['--image', `${REGISTRY}@${KNOWN}`], 1],
    ['a page that is none', [...about(KNOWN), '--build-url', 'javascript:alert(1)'], 1],
    ['a repository that is none', [...about(KNOWN), '--repo-url', 'not an address'], 1],
  ])('%s is refused', async (_, args, exit) => {
    expect((await declare(args)).exit).toBe(exit);
  });
});
