import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { basicAnswer, enhancedAnswer } from '../../local/ecr/findings.ts';
import type { ScanAnswer } from '../../local/ecr/scan-answer.ts';
import { basicFindings, enhancedFindings } from './findings.ts';
import { gateDocument, gateScene } from './gate.ts';

const { registry, ecr, gate, scanned } = gateScene();
const AMD64 = 'linux/amd64';
const ARM64 = 'linux/arm64';

const description = 'UnsupportedImageError: not an operating system';
const basic = (status: string): ScanAnswer => ({ status, description });
const enhanced = (status: string): ScanAnswer => ({ status, description, enhancedFindings: [] });

/** AWS's ten statuses: ScanStatus in https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html */
describe('each of the ten scan statuses, from both scanners', () => {
  test.each<[string, string, ScanAnswer, number, string]>([
    ['ACTIVE', 'clean', enhancedAnswer([]), 0, 'PASSED'],
    ['ACTIVE', 'with a critical', enhancedAnswer(enhancedFindings('CRITICAL')), 1, 'BLOCKED'],
    ['ACTIVE', 'without counts', enhanced('ACTIVE'), 2, 'its findings cannot be read yet'],
    ['COMPLETE', 'basic, clean', basicAnswer([]), 0, 'PASSED'],
    ['COMPLETE', 'basic, with a critical', basicAnswer(basicFindings('CRITICAL')), 1, 'BLOCKED'],
    ['COMPLETE', 'basic, without counts', basic('COMPLETE'), 2, 'its findings cannot be read yet'],
    ['COMPLETE', 'enhanced, clean', enhancedAnswer([], { status: 'COMPLETE' }), 0, 'PASSED'],
    [
      'COMPLETE',
      'enhanced, with a critical',
      enhancedAnswer(enhancedFindings('CRITICAL'), { status: 'COMPLETE' }),
      1,
      'BLOCKED',
    ],
    ['COMPLETE', 'enhanced, without counts', enhanced('COMPLETE'), 2, 'cannot be read yet'],
    ...(
      [
        ['FAILED', 'start-image-scan'],
        ['FINDINGS_UNAVAILABLE', 'Inspector has no findings to give now'],
        ['IMAGE_ARCHIVED', 'restore the image'],
        ['IN_PROGRESS', 'it is being scanned'],
        ['LIMIT_EXCEEDED', 'a quota of scans is used up'],
        ['PENDING', 'waits for its turn'],
        ['SCAN_ELIGIBILITY_EXPIRED', 'scans of it have ended'],
        ['UNSUPPORTED_IMAGE', 'does not know its operating system'],
      ] as const
    ).flatMap(([status, words]): [string, string, ScanAnswer, number, string][] => [
      [status, 'basic', basic(status), 2, words],
      [status, 'enhanced', enhanced(status), 2, words],
    ]),
    [
      'QUARANTINED',
      'that AWS has not invented yet',
      basic('QUARANTINED'),
      2,
      'look at the image in the console',
    ],
  ])('%s, %s', async (status, which, answer, exit, words) => {
    const repository = `${status}/${which}`.toLowerCase().replace(/[^a-z/]+/g, '-');
    const digest = scanned(repository, answer);
    const text = await gate([`${repository}:latest`]);
    expect(text).toMatchObject({ exit, stderr: `${repository}:latest is ${digest}\n` });
    expect(text.stdout).toContain(words);
    if (exit === 2) {
      expect(text.stdout).toMatch(/^NOT SCANNED {2}/);
      expect(text.stdout).toContain(`(${status})`);
      expect(text.stdout).toMatch(/^ {2}to do /m);
    }
  });

  test('no scan at all', async () => {
    scanned('never/scanned');
    const { exit, stdout } = await gate(['never/scanned:latest']);
    expect({ exit, said: stdout.split('\n')[0] }).toEqual({
      exit: 2,
      said: expect.stringMatching(
        /^NOT SCANNED {2}never\/scanned:latest: sha256:\w+ \(NOT_FOUND\): no scan has begun$/,
      ),
    });
    expect(stdout).toContain('switch scan on push');
  });
});

describe('waiting', () => {
  test('a scan that completes while it waits, and one that turns out bad', async () => {
    const good = scanned('wait/good', { status: 'IN_PROGRESS' });
    const bad = scanned('wait/bad', { status: 'PENDING' });
    const runs = [gate(['wait/good:latest', '--wait', '15s']), gate(['wait/bad:latest', '--wait', '15s'])];
    await sleep(1500);
    registry.setScan('wait/good', good, basicAnswer([]));
    registry.setScan('wait/bad', bad, enhancedAnswer(enhancedFindings('CRITICAL')));
    const [passed, blocked] = await Promise.all(runs);
    expect(passed).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^PASSED/) });
    expect(blocked).toMatchObject({ exit: 1, stdout: expect.stringMatching(/^BLOCKED/) });
    expect(passed?.tookMs).toBeLessThan(15_000);
    // One line for the log, and not one for each look.
    expect(passed?.stderr).toBe(`wait/good:latest is ${good}\n`);
  });

  test('the digest that the tag meant at first is the one that is judged', async () => {
    const digest = scanned('wait/moved', { status: 'IN_PROGRESS' });
    const run = gate(['wait/moved:latest', '--wait', '15s', '--json']);
    await expect.poll(() => registry.find('wait/moved')?.tags.get('latest')).toBe(digest);
    await sleep(1500);
    const other = registry.push('wait/moved', { tags: ['latest'] }).digest;
    registry.setScan('wait/moved', other, basicAnswer(basicFindings('CRITICAL')));
    registry.setScan('wait/moved', digest, basicAnswer([]));
    const { exit, stdout } = await run;
    expect(exit).toBe(0);
    expect(gateDocument(stdout)).toMatchObject({ verdict: 'passed', image: { digest } });
  });

  test('it is not passed when the time is over, and not long after that', async () => {
    scanned('wait/over', { status: 'PENDING' });
    const { exit, stdout, tookMs } = await gate(['wait/over:latest', '--wait', '2s']);
    expect(exit).toBe(2);
    expect(stdout).toContain('(PENDING): its scan waits for its turn');
    expect(tookMs).toBeGreaterThan(2000);
  });

  test.each(['FAILED', 'UNSUPPORTED_IMAGE'])('%s is not waited for', async (status) => {
    const repository = `wait/${status.toLowerCase()}`;
    scanned(repository, { status });
    const { exit, tookMs } = await gate([`${repository}:latest`, '--wait', '10m']);
    expect(exit).toBe(2);
    expect(tookMs).toBeLessThan(15_000);
  });

  test('throttled and failing calls are pauses', async () => {
    const digest = scanned('wait/throttled', basicAnswer([]));
    // More than the client tries by itself.
    ecr().fail('DescribeImageScanFindings', 5, 'ThrottlingException');
    ecr().fail('DescribeImageScanFindings', 1, 'ServerException');
    const { exit, stdout } = await gate([`wait/throttled@${digest}`, '--wait', '15s']);
    expect({ exit, said: stdout.slice(0, 6) }).toEqual({ exit: 0, said: 'PASSED' });
  });

  test('a registry that answers nobody until the time is over is neither passed nor blocked', async () => {
    const digest = scanned('wait/silent', basicAnswer([]));
    ecr().fail('DescribeImageScanFindings', 100, 'ThrottlingException');
    const { exit, stdout, stderr } = await gate([`wait/silent@${digest}`, '--wait', '2s']);
    ecr().heal();
    expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
    expect(stderr).toContain('AWS could not be asked: ThrottlingException');
  });
});

describe('an image index', () => {
  test('every platform counts, and what is on two of them counts once', async () => {
    const { digest, children } = registry.push('index/whole', { tags: ['v1'], platforms: [AMD64, ARM64] });
    for (const child of children)
      registry.setScan('index/whole', child.digest, enhancedAnswer(enhancedFindings('CRITICAL', 2)));
    const run = await gate(['index/whole:v1', '--json', '--max-critical', '1']);
    expect(run.exit).toBe(1);
    expect(gateDocument(run.stdout)).toMatchObject({
      image: { digest },
      kind: 'index',
      counted: [{ severity: 'CRITICAL', count: 2, max: 1 }],
      blocking: [{ platforms: [AMD64, ARM64] }, { platforms: [AMD64, ARM64] }],
    });
    expect((await gate(['index/whole:v1', '--max-critical', '2'])).exit).toBe(0);
  });

  test('whose one platform is not scanned is not passed; with one finding too many it is blocked', async () => {
    const { children } = registry.push('index/part', { tags: ['v1'], platforms: [AMD64, ARM64] });
    const amd64 = children[0]?.digest ?? '';
    registry.setScan('index/part', amd64, enhancedAnswer([]));
    const { exit, stdout } = await gate(['index/part:v1']);
    expect(exit).toBe(2);
    expect(stdout).toContain(`${ARM64} (NOT_FOUND): no scan has begun`);
    registry.setScan('index/part', amd64, enhancedAnswer(enhancedFindings('CRITICAL')));
    expect(await gate(['index/part:v1', '--wait', '10m'])).toMatchObject({
      exit: 1,
      stdout: expect.stringContaining(`UNKNOWN   ${ARM64} (NOT_FOUND)`),
    });
  });
});

describe('limits', () => {
  test('of several severities, and none of the others', async () => {
    const { findings } = basicAnswer([...basicFindings('HIGH', 3), ...basicFindings('LOW', 40)]);
    scanned('limits/several', basicAnswer(findings ?? []));
    const ask = (...args: string[]) => gate(['limits/several:latest', ...args]);
    expect((await ask()).exit).toBe(0);
    expect((await ask('--max-high', '3', '--max-low', '40')).exit).toBe(0);
    const { exit, stdout } = await ask('--max-high', '2');
    expect(exit).toBe(1);
    expect(stdout).toMatch(/^BLOCKED {2}limits\/several:latest: 3 high \(at most 2\)$/m);
    expect(stdout).toContain('TOO MANY  3 high, at most 2');
    expect(stdout).toContain('found     40 low, no limit');
    expect(stdout).toContain('high      CVE-2026-HIGH-0 lib0 1.0 (fix not told)');
    expect((await ask('--max-low', '39')).exit).toBe(1);
  });

  test('--only-fixable: what has no fix does not block, and what nobody knows is not passed', async () => {
    const [fixed] = enhancedFindings('CRITICAL');
    const open = { ...fixed, fixAvailable: 'NO', severity: 'CRITICAL' };
    scanned('limits/unfixable', enhancedAnswer([open]));
    expect((await gate(['limits/unfixable:latest'])).exit).toBe(1);
    expect((await gate(['limits/unfixable:latest', '--only-fixable'])).exit).toBe(0);
    scanned('limits/fixable', enhancedAnswer([fixed ?? open, open]));
    const { exit, stdout } = await gate(['limits/fixable:latest', '--only-fixable']);
    expect(exit).toBe(1);
    expect(stdout).toContain('1 critical with a fix (at most 0)');
    expect(stdout).toContain('lib0 1.0 → 1.1');
    scanned('limits/basic', basicAnswer(basicFindings('CRITICAL')));
    const unknown = await gate(['limits/basic:latest', '--only-fixable']);
    expect(unknown.exit).toBe(2);
    expect(unknown.stdout).toContain('does not say which critical findings have a fix');
    expect(unknown.stdout).toContain('leave --only-fixable out');
  });

  test('a list that is shorter than its counts is not whole', async () => {
    scanned('limits/short', basicAnswer([], { counts: { CRITICAL: 1 } }));
    const blocked = await gate(['limits/short:latest']);
    expect(blocked.exit).toBe(1);
    const { exit, stdout } = await gate(['limits/short:latest', '--max-critical', '1']);
    expect(exit).toBe(2);
    expect(stdout).toContain('fewer critical findings can be read than AWS counts');
  });

  test.each([
    ['enhanced', enhancedAnswer(enhancedFindings('MEDIUM', 1205)), enhancedFindings('CRITICAL')],
    ['basic', basicAnswer(basicFindings('MEDIUM', 1205)), basicFindings('CRITICAL')],
  ])('more than 1,000 findings, %s: the last page counts like the first', async (type, many, last) => {
    const repository = `limits/many-${type}`;
    const digest = scanned(repository, many);
    expect((await gate([`${repository}:latest`, '--max-medium', '1205'])).exit).toBe(0);
    expect((await gate([`${repository}:latest`, '--max-medium', '1204'])).exit).toBe(1);
    const field = type === 'basic' ? 'findings' : 'enhancedFindings';
    const all = {
      ...many,
      [field]: [...(many[field] ?? []), ...last],
      counts: { MEDIUM: 1205, CRITICAL: 1 },
    };
    registry.setScan(repository, digest, all);
    const { exit, stdout } = await gate([`${repository}:latest`, '--json']);
    expect(exit).toBe(1);
    expect(gateDocument(stdout)).toMatchObject({ blocking: [{ id: 'CVE-2026-CRITICAL-0' }] });
  });
});

describe('what is not there, and what is wrong', () => {
  test('a repository, a tag and a digest that do not exist are not scanned', async () => {
    scanned('there/is');
    const nowhere = `sha256:${'0'.repeat(64)}`;
    for (const [reference, words] of [
      ['there/is-not:latest', 'there is no such repository'],
      ['there/is:nothing', 'there is no such image'],
      [`there/is@${nowhere}`, 'there is no such image'],
    ] as const) {
      const { exit, stdout } = await gate([reference, '--wait', '10m']);
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: expect.stringContaining(words) });
      const { stdout: json } = await gate([reference, '--json']);
      expect(gateDocument(json)).toMatchObject({
        verdict: 'unscanned',
        error: expect.stringContaining(words),
      });
    }
  });

  test('what is no image cannot be scanned', async () => {
    const image = scanned('there/chart', basicAnswer([]));
    const run = {
      workflow: 'build.yml',
      repository: 'example/demo',
      ref: 'refs/heads/main',
      commit: 'a'.repeat(40),
    };
    const { digest } = registry.attest('there/chart', image, run as never);
    const { exit, stdout } = await gate([`there/chart@${digest}`, '--wait', '10m']);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: expect.stringContaining('no image in it') });
  });

  test.each([
    ['10', '--wait takes 90s'],
    ['-1s', '--wait'],
  ])('--wait %j is usage, 64', async (wait, words) => {
    const { exit, stdout, stderr } = await gate(['there/is:latest', `--wait=${wait}`]);
    expect({ exit, stdout }).toEqual({ exit: 64, stdout: '' });
    expect(stderr).toContain(words);
  });

  test.each(['0', '90s', '10m'])('--wait %s is taken', async (wait) => {
    scanned('there/clean', basicAnswer([]));
    expect((await gate(['there/clean:latest', '--wait', wait])).exit).toBe(0);
  });

  test.each([
    [['there/is']],
    [[]],
    [['There:latest']],
    [['there/is:latest', '--max-critical', '-1']],
    [['there/is:latest', '--max-high=many']],
    [['there/is:latest', '--limit', '1']],
    [['there/is:latest', '--wait']],
  ])('%j is usage, 64: neither blocked nor passed', async (args) => {
    expect(await gate(args)).toMatchObject({ exit: 64, stdout: '' });
  });

  test('AWS that cannot be asked is 5, with the permissions that are missing', async () => {
    ecr().fail('DescribeImages', 1, 'AccessDeniedException');
    const denied = await gate(['there/is:latest']);
    expect(denied).toMatchObject({ exit: 5, stdout: '' });
    expect(denied.stderr).toContain('ecr:DescribeImageScanFindings');
    expect(denied.stderr).not.toContain('dynamodb');
    const nobody = await gate(['there/is:latest'], { AWS_ENDPOINT_URL_ECR: 'http://127.0.0.1:1' });
    expect(nobody).toMatchObject({ exit: 5, stdout: '' });
    const nowhere = await gate(['there/is:latest'], { AWS_REGION: '' });
    expect(nowhere).toMatchObject({ exit: 5, stdout: '', stderr: expect.stringContaining('set AWS_REGION') });
  });

  test('--help has the codes of the gate', async () => {
    const { exit, stdout } = await gate(['--help']);
    expect(exit).toBe(0);
    expect(stdout).toContain('0 passed; 1 blocked; 2 not scanned');
    expect(stdout).toContain('64 usage; 5 AWS could not be asked');
  });
});

test('a name with its registry needs no region of the caller', async () => {
  scanned('far/away', basicAnswer([]));
  const name = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/far/away:latest';
  expect(await gate([name], { AWS_REGION: '' })).toMatchObject({ exit: 0 });
});
