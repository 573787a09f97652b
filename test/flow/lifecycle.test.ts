import { describe, expect, test } from 'vitest';
import { saveRollout } from '../../lib/store/workload.ts';
import { aWorkload } from '../build/ecs.ts';
import { at } from '../build/lineage.ts';
import { policyText } from '../build/stored.ts';
import { openAws } from '../doubles/aws.ts';
import { documentOf, lifecycleScene, policyFile, UNDEPLOYED } from './lifecycle.ts';

const { registry, run, push, deploy, setPolicy, ecr, tables } = lifecycleScene();
const PLATFORMS = ['linux/amd64', 'linux/arm64'];
const short = (digest: string) => digest.slice(7, 19);

const TAGGED = { tagStatus: 'tagged', tagPatternList: ['v*'] };
const keep = (countNumber: number) => ({
  selection: { ...TAGGED, countType: 'imageCountMoreThan', countNumber },
});
const older = (countNumber: number, of: object = TAGGED) => ({
  selection: { ...of, countType: 'sinceImagePushed', countUnit: 'days', countNumber },
});
const UNTAGGED = { tagStatus: 'untagged' };

const preview = (name: string, ...args: readonly string[]) => run(['lifecycle', 'preview', name, ...args]);

interface Document {
  readonly at: string;
  readonly losses: Readonly<Record<'running' | 'rollback' | 'followed' | 'later', readonly string[]>>;
  readonly images: readonly {
    readonly digest: string;
    readonly fate: string;
    readonly heldBy: readonly string[];
  }[];
  readonly bounds: { readonly isUseKnown: boolean; readonly unknownIndexes: number };
}

function fates({ images }: Document): Readonly<Record<string, string>> {
  return Object.fromEntries(images.map(({ digest, fate }) => [digest, fate]));
}

/** Three versions of a service, of which the one in the middle was rolled back to. */
async function threeVersions(name: string) {
  const old = await push(name, ['v1'], 30);
  const middle = await push(name, ['v2'], 20);
  const newest = await push(name, ['v3'], 10);
  return { old, middle, newest };
}

describe('what runs', () => {
  test('would expire: exit code 2, and it is named first', async () => {
    const { old, middle, newest } = await threeVersions('runs/old');
    await deploy('checkout', 'runs/old', middle.digest, 15);
    const file = await policyFile(policyText(keep(1)));
    const { exit, stdout, stderr } = await preview('runs/old', '--policy', file);
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: '' });
    expect(stdout).toMatch(/^runs\/old in 111122223333\/eu-west-1: 2 of 3 images would go/);
    expect(stdout).toContain(
      `LOST      ${short(middle.digest)} RUNS prod/checkout (1 task): expires now: it is number 2 of 3, the rule keeps 1`,
    );
    expect(stdout).toMatch(
      new RegExp(
        `${short(old.digest)}  v1 .* 1     expires now: it is number 3 of 3, the rule keeps 1$`,
        'm',
      ),
    );
    expect(stdout).not.toContain(short(newest.digest));
    const all = await preview('runs/old', '--policy', file, '--all', '--json');
    expect(all.exit).toBe(2);
    expect(documentOf<Document>('lifecycle', all.stdout).losses.running).toEqual([middle.digest]);
  });

  test('stays, but what it would go back to does not: a warning, and 2 with --strict', async () => {
    const { old, middle, newest } = await threeVersions('runs/new');
    await deploy('shop', 'runs/new', old.digest, 25, { isStopped: true });
    await deploy('shop', 'runs/new', middle.digest, 15, { isStopped: true });
    await deploy('shop', 'runs/new', newest.digest, 5);
    const file = await policyFile(policyText(keep(1)));
    const { exit, stdout } = await preview('runs/new', '--policy', file);
    expect(exit).toBe(0);
    expect(stdout).toContain(`WARNING   ${short(middle.digest)} ROLLBACK prod/shop: expires`);
    expect(stdout).not.toContain('LOST');
    expect((await preview('runs/new', '--policy', file, '--strict')).exit).toBe(2);
    const workload = aWorkload({ name: 'shop' });
    await saveRollout(tables().lineage, workload, 'ecs-svc/15', { state: 'failed', at: at('03:00') });
    const failed = await preview('runs/new', '--policy', file, '--json');
    expect(documentOf<Document>('lifecycle', failed.stdout).losses.rollback).toEqual([old.digest]);
  });

  test('by its index: the platforms stay as long as the index does, the others of their kind go', async () => {
    const name = 'runs/index';
    const index = await push(name, ['v1'], 30, { platforms: PLATFORMS });
    const orphan = await push(name, [], 29);
    await deploy('multi', name, index.digest, 20);
    setPolicy(name, policyText(older(7, UNTAGGED)));
    const { exit, stdout } = await preview(name, '--json');
    const document = documentOf<Document>('lifecycle', stdout);
    expect(exit).toBe(0);
    expect(fates(document)).toMatchObject({ [index.digest]: 'kept', [orphan.digest]: 'expires' });
    for (const { digest } of index.children) {
      expect(document.images.find((it) => it.digest === digest)).toMatchObject({
        ...{ fate: 'kept', heldBy: [index.digest] },
        uses: [{ as: 'runs', relation: 'listed', workload: { name: 'multi' } }],
      });
    }
    const policy = await policyFile(policyText(older(7), older(7, UNTAGGED)));
    const gone = await preview(name, '--policy', policy);
    expect(gone.exit).toBe(2);
    expect(gone.stdout).toMatch(
      new RegExp(`after ${short(index.digest)}, which lists it {2}RUNS prod/multi`),
    );
  });

  test('and is due later: told, and a loss with --strict or at that time', async () => {
    const { digest } = await push('runs/later', ['v1'], 3);
    await deploy('later', 'runs/later', digest, 2, { tag: 'v1' });
    const file = await policyFile(policyText(older(7)));
    const { exit, stdout } = await preview('runs/later', '--policy', file);
    expect(exit).toBe(0);
    expect(stdout).toContain(`LATER     ${short(digest)} RUNS prod/later (1 task): kept: until`);
    expect((await preview('runs/later', '--policy', file, '--strict')).exit).toBe(2);
    const then = new Date(Date.now() + 5 * 86_400_000).toISOString();
    const inFive = await preview('runs/later', '--policy', file, '--at', then, '--json');
    expect(inFive.exit).toBe(2);
    expect(documentOf<Document>('lifecycle', inFive.stdout)).toMatchObject({
      at: then,
      losses: { running: [digest] },
    });
    expect(await preview('runs/later', '--policy', file, '--at', '1h ago')).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('--at takes now or a later time'),
    });
  });

  test('in another region under the same name is none of this registry’s business', async () => {
    const { digest } = await push('runs/elsewhere', ['v1'], 30);
    await push('runs/elsewhere', ['v2'], 1);
    await deploy('elsewhere', 'runs/elsewhere', digest, 20);
    const args = ['--policy', await policyFile(policyText(keep(1))), '--json'];
    expect((await preview('runs/elsewhere', ...args)).exit).toBe(2);
    const other = await run(['lifecycle', 'preview', 'runs/elsewhere', '--region', 'us-east-1', ...args]);
    expect(documentOf<Document>('lifecycle', other.stdout).losses.running).toEqual([]);
    expect(other.exit).toBe(0);
  });
});

describe('without a deployment', () => {
  const undeployed = (name: string, ...args: readonly string[]) =>
    run(['lifecycle', 'preview', name, ...args], UNDEPLOYED);

  test('what runs is unknown: 3 when something would go, 0 when nothing would', async () => {
    await threeVersions('none/three');
    const { exit, stdout } = await undeployed(
      'none/three',
      '--policy',
      await policyFile(policyText(keep(1))),
    );
    expect(exit).toBe(3);
    expect(stdout).toContain('UNKNOWN   what runs: there is no deployment');
    expect((await undeployed('none/three', '--policy', await policyFile(policyText(keep(3))))).exit).toBe(0);
  });

  test('tables that may not be read tell nothing, and make nothing safe', async () => {
    const aws = await openAws();
    const file = await policyFile(policyText(keep(1)));
    const args = ['lifecycle', 'preview', 'none/three', '--policy', file];
    const { exit, stdout } = await run(args, { AWS_ENDPOINT_URL_DYNAMODB: aws.url });
    expect(exit).toBe(3);
    expect(stdout).toContain('UNKNOWN   what runs: the tables may not be read: it takes dynamodb:GetItem');
    const silent = await run(args, { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' });
    expect(silent).toMatchObject({ exit: 5, stdout: '' });
  });

  test('what an index lists is unknown too, until ECR is asked', async () => {
    const index = await push('none/index', ['v1'], 30, { platforms: PLATFORMS, isRecorded: false });
    const args = ['none/index', '--policy', await policyFile(policyText(older(7, UNTAGGED)))] as const;
    const guessed = await undeployed(...args);
    expect(guessed.exit).toBe(3);
    expect(guessed.stdout).toContain('2 of 3 images would go');
    expect(guessed.stdout).toContain('BOUND     what 1 index lists is not known');
    const { exit, stdout } = await undeployed(...args, '--manifests', '--json');
    expect(exit).toBe(0);
    const document = documentOf<Document>('lifecycle', stdout);
    expect(document.bounds).toMatchObject({ isUseKnown: false, unknownIndexes: 0 });
    expect(fates(document)).toEqual(
      Object.fromEntries([index, ...index.children].map(({ digest }) => [digest, 'kept'])),
    );
  });
});

describe('what keeps it from an answer', () => {
  test('no policy: nothing goes, and how to change that', async () => {
    await push('no/policy', ['v1'], 30);
    const { exit, stdout } = await preview('no/policy');
    expect(exit).toBe(0);
    expect(stdout).toContain('no/policy has no lifecycle policy: nothing goes');
    expect(stdout).toContain(
      'aws ecr put-lifecycle-policy --repository-name no/policy --lifecycle-policy-text file://policy.json',
    );
    expect(documentOf('lifecycle', (await preview('no/policy', '--json')).stdout)).toMatchObject({
      policy: null,
    });
  });

  test('no repository, no file, a tag', async () => {
    const file = await policyFile(policyText(keep(1)));
    for (const args of [['no/such'], ['no/such', '--policy', file]])
      expect(await preview(...(args as [string]))).toMatchObject({
        exit: 1,
        stderr: expect.stringContaining('there is no repository no/such in this registry'),
      });
    expect(await preview('no/policy', '--policy', '/nowhere')).toMatchObject({
      exit: 1,
      stderr: 'scan-response: cannot read /nowhere: ENOENT\n',
    });
    expect(await preview('no/policy:v1')).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('without a tag'),
    });
    expect(await run(['lifecycle', 'apply', 'no/policy'])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('usage:'),
    });
  });

  test('a policy that is none: each error with its place, and 4', async () => {
    await push('bad/policy', ['v1'], 30);
    const text = policyText(keep(0), {
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 1 },
    });
    const file = await policyFile(text);
    const { exit, stdout } = await preview('bad/policy', '--policy', file);
    expect(exit).toBe(4);
    expect(stdout).toBe(
      `${file}: rules[0].selection.countNumber: takes a whole number from 1\n1 error: nothing is evaluated\n`,
    );
    setPolicy('bad/policy', '{"rules":[{"later":"invented"}]}');
    const own = await preview('bad/policy', '--json');
    expect(own.exit).toBe(4);
    expect(documentOf('lifecycle', own.stdout)).toMatchObject({
      errors: expect.arrayContaining([
        { where: 'rules[0].later', says: 'is no field of a lifecycle policy' },
      ]),
    });
  });

  test('ECR throttles: it goes slower, and answers', async () => {
    await threeVersions('slow/ecr');
    ecr().fail('DescribeImages', 3, 'ThrottlingException');
    const { exit, stdout } = await preview('slow/ecr', '--policy', await policyFile(policyText(keep(2))));
    expect(exit).toBe(0);
    expect(stdout).toContain('1 of 3 images would go');
  });

  test('ECR refuses: which rights it takes', async () => {
    ecr().fail('GetLifecyclePolicy', 1, 'AccessDeniedException');
    const { exit, stderr } = await preview('slow/ecr');
    expect(exit).toBe(5);
    expect(stderr).toContain('ecr:DescribeImages and, without --policy, ecr:GetLifecyclePolicy');
  });
});

test('more images than a page holds, and tags that would like to act on a terminal', async () => {
  const name = 'many/images';
  for (let n = 0; n < 1_100; n++) registry.push(name, { seed: `${n}` });
  const { digest } = await push(name, ['v1', '\u001b[31mred', '\u202etxt.exe', 'a\nLOST  everything'], 30);
  const file = await policyFile(policyText(older(7)));
  const { exit, stdout } = await preview(name, '--policy', file);
  expect(exit).toBe(0);
  expect(stdout).toContain('1 of 1101 images would go');
  expect(stdout).toContain(short(digest));
  for (const line of stdout.split('\n')) expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]|^LOST/u);
  const { stdout: json } = await preview(name, '--policy', file, '--json');
  expect(json).toMatch(/^[ -~]*\n$/);
});
