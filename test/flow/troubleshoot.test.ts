import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { causesOf } from '../../lib/troubleshoot/table.ts';
import { aDigest } from '../build/lineage.ts';
import { bundledCli, cliFile, environmentOf } from '../doubles/cli.ts';
import { startTables } from '../doubles/dynamodb.ts';
import { recorder } from '../doubles/lookup.ts';
import { HOST, openTransfer, ROLE, refusing, VPC } from '../doubles/transfer.ts';
import { PLANTS } from './troubleshoot.ts';

const run = bundledCli();
const file = cliFile();

const ajv = new Ajv2020({ allErrors: true, strict: false });
for (const file of readdirSync('docs/schemas'))
  ajv.addSchema(JSON.parse(readFileSync(`docs/schemas/${file}`, 'utf8')));

interface Check {
  readonly id: string;
  readonly state: string;
  readonly says: string;
  readonly fix?: string;
}

/** The document of a run, when it is as its schema says. */
function documentOf(stdout: string): { readonly checks: readonly Check[]; readonly cause?: string } {
  const document = JSON.parse(stdout);
  const validate = ajv.getSchema('urn:scan-response:doctor:v1');
  if (!validate?.(document)) throw new Error(JSON.stringify(validate?.errors));
  return document;
}

describe('where nothing is wrong nothing is said to be', () => {
  test.each([
    ['push', ['push', 'demo-api:v1']],
    ['pull', ['pull', 'demo-api:v1']],
    ['pull', ['pull', 'demo-api:v1', '--layers', '--role', ROLE, '--vpc', VPC]],
    ['push', ['push', 'demo-api:v2', '--role', ROLE, '--vpc', VPC]],
  ] as const)('%s: %j', async (_, args) => {
    const { environment } = await openTransfer();
    const { exit, stdout, stderr } = await run(['doctor', ...args, '--json'], environment);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const { checks, cause } = documentOf(stdout);
    expect(cause).toBeUndefined();
    // Whether every layer is there was asked for or not; what this machine's disk has is its own affair.
    const others = checks.filter(
      ({ id }) => id !== 'disk' && (id !== 'layers' || args.includes('--layers' as never)),
    );
    expect(others.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(others.length).toBeGreaterThan(8);
  });
});

test('a whole URI is enough, without a region of one’s own', async () => {
  const { environment } = await openTransfer();
  const { AWS_REGION: _, ...without } = environment;
  const { exit, stdout } = await run(['doctor', 'pull', `${HOST}/demo-api:v1`], without);
  expect(exit).toBe(0);
  expect(stdout).toContain(`  ok       registry              it is ${HOST}\n`);
  expect(await run(['doctor', 'pull', 'demo-api:v1'], without)).toMatchObject({
    exit: 5,
    stderr: expect.stringContaining('Region is missing'),
  });
});

describe('what is planted is found, first, with its fix', () => {
  test.each(PLANTS)('$cause: $what', async ({ cause, args, planted, docker, environment, says, fix }) => {
    const scene = await openTransfer(planted, docker);
    const { exit, stdout, stderr } = await run(['doctor', ...args, '--json'], {
      ...scene.environment,
      ...environment,
    });
    expect({ exit, stderr }).toEqual({ exit: 4, stderr: '' });
    const found = documentOf(stdout);
    expect(found.cause).toBe(cause);
    const faults = found.checks.filter(({ state }) => state === 'fault');
    expect(faults[0]?.says).toContain(says);
    expect(faults[0]?.fix).toContain(fix);
  });

  test('every cause that is checked has a plant here or in the unit tests', () => {
    const checked = [...causesOf('push'), ...causesOf('pull')].flatMap(({ id, check }) => (check ? id : []));
    const planted = new Set(PLANTS.map(({ cause }) => cause));
    // A registry of another account is a warning; the disk is this machine's: test/unit/troubleshoot/.
    expect([...new Set(checked)].filter((id) => !planted.has(id))).toEqual(['registry', 'disk']);
  });
});

describe('what it does', () => {
  const reads = /^(Describe|Get|Simulate|BatchCheck)/;

  test('it only asks, and reads no manifest unasked', async () => {
    const { environment, asked } = await openTransfer();
    for (const direction of ['push', 'pull']) await run(['doctor', direction, 'demo-api:v1'], environment);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !reads.test(name))).toEqual([]);
  });

  test('no token and no password is printed, whatever goes wrong', async () => {
    const { environment } = await openTransfer();
    for (const args of [[], ['--json']]) {
      const { stdout, stderr } = await run(['doctor', 'push', 'demo-api:v1', ...args], environment);
      expect(stdout + stderr).toContain('docker is logged in until');
      expect(stdout + stderr).not.toContain('canary');
    }
  });

  test('EC2 and KMS are asked as well, without clients of theirs', async () => {
    const { environment } = await openTransfer();
    const { stdout } = await run(['doctor', 'pull', 'demo-api:v1', '--vpc', VPC], environment);
    expect(stdout).toContain('the endpoint s3 is there');
    expect(stdout).toContain('the key of the repository is enabled');
  });

  test('in words: each check on a line, the fix and the source below, the first cause last', async () => {
    const { environment } = await openTransfer({}, { auths: {} });
    const { exit, stdout } = await run(['doctor', 'push', 'demo-api:v1'], environment);
    expect(exit).toBe(4);
    expect(stdout).toMatch(/^push 111122223333\.dkr\.ecr\.eu-west-1\.amazonaws\.com\/demo-api:v1, \d{4}-/);
    expect(stdout).toContain(
      '  ok       credentials           you are arn:aws:sts::111122223333:assumed-role/ci/me\n',
    );
    expect(stdout).toContain('  FAULT    docker-login          docker is not logged in to');
    expect(stdout).toContain('           fix: aws ecr get-login-password --region eu-west-1 | docker login');
    expect(stdout).toContain('           see: https://docs.aws.amazon.com/AmazonECR/');
    expect(stdout).toMatch(/\nfirst cause: docker-login; 1 faults, 0 warnings, 0 not checked, \d+ ok\n$/);
  });
});

describe('with a deployment beside', () => {
  test('a tag that is gone has a past: when it went, and how to ask which commit it was', async () => {
    const tables = await startTables();
    onTestFinished(() => tables.close());
    const { tag } = recorder(tables);
    await tag('v1', '02:00', aDigest('b'));
    await tag('v1', '03:00');
    const { environment } = await openTransfer({
      DescribeImages: ({ imageIds }) =>
        imageIds ? refusing('ImageNotFoundException')() : { imageDetails: [] },
    });
    const { stdout } = await run(['doctor', 'pull', 'demo-api:v1', '--json'], {
      ...environmentOf(tables),
      ...environment,
    });
    const { cause, checks } = documentOf(stdout);
    expect(cause).toBe('tag-missing');
    const missing = checks.find(({ id }) => id === 'tag-missing');
    expect(missing?.says).toBe(
      'demo-api:v1 is not there. It was deleted at 2026-11-20 03:00:00 UTC (03:00:00Z); before, it was bbbbbbbbbbbb.',
    );
    expect(missing?.fix).toMatch(/^scan-response who demo-api:v1~1 says which commit it was; docker tag /);
  });
});

describe('the text of an error', () => {
  test('puts what it may mean first, and stands in the document', async () => {
    const { environment } = await openTransfer();
    const error = 'write /var/lib/docker/tmp/x: no space left on device, then toomanyrequests: Rate exceeded';
    const { exit, stdout } = await run(
      ['doctor', 'pull', 'demo-api:v1', '--error', error, '--json'],
      environment,
    );
    expect(exit).toBe(0);
    const document = documentOf(stdout);
    expect(document).toMatchObject({ recognised: ['disk', 'throttled'] });
    const [first, second] = document.checks.map(({ id }) => id);
    expect([first === 'disk' ? second : first]).toEqual(['throttled']);
  });

  test('may come from standard input', async () => {
    const { environment } = await openTransfer();
    const command = `echo 'no space left on device' | "${process.execPath}" "${file()}" doctor pull demo-api:v1 --error - --json`;
    const env = { PATH: process.env.PATH, TZ: 'UTC', ...environment };
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { env });
    expect(documentOf(stdout)).toMatchObject({ recognised: ['disk'] });
  });

  test('an unknown one says so, and nothing in a hostile one reaches the terminal', async () => {
    const { environment } = await openTransfer();
    const error = '\u001b]0;owned\u0007 all is lost \u202e';
    const { exit, stdout } = await run(['doctor', 'push', 'demo-api:v1', '--error', error], environment);
    expect(exit).toBe(0);
    expect(stdout).toContain(
      'the text  none of the 21 causes in docs/troubleshooting.md is known by this text',
    );
    expect(stdout).not.toContain('lost');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('when it cannot be looked into', () => {
  test('rights that are missing are said, and the rest goes on', async () => {
    const { environment } = await openTransfer({
      SimulatePrincipalPolicy: undefined as never,
      GetRepositoryPolicy: undefined as never,
    });
    const { exit, stdout } = await run(['doctor', 'pull', 'demo-api:v1'], environment);
    expect(exit).toBe(0);
    expect(stdout).toContain(
      '  unknown  rights                not checked: you may not iam:SimulatePrincipalPolicy\n',
    );
    expect(stdout).toContain('fix: Grant yourself');
    expect(stdout).toContain('no fault in what could be checked');
  });

  test.each([
    [['pull'], 'usage: scan-response doctor [push|pull REPO[:TAG|@DIGEST]]'],
    [['copy', 'demo-api'], 'usage: scan-response doctor [push|pull'],
    [['pull', 'Demo'], 'not a repository name'],
    [['pull', 'demo-api', '--role', 'me'], '--role takes the ARN'],
    [['pull', 'demo-api', '--vpc', 'mine; rm'], '--vpc takes the id'],
    [['pull', 'demo-api', '--region', 'evil.example/'], 'not a region'],
    [['pull', 'demo-api', '--account', '1'], '--account takes 12 digits'],
    [['pull', 'demo-api', '--platform', 'linux/arm64'], '--platform needs --layers'],
    [['--error', 'no basic auth'], 'doctor takes --error with push or pull only'],
  ])('%j is wrong usage', async (args, words) => {
    const { environment } = await openTransfer();
    const { exit, stdout, stderr } = await run(['doctor', ...args], environment);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(words);
  });
});
