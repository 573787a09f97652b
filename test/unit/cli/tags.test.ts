import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { bundledCli } from '../../doubles/cli.ts';
import { openClone } from '../../doubles/clone.ts';

const bundled = bundledCli();
const { folder, clone, environment, git, commit } = openClone();
const head = commit();
git('-C', clone, 'tag', 'v1.2.3');
git('-C', clone, 'tag', 'v1.2.3;touch');
git('-C', clone, 'remote', 'add', 'origin', 'https://me:hush@github.com/example/demo-api.git');
const dirty = join(folder, 'dirty');
git('clone', '-q', clone, dirty);
writeFileSync(join(dirty, 'new.txt'), '');
const shallow = join(folder, 'shallow');
git('clone', '-q', '--depth', '1', '--no-tags', `file://${clone}`, shallow);

const ECR = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/demo-api';
const EPOCH = { SOURCE_DATE_EPOCH: '1795219800' };

/** In a clone, with git and without anything of AWS: no region, no credentials, no table. */
function tags(at: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  return bundled(['tags', ...args, '--clone', at], { ...environment, ...EPOCH, ...more });
}

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false });
for (const name of ['definitions', 'tags'])
  ajv.addSchema(JSON.parse(readFileSync(`docs/schemas/${name}.schema.json`, 'utf8')));
const matches = (text: string) => ajv.validate('urn:scan-response:tags:v1', JSON.parse(text));

describe('a clean commit that is a version', () => {
  const short = head.slice(0, 7);

  test('as text', async () => {
    const { exit, stdout, stderr } = await tags(clone, [ECR, '--env', 'prod', '--build', '57']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      `${ECR}:${head}`,
      expect.stringMatching(`^${ECR}:v1\\.2\\.3-${short}[0-9a-f]*$`),
      `${ECR}:prod-latest`,
      `${ECR}:build-57`,
      '',
      `org.opencontainers.image.revision=${head}`,
      'org.opencontainers.image.source=https://github.com/example/demo-api',
      'org.opencontainers.image.version=v1.2.3',
      'org.opencontainers.image.created=2026-11-21T00:10:00Z',
      '',
    ]);
  });

  test.each([[['--json']], [['--format', 'json']]])('as a document: %j', async (form) => {
    const { stdout } = await tags(clone, [ECR, ...form]);
    expect(matches(stdout)).toBe(true);
    expect(JSON.parse(stdout)).toMatchObject({ commit: head, isDirty: false, isShallow: false, doubts: [] });
    expect(JSON.parse(stdout).names[0]).toBe(`${ECR}:${head}`);
  });

  test('the password of the remote, and what is no version, is in no form', async () => {
    for (const format of ['text', 'docker', 'bake', 'github', 'json']) {
      const { exit, stdout, stderr } = await tags(clone, [ECR, '--format', format]);
      expect(exit).toBe(0);
      expect(`${stdout}${stderr}`).not.toMatch(/hush|me:|touch/);
    }
  });

  test('bash takes docker’s arguments as they are', async () => {
    const { stdout } = await tags(clone, [ECR, '--format', 'docker']);
    const script = `printf '%s\\n' $1`;
    const read = await promisify(execFile)('bash', ['--norc', '-c', script, 'bash', stdout]);
    const words = read.stdout.split('\n').filter((word) => word !== '');
    expect(words.filter((word) => word === '--tag')).toHaveLength(2);
    expect(words.filter((word) => word === '--label')).toHaveLength(4);
    expect(words).toContain(`org.opencontainers.image.revision=${head}`);
  });
});

describe('a dirty tree', () => {
  test('is named so, and said', async () => {
    const { exit, stdout, stderr } = await tags(dirty, []);
    expect(exit).toBe(0);
    expect(stdout).toContain(`${head}-dirty\n`);
    expect(stdout).toContain(`revision=${head}-dirty`);
    expect(stderr).toContain('0 changed and 1 untracked; its tags and its revision end in -dirty');
  });

  test('is refused with --require-clean: nothing for a script to use', async () => {
    const refused = await tags(dirty, ['--require-clean']);
    expect(refused).toMatchObject({ exit: 2, stdout: '' });
    expect(refused.stderr).toContain('the work tree is not clean: 0 changed and 1 untracked');
    const { stdout, exit } = await tags(dirty, ['--require-clean', '--json']);
    expect(exit).toBe(2);
    expect(matches(stdout)).toBe(true);
    expect(JSON.parse(stdout)).not.toHaveProperty('tags');
  });
});

test('a shallow clone does not know whether it is a version', async () => {
  const { exit, stdout, stderr } = await tags(shallow, []);
  expect(exit).toBe(0);
  expect(stdout).not.toContain('v1.2.3');
  expect(stderr).toContain('fetch-depth: 0');
});

test('the merge of a pull request is in no branch', async () => {
  const { stderr } = await tags(clone, [], { GITHUB_REF: 'refs/pull/7/merge' });
  expect(stderr).toContain('it will be in no branch');
});

test.each([
  [['--format', 'docker'], '--format docker needs to know where'],
  [['--format', 'xml'], '--format takes text, docker, bake, github, json'],
  [['demo-api:latest'], 'say the repository without a tag'],
  [['--env', 'a b'], '--env takes letters'],
  [['--clone', '/nowhere'], 'there is no clone here'],
])('%j is wrong usage', async (args, says) => {
  const { exit, stdout, stderr } = await bundled(['tags', ...args], { ...environment });
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
  expect(stderr).toContain(says);
});

test('without git it says so', async () => {
  const { exit, stderr } = await bundled(['tags', '--clone', clone], { PATH: folder });
  expect(exit).toBe(1);
  expect(stderr).toContain('git is not here, or did not answer');
});
