import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { toCounts } from '../../../lib/scan/severity.ts';
import { saveVerification } from '../../../lib/store/reconciliation.ts';
import { saveTagEvent } from '../../../lib/store/tag-history.ts';
import { aDigest, aRepository, aTagEvent, aTagName, at } from '../../build/lineage.ts';
import { aScan } from '../../build/scan.ts';
import { cliOver } from '../../doubles/cli.ts';
import { recorder } from '../../doubles/lookup.ts';

const [A, B, C] = ['a', 'b', 'c'].map(aDigest) as [Digest, Digest, Digest];
const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const platforms = [
  { digest: aDigest('1'), platform: 'linux/amd64' },
  { digest: aDigest('2'), platform: 'linux/arm64' },
];

const { ask, tables } = cliOver(async (tables) => {
  const demo = recorder(tables);
  await demo.tag('latest', '01:00', A);
  await demo.tag('latest', '16:30', B);
  await demo.tag('old', '01:00', A);
  await demo.tag('old', '02:00');
  await demo.image(A, ['latest', COMMIT, 'main-f00df00']);
  const counts = toCounts({ CRITICAL: 2, HIGH: 1, UNTRIAGED: 4 });
  const states = [
    { digest: aDigest('1'), platform: 'linux/amd64', state: 'scanned' as const },
    { digest: aDigest('2'), platform: 'linux/arm64', state: 'pending' as const, status: 'IN_PROGRESS' },
  ];
  await demo.image(B, ['latest'], { kind: 'index', platforms, pushedAt: at('16:29:59') });
  await demo.scan(B, aScan({ counts, platforms: states }));
  for (const region of ['eu-west-1', 'us-east-1']) {
    await recorder(tables, aRepository({ name: 'web/shop', region })).tag('latest', '01:00', C);
  }
});

describe('who', () => {
  test('prints the answer first, then how it is known, then the doubts', async () => {
    const { stdout, stderr, exit } = await ask(['who', 'demo-api:latest', '--at', '2026-11-20T10:00:00Z']);
    const [first, ...rows] = stdout.trimEnd().split('\n');
    expect(first).toMatch(
      /^demo-api:latest {2}0a1b2c3d4e5f {2}aaaaaaaaaaaa {2}since \d+ [hd] \d+ (min|h) ago$/,
    );
    expect(rows.join('\n')).toBe(`  asked for 2026-11-20 10:00:00 UTC (10:00:00Z)
  commit    ${COMMIT}  (from the tag, unverified: ${COMMIT})
            CONFLICT: the tag main-f00df00 says f00df00
  digest    ${A}
  where     demo-api in 111122223333/eu-west-1
  from      2026-11-20 01:00:00 UTC (01:00:00Z)
  until     2026-11-20 16:30:00 UTC (16:30:00Z)
  pushed    2026-11-20 02:00:00 UTC (02:00:00Z)
  tags      ${COMMIT}, latest, main-f00df00
  runs in   no ECS task is known to run it now
  scan      no scan on record: this does not mean clean
  history   not verified: a push that AWS never told of is not in it
  gap       possible gap between 2026-11-20 01:00:00 UTC (01:00:00Z) and 2026-11-20 10:00:00 UTC (10:00:00Z): AWS may not have told of every move`);
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 });
  });

  test('says which platforms there are, what was found, and what was not scanned', async () => {
    const { stdout } = await ask(['who', 'demo-api:latest', '--at', '2026-11-20 17:00']);
    expect(stdout).toMatch(/^demo-api:latest {2}commit unknown {2}bbbbbbbbbbbb/);
    for (const row of [
      '  commit    unknown: no tag of this image names a commit',
      '  until     still so, by the events seen',
      '  platforms linux/amd64, linux/arm64',
      '  scan      2 critical, 1 high, 4 untriaged  (enhanced scanning, not scanned: linux/arm64)',
    ]) {
      expect(stdout.split('\n')).toContain(row);
    }
  });

  test('--json is one document with its schema and the same facts', async () => {
    const { stdout, stderr, exit } = await ask([
      'who',
      'demo-api:latest',
      '--at',
      '2026-11-20T17:00:00Z',
      '--json',
    ]);
    expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 });
    expect(stdout.endsWith('}\n')).toBe(true);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'scan-response.who/v1',
      reference: 'demo-api:latest',
      found: 'one',
      repository: aRepository(),
      at: at('17:00'),
      tag: 'latest',
      digest: B,
      since: at('16:30'),
      image: {
        kind: 'index',
        pushedAt: at('16:29:59'),
        tags: ['latest'],
        platforms,
        attestations: [],
        evidence: [],
        marks: [],
      },
      scan: expect.objectContaining({
        type: 'enhanced',
        counts: toCounts({ CRITICAL: 2, HIGH: 1, UNTRIAGED: 4 }),
      }),
      previous: { digest: A, provenance: expect.objectContaining({ best: expect.anything() }) },
      running: [],
      gaps: [{ notBefore: at('16:30'), notAfter: at('17:00'), why: 'unverified' }],
      doubts: ['commit-unknown', 'history-gap'],
      links: {},
    });
  });

  test('without --at asks for now', async () => {
    const { stdout, exit } = await ask(['who', 'demo-api:latest', '--json']);
    expect(exit).toBe(0);
    expect(Date.now() - Date.parse(JSON.parse(stdout).at)).toBeLessThan(60_000);
  });
});

describe('history', () => {
  test('prints a line for each change, newest first', async () => {
    expect(await ask(['history', 'demo-api:latest'])).toMatchObject({
      exit: 0,
      stderr: '',
      stdout: `demo-api:latest  (demo-api in 111122223333/eu-west-1)
  2026-11-20 16:30:00 UTC (16:30:00Z)  bbbbbbbbbbbb
  2026-11-20 01:00:00 UTC (01:00:00Z)  aaaaaaaaaaaa  0a1b2c3d4e5f  CONFLICT
  history   not verified: a push that AWS never told of is not in it
`,
    });
  });

  test('says when the tag was deleted', async () => {
    const { stdout } = await ask(['history', 'demo-api:old', '--limit', '1']);
    expect(stdout.split('\n')[1]).toBe('  2026-11-20 02:00:00 UTC (02:00:00Z)  deleted');
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  test('says how far it was verified, and between which times what no event told of happened', async () => {
    const repository = aRepository({ name: 'verified' });
    await recorder(tables(), repository).tag('latest', '01:00', A);
    const window = { notBefore: at('01:40'), notAfter: at('02:00') };
    const name = aTagName({ repository });
    await saveTagEvent(tables().lineage, name, { ...aTagEvent('02:00', undefined), window });
    const verification = { verifiedAt: at('12:00'), since: at('09:00') };
    await saveVerification(tables().lineage, repository, verification);
    const { stdout } = await ask(['history', 'verified:latest']);
    const [, deleted, , verified] = stdout.split('\n');
    expect(deleted?.replace(/ {3,}/, '  ')).toContain(
      'deleted  (no event came: between 2026-11-20 01:40:00 UTC (01:40:00Z) and 2026-11-20 02:00:00 UTC (02:00:00Z))',
    );
    expect(verified).toBe(
      '  history   verified at 2026-11-20 12:00:00 UTC (12:00:00Z); may have a gap before 2026-11-20 09:00:00 UTC (09:00:00Z)',
    );
    const { stdout: document } = await ask(['who', 'verified:latest', '--at', '2026-11-20 01:30', '--json']);
    expect(JSON.parse(document)).toMatchObject({ verification });
  });

  test('--json is one document with its schema', async () => {
    const { stdout } = await ask(['history', 'demo-api:old', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'scan-response.history/v1',
      reference: 'demo-api:old',
      tag: 'old',
      entries: [
        { op: 'delete', at: at('02:00') },
        { op: 'push', at: at('01:00'), digest: A, provenance: { best: { commit: COMMIT } } },
      ],
    });
  });
});

describe('the exit code, and where the words go', () => {
  test.each([
    [2, ['who', 'demo-api:v9'], 'not found: no push of demo-api:v9 has been recorded'],
    [
      2,
      ['who', 'demo-api:old'],
      'not found: demo-api:old was deleted at 2026-11-20 02:00:00 UTC (02:00:00Z)\n  it was aaaaaaaaaaaa before: ask for demo-api:old~1',
    ],
    [
      2,
      ['who', 'nothing/here:latest'],
      'not found: no push to a repository called nothing/here has been recorded',
    ],
    [2, ['history', 'demo-api:v9'], 'not found: no push of demo-api:v9 has been recorded'],
    [
      3,
      ['who', 'web/shop:latest'],
      'several repositories have this name; say which with --account and --region:',
    ],
    [3, ['history', 'web/shop:latest'], 'several repositories have this name'],
  ])('%s: %j is said on stderr', async (exit, args, words) => {
    const answer = await ask(args);
    expect(answer).toMatchObject({ exit, stdout: '', stderr: expect.stringContaining(words) });
  });

  test.each([
    [
      2,
      ['who', 'demo-api:v9'],
      { schema: 'scan-response.who/v1', error: 'no push of demo-api:v9 has been recorded' },
    ],
    [3, ['history', 'web/shop:latest'], { schema: 'scan-response.history/v1', error: 'ambiguous' }],
  ])('%s: with --json there is a document on stdout all the same: %j', async (exit, args, document) => {
    const answer = await ask([...args, '--json']);
    expect(answer).toMatchObject({ exit, stderr: '' });
    expect(JSON.parse(answer.stdout)).toMatchObject(document);
  });

  test('3 becomes 0 when the region is said', async () => {
    const { stderr } = await ask(['who', 'web/shop:latest']);
    expect(stderr).toContain('  web/shop in 111122223333/us-east-1\n');
    expect(await ask(['who', 'web/shop:latest', '--region', 'us-east-1'])).toMatchObject({ exit: 0 });
    expect(await ask(['who', 'web/shop:latest', '--region', 'sa-east-1'])).toMatchObject({ exit: 2 });
    expect(await ask(['who', 'web/shop:latest', '--account', '111122223333'])).toMatchObject({ exit: 3 });
  });
});

describe('the caller’s zone', () => {
  test('is printed beside UTC', async () => {
    const { stdout } = await ask(['history', 'demo-api:latest'], { TZ: 'Asia/Tokyo' });
    expect(stdout).toContain('  2026-11-21 01:30:00 GMT+9 (2026-11-20 16:30:00Z)  bbbbbbbbbbbb\n');
    expect(stdout).toContain('  2026-11-20 10:00:00 GMT+9 (01:00:00Z)  aaaaaaaaaaaa');
  });

  test('is the one that a time without a zone is read in', async () => {
    const args = ['who', 'demo-api:latest', '--at', '2026-11-21 01:29', '--json'];
    expect(JSON.parse((await ask(args, { TZ: 'Asia/Tokyo' })).stdout)).toMatchObject({
      at: at('16:29'),
      digest: A,
    });
    expect(JSON.parse((await ask(args, { TZ: 'UTC' })).stdout)).toMatchObject({ digest: B });
  });
});

test('nothing is coloured, whatever the terminal can do', async () => {
  const environment = { FORCE_COLOR: '1', COLORTERM: 'truecolor', TERM: 'xterm-256color' };
  for (const args of [
    ['who', 'demo-api:latest'],
    ['history', 'demo-api:old'],
    ['who', 'demo-api:v9'],
    ['--help'],
  ]) {
    const { stdout, stderr } = await ask(args, environment);
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
  }
});
