import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { CHECK_IDS, type CheckId } from '../../lib/audit/catalogue.ts';
import { type Digest, digestOf } from '../../lib/image/digest.ts';
import { toInstant } from '../../lib/instant.ts';
import { saveRun, saveTask } from '../../lib/store/workload.ts';
import { runsOf } from '../../lib/workload/run.ts';
import { ServiceFault } from '../../local/json-protocol.ts';
import { aTask, aWorkload } from '../build/ecs.ts';
import { aRepository } from '../build/lineage.ts';
import {
  anIndexOf,
  answersOf,
  aStockRegistry,
  aStockRepository,
  platformsOf,
  type StockRegistry,
  type StockRepository,
} from '../doubles/audited-registry.ts';
import { type Answers, openAws } from '../doubles/aws.ts';
import { cliFile, cliOver, environmentOf } from '../doubles/cli.ts';
import type { Tables } from '../doubles/dynamodb.ts';
import { recorder } from '../doubles/lookup.ts';
import { startSts } from '../doubles/sts.ts';

const DAY_MS = 86_400_000;
const GENERAL = { Version: '2012-10-17' };

/** Images that are gone, or are called otherwise than in the healthy repository, run from these. */
interface Plant {
  readonly name: string;
  /** Made of the healthy repository of that name. */
  readonly repository?: Partial<StockRepository>;
  readonly registry?: Partial<StockRegistry>;
  /** What the task definition names, instead of the digest. */
  readonly reference?: string;
  readonly runs?: Digest;
  /** Tags on record of what runs. */
  readonly tags?: readonly string[];
}

function plantOf(check: CheckId, plant: Omit<Plant, 'name'> & { readonly name?: string } = {}): Plant {
  return { name: `prod/${check}`, ...plant };
}

const named = (check: CheckId) => `prod/${check}`;
const older = (check: CheckId, images: StockRepository['images']) => ({
  images: [anIndexOf(named(check)), ...images],
});
const lonely = { digest: digestOf('lonely'), tags: ['nightly'], pushedDaysAgo: 3, scan: 1 } as const;

/** One fault each, in a repository that is otherwise as it should be. */
const PLANTS: Readonly<Record<CheckId, Plant>> = {
  'running-gone': plantOf('running-gone', { runs: digestOf('expired') }),
  'running-archived': plantOf('running-archived', {
    repository: {
      images: [
        anIndexOf(named('running-archived'), { isArchived: true }),
        ...platformsOf(named('running-archived')),
      ],
    },
  }),
  'policy-public': plantOf('policy-public', {
    repository: {
      policy: { ...GENERAL, Statement: { Effect: 'Allow', Principal: '*', Action: 'ecr:PutImage' } },
    },
  }),
  'policy-wide': plantOf('policy-wide', {
    repository: {
      policy: {
        ...GENERAL,
        Statement: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: ['ecr:*'] }],
      },
    },
  }),
  'scan-unheard': plantOf('scan-unheard', { registry: { rule: 'DISABLED' } }),
  'scan-off': plantOf('scan-off', { name: 'stray/scan-off' }),
  'scan-filter-idle': plantOf('scan-filter-idle', { registry: { filters: ['prod/*', 'prdo/*'] } }),
  'running-never-scanned': plantOf('running-never-scanned', {
    repository: older('running-never-scanned', platformsOf(named('running-never-scanned'), 'never')),
  }),
  'running-unscannable': plantOf('running-unscannable', {
    repository: older('running-unscannable', platformsOf(named('running-unscannable'), 'failed')),
  }),
  'running-scan-old': plantOf('running-scan-old', {
    repository: older('running-scan-old', platformsOf(named('running-scan-old'), 45)),
  }),
  'tags-mutable': plantOf('tags-mutable', { repository: { mutability: 'MUTABLE', exclusions: [] } }),
  'tags-movable': plantOf('tags-movable', { repository: { exclusions: ['*latest', 'v*'] } }),
  'moving-tag-deployed': plantOf('moving-tag-deployed', { reference: ':prod-latest' }),
  'near-image-limit': plantOf('near-image-limit', { repository: { images: manyImages('near-image-limit') } }),
  'near-repository-limit': plantOf('near-repository-limit', {
    registry: {
      repositories: Array.from({ length: 80_000 }, (_, n) => aStockRepository(`other/${n}`, { images: [] })),
    },
  }),
  'near-tag-limit': plantOf('near-tag-limit', {
    repository: {
      images: [
        anIndexOf(named('near-tag-limit'), {
          tags: Array.from({ length: 900 }, (_, n) => `v1.${n}.0-abc1234`),
        }),
        ...platformsOf(named('near-tag-limit')),
      ],
    },
  }),
  'lifecycle-none': plantOf('lifecycle-none', { repository: { hasLifecycle: false } }),
  'running-without-commit': plantOf('running-without-commit', {
    repository: {
      images: [
        anIndexOf(named('running-without-commit'), { tags: [] }),
        ...platformsOf(named('running-without-commit')),
      ],
    },
    tags: ['v1.2.3'],
  }),
  'tags-without-commit': plantOf('tags-without-commit', {
    repository: {
      images: [anIndexOf(named('tags-without-commit')), ...platformsOf(named('tags-without-commit')), lonely],
    },
  }),
};

function manyImages(check: CheckId): StockRepository['images'] {
  const others = Array.from({ length: 96_000 }, (_, n) => ({
    ...{ digest: digestOf(`filler ${n}`), tags: [], pushedDaysAgo: 20 },
  }));
  return [anIndexOf(named(check)), ...platformsOf(named(check)), ...others];
}

/** Writes what the service knows of a repository: its newest index is on record and runs, on arm64. */
async function deploy(tables: Tables, plant: Plant): Promise<void> {
  const { name, runs, tags = ['v1.2.3-abc1234', 'prod-latest'] } = plant;
  const repository = aRepository({ name });
  const digest = runs ?? anIndexOf(name).digest;
  const [amd64, arm64] = platformsOf(name).map((it) => it.digest) as [Digest, Digest];
  await recorder(tables, repository).image(digest, tags, {
    kind: 'index',
    pushedAt: toInstant(new Date(Date.now() - 10 * DAY_MS)),
    platforms: [
      { digest: amd64, platform: 'linux/amd64' },
      { digest: arm64, platform: 'linux/arm64' },
    ],
  });
  const { reference = `@${digest}` } = plant;
  const image = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/${name}${reference}`;
  const container = { name: 'app', image, repository, digest };
  const tag = reference.startsWith(':') ? { tag: reference.slice(1) as never } : {};
  const task = aTask({
    workload: aWorkload({ name: name.replaceAll('/', '-') }),
    containers: [{ ...container, ...tag }],
  });
  for (const run of runsOf(task)) {
    await saveRun(tables.lineage, run.run);
    await saveTask(tables.lineage, run);
  }
}

const { ask, tables } = cliOver(async (to) => {
  await recorder(to, aRepository({ name: lonelyRepository() })).image(lonely.digest, lonely.tags);
  for (const plant of [{ name: 'prod/healthy' }, ...Object.values(PLANTS)]) await deploy(to, plant);
});
const file = cliFile();

function lonelyRepository(): string {
  return PLANTS['tags-without-commit'].name;
}

function registryWith(plants: readonly Plant[]): StockRegistry {
  const whole = Object.assign({}, ...plants.map(({ registry }) => registry));
  const repositories = [
    aStockRepository('prod/healthy'),
    ...plants.map(({ name, repository }) => aStockRepository(name, repository)),
    ...(whole.repositories ?? []),
  ];
  return aStockRegistry({ ...whole, repositories });
}

async function environment(registry: StockRegistry, more: Answers = {}) {
  const { url, asked } = await openAws({ ...answersOf(registry), ...more });
  return { env: { AWS_ENDPOINT_URL_ECR: url, AWS_ENDPOINT_URL_EVENTBRIDGE: url }, asked };
}

interface Found {
  readonly check: string;
  readonly repository?: string;
  readonly severity: string;
  readonly fix: string;
  readonly reason: string;
}

const ajv = new Ajv2020({ allErrors: true, strict: false });
for (const name of ['definitions', 'audit'])
  ajv.addSchema(JSON.parse(readFileSync(`docs/schemas/${name}.schema.json`, 'utf8')));

/** The findings of a document that is by its schema. */
function foundIn(stdout: string): readonly Found[] {
  const document = JSON.parse(stdout);
  const isAudit = ajv.getSchema('urn:scan-response:audit:v1');
  expect(isAudit?.(document), JSON.stringify(isAudit?.errors)).toBe(true);
  return document.findings;
}

const PATTERNS = ['prod/*', 'stray/*'];
const QUICK = ['--rate', '5000'];

test.each<[string, Partial<StockRegistry>]>([
  ['basic scanning on push', {}],
  ['enhanced scanning on push', { scanType: 'ENHANCED' }],
  ['enhanced continuous scanning', { scanType: 'ENHANCED', frequency: 'CONTINUOUS_SCAN' }],
])('a production profile with %s: nothing is found, and nothing was left out', async (_, scanning) => {
  const { env } = await environment({ ...registryWith([]), ...scanning });
  const { exit, stdout, stderr } = await ask(['audit', '--json', '--fail-on', 'low', ...QUICK], env);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(foundIn(stdout)).toEqual([]);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ failures: [], notChecked: [], isWhole: true, repositories: 1, images: 4 },
  });
});

test('with continuous scanning the age of a scan says nothing', async () => {
  const registry = registryWith([PLANTS['running-scan-old']]);
  const { env } = await environment({ ...registry, scanType: 'ENHANCED', frequency: 'CONTINUOUS_SCAN' });
  const { stdout } = await ask(['audit', '--json', ...QUICK], env);
  expect(foundIn(stdout)).toEqual([]);
});

test('with --role the registry is read with that role, and the rules of the deployment are not asked for', async () => {
  const sts = await startSts();
  onTestFinished(() => sts.close());
  const { env, asked } = await environment({ ...registryWith([]), rule: 'missing' });
  const role = 'arn:aws:iam::111122223333:role/registry-auditor';
  const { exit, stdout } = await ask(['audit', '--json', '--role', role, ...QUICK], {
    ...env,
    AWS_ENDPOINT_URL_STS: sts.url,
  });
  expect({ exit, found: foundIn(stdout) }).toEqual({ exit: 0, found: [] });
  expect(sts.assumed).toEqual([role]);
  expect(asked).not.toContain('DescribeRule');
});

test.each(CHECK_IDS)('%s, planted in a healthy registry, is found and nothing else is', async (check) => {
  const plant = PLANTS[check];
  const { env } = await environment(registryWith([plant]));
  const { exit, stdout, stderr } = await ask(
    ['audit', ...PATTERNS, '--json', '--fail-on', 'low', ...QUICK],
    env,
  );
  expect({ exit, stderr }).toEqual({ exit: 4, stderr: '' });
  const found = foundIn(stdout);
  expect(found.map((it) => it.check)).toEqual([check]);
  const isRegistrys = plant.registry !== undefined;
  expect(found[0]?.repository).toBe(isRegistrys ? undefined : plant.name);
  expect(found[0]?.reason).toMatch(/\.$/);
  expect(found[0]?.fix).not.toBe('');
});

test('all of them at once: each is found once, in its place, the worst first', async () => {
  const { env } = await environment(registryWith(Object.values(PLANTS)));
  const { exit, stdout } = await ask(['audit', ...PATTERNS, '--json', ...QUICK], env);
  expect(exit).toBe(4);
  const found = foundIn(stdout);
  expect(found.map((it) => it.check).sort()).toEqual([...CHECK_IDS].sort());
  const order = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];
  const ranks = found.map(({ severity }) => order.indexOf(severity));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
});

describe('without a deployment', () => {
  test('what needs one is skipped and named, the rest is found', async () => {
    const plants = [PLANTS['lifecycle-none'], PLANTS['running-gone'], PLANTS['tags-mutable']];
    const { env } = await environment({ ...registryWith(plants), rule: 'missing' });
    const elsewhere = { ...env, SCAN_RESPONSE_LINEAGE_TABLE: 'nobody-made-it' };
    const { exit, stdout } = await ask(['audit', '--json', ...QUICK], elsewhere);
    expect(exit).toBe(0);
    expect(foundIn(stdout).map(({ check }) => check)).toEqual(['lifecycle-none']);
    const { notChecked } = JSON.parse(stdout) as { notChecked: readonly { check: string; why: string }[] };
    expect(notChecked.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'running-gone',
        'running-never-scanned',
        'scan-unheard',
        'tags-mutable',
        'tags-without-commit',
      ]),
    );
    expect(notChecked.length).toBe(11);
    const { stdout: words } = await ask(['audit', '--production', 'prod/*', ...QUICK], elsewhere);
    expect(words).toContain('nothing of the stage dev is deployed here');
    expect(words).toContain('tags-mutable: It is production');
  });
});

describe('an audit that cannot come to its end', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-'));
    return () => rm(folder, { recursive: true });
  });

  test('says what it may not read, and goes on', async () => {
    const refuse = () => {
      throw new ServiceFault(
        'AccessDeniedException',
        'User: me is not authorized to perform: ecr:GetLifecyclePolicy on it',
      );
    };
    const { env } = await environment(registryWith([]), { GetLifecyclePolicy: refuse });
    const { exit, stdout } = await ask(['audit', ...QUICK], env);
    expect(exit).toBe(0);
    expect(stdout).toContain('lifecycle-none (in 1 repository): you may not ecr:GetLifecyclePolicy');
  });

  test('a registry that throttles is asked again', async () => {
    const answers = answersOf(registryWith([PLANTS['lifecycle-none']]));
    let calls = 0;
    const { env } = await environment(registryWith([PLANTS['lifecycle-none']]), {
      GetLifecyclePolicy(input) {
        calls += 1;
        if (calls % 2 === 1) throw new ServiceFault('ThrottlingException', 'Rate exceeded');
        return (answers.GetLifecyclePolicy as (it: unknown) => unknown)(input);
      },
    });
    const { exit, stdout } = await ask(['audit', '--json', ...QUICK], env);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ isWhole: true, failures: [] });
    expect(foundIn(stdout).map(({ check }) => check)).toEqual(['lifecycle-none']);
  });

  test('one that cannot be read is named, kept for later, and not asked about twice', async () => {
    const state = join(folder, 'failed.json');
    const registry = registryWith([PLANTS['lifecycle-none'], PLANTS['tags-mutable']]);
    const answers = answersOf(registry);
    const broken = await environment(registry, {
      GetRepositoryPolicy(input) {
        if (input.repositoryName === 'prod/healthy') throw new ServiceFault('KmsException', 'no key');
        return (answers.GetRepositoryPolicy as (it: unknown) => unknown)(input);
      },
    });
    const first = await ask(['audit', '--fail-on', 'none', '--resume', state, ...QUICK], broken.env);
    expect(first.exit).toBe(5);
    expect(first.stdout).toContain('prod/healthy: KmsException: no key');
    expect(first.stderr).toContain(`--resume ${state} goes on from here`);
    const other = await ask(['audit', 'prod/*', '--resume', state, ...QUICK], broken.env);
    expect(other).toMatchObject({ exit: 1, stdout: '' });
    expect(other.stderr).toContain('is of another audit');
    const healed = await environment(registry);
    const again = await ask(
      ['audit', '--fail-on', 'none', '--resume', state, '--json', ...QUICK],
      healed.env,
    );
    expect(again.exit).toBe(0);
    expect(healed.asked.filter((name) => name === 'DescribeImages')).toHaveLength(1);
    expect(foundIn(again.stdout).map(({ check }) => check)).toEqual(['tags-mutable', 'lifecycle-none']);
    expect(existsSync(state)).toBe(false);
  });

  test('one that may not list the repositories says what it needs', async () => {
    const { env } = await environment(registryWith([]), {
      DescribeRepositories() {
        throw new ServiceFault('AccessDeniedException', 'User: me is not authorized');
      },
    });
    const { exit, stdout, stderr } = await ask(['audit', ...QUICK], env);
    expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
    expect(stderr).toContain('the audit needs ecr:DescribeRepositories and ecr:DescribeImages');
    expect(stderr).not.toContain('dynamodb');
  });

  test('a login that ends in the middle ends the audit, and what is done is kept', async () => {
    const state = join(folder, 'expired.json');
    const names = Array.from({ length: 200 }, (_, n) => `prod/n${n}`);
    const registry = aStockRegistry({
      repositories: names.map((it) => aStockRepository(it, { images: [] })),
    });
    const answers = answersOf(registry);
    let lists = 0;
    const ending = await environment(registry, {
      DescribeImages(input) {
        lists += 1;
        if (lists > 50) throw new ServiceFault('ExpiredTokenException', 'The security token is expired');
        return (answers.DescribeImages as (it: unknown) => unknown)(input);
      },
    });
    const first = await ask(['audit', '--json', '--resume', state, ...QUICK], ending.env);
    expect(first.exit).toBe(5);
    const { repositories, left, failures } = JSON.parse(first.stdout);
    expect(repositories).toBe(50);
    expect(failures.length).toBeLessThan(60);
    expect(repositories + left + failures.length).toBe(200);
    const later = await environment(registry);
    const again = await ask(['audit', '--json', '--resume', state, ...QUICK], later.env);
    expect(JSON.parse(again.stdout)).toMatchObject({ isWhole: true, repositories: 200 });
    expect(later.asked.filter((name) => name === 'DescribeImages')).toHaveLength(150);
  });

  test('Ctrl-C writes how far it is and says how to go on; a changed registry in between is fine', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `prod/n${n}`);
    const without = (name: string) => aStockRepository(name, { images: [], hasLifecycle: false });
    const registry = aStockRegistry({ repositories: names.map(without) });
    const slow = await environment(registry);
    const child = spawn(process.execPath, [file(), 'audit', '--json', '--rate', '60', '--progress'], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...environmentOf(tables()), ...slow.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const outputs = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    await expect.poll(() => slow.asked.length, { timeout: 15_000 }).toBeGreaterThan(90);
    child.kill('SIGINT');
    const [stdout, stderr, [exit]] = await outputs;
    expect(exit).toBe(5);
    expect(stderr).toMatch(/^\d+ of 60 repositories$/m);
    expect(stderr).toContain(
      'stopped; the same command with --resume scan-response-audit.state.json goes on',
    );
    const { repositories, left } = JSON.parse(stdout);
    expect(repositories).toBeGreaterThan(0);
    expect(left).toBe(60 - repositories);
    const later = await environment({
      ...registry,
      repositories: [...names.slice(1), 'prod/new'].map(without),
    });
    const state = join(folder, 'scan-response-audit.state.json');
    const again = await ask(['audit', '--json', '--resume', state, ...QUICK], later.env);
    expect(again.exit).toBe(0);
    expect(foundIn(again.stdout)).toHaveLength(60);
    const visited = later.asked.filter((name) => name === 'DescribeImages').length;
    expect(visited).toBeGreaterThan(0);
    expect(visited).toBeLessThanOrEqual(left + 1);
  });

  test('SARIF is written beside what a person reads', async () => {
    const sarif = join(folder, 'audit.sarif');
    const { env } = await environment(registryWith([PLANTS['running-gone']]));
    const { exit, stdout } = await ask(['audit', '--sarif', sarif, ...QUICK], env);
    expect(exit).toBe(4);
    expect(stdout).toMatch(/^ {2}CRITICAL {2}running-gone: prod\/prod-running-gone \(app\) runs /m);
    expect(stdout).toContain('1 critical, 0 high, 0 medium, 0 low');
    const { runs } = JSON.parse(readFileSync(sarif, 'utf8'));
    expect(runs[0].results).toMatchObject([{ ruleId: 'running-gone', level: 'error' }]);
  });
});

test.each([
  [['audit', 'Prod_API'], 'not a repository, nor a pattern'],
  [['audit', '--older-than', 'soon'], '--older-than takes a number of days'],
  [['audit', '--rate', '0'], '--rate takes calls a second'],
  [['audit', '--fail-on', 'worst'], '--fail-on takes critical, high'],
])('%j is told before anybody is asked', async (args, words) => {
  const { exit, stdout, stderr } = await ask(args, { AWS_ENDPOINT_URL_ECR: 'http://127.0.0.1:1' });
  expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
  expect(stderr).toContain(words);
});

test('a name that no repository has is not found', async () => {
  const { env } = await environment(registryWith([]));
  const { exit, stderr } = await ask(['audit', 'nowhere/*', ...QUICK], env);
  expect(exit).toBe(2);
  expect(stderr).toContain('no repository is named nowhere/*');
});
