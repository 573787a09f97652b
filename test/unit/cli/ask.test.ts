import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import type { Evidence } from '../../../lib/image/evidence.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { saveVerification } from '../../../lib/store/reconciliation.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { cliOver } from '../../doubles/cli.ts';
import { recorder } from '../../doubles/lookup.ts';

const [A, B, C] = ['a', 'b', 'c'].map(aDigest) as [Digest, Digest, Digest];
const OLD = 'abc1234d4e5f60718293a4b5c6d7e8f901234567';
const NEW = 'deadbeef4e5f60718293a4b5c6d7e8f901234567';
const LIKE_OLD = 'abc1234f00f60718293a4b5c6d7e8f9012345678';

/** BuildKit's own word on a commit. */
function built(commit: string): Evidence {
  return {
    commit,
    tier: 'builder',
    source: { from: 'provenance', document: aDigest('9'), field: 'configSource.digest' },
    repoUrl: untrusted('https://github.com/example/demo-api'),
  };
}

const cli = cliOver(async (tables) => {
  const demo = recorder(tables);
  await demo.tag('latest', '01:00', A);
  await demo.tag('latest', '02:00', B);
  await demo.tag('hidden', '02:00', C);
  await demo.image(A, ['latest', 'v1'], { evidence: [built(OLD)], pushedAt: at('01:00') });
  await demo.evidence(A, [built(OLD)]);
  await demo.image(B, ['latest', 'v2'], { evidence: [built(NEW)], pushedAt: at('02:00') });
  await demo.evidence(B, [built(NEW)]);
  await demo.image(C, ['hidden', LIKE_OLD], { pushedAt: at('02:00') });
  const verification = { since: at('00:30'), verifiedAt: at('11:55') };
  await saveVerification(tables.lineage, aRepository(), verification);
  for (const name of ['deadbeef', 'prod/api']) {
    const { tag, image } = recorder(tables, aRepository({ name }));
    await tag('latest', '01:00', C);
    await image(C, ['latest']);
  }
});

const ask = (...args: readonly string[]) => cli.ask(args);

describe('a reference', () => {
  test('built with provenance: how we know, the pages of the commit and of the change, what was before', async () => {
    const { stdout, exit } = await ask('who', 'demo-api:latest', '--at', '2026-11-20T11:00:00Z');
    expect(exit).toBe(0);
    for (const line of [
      `  commit    ${NEW}  (verified by the builder: configSource.digest)`,
      `  see       https://github.com/example/demo-api/commit/${NEW}`,
      `  changes   https://github.com/example/demo-api/compare/${OLD}...${NEW}`,
      '  before    abc1234d4e5f  aaaaaaaaaaaa',
      '  runs in   no ECS task is known to run it now',
    ]) {
      expect(stdout.split('\n')).toContain(line);
    }
    expect(stdout).not.toContain('  gap ');
  });

  test.each([
    ['demo-api:latest@{2026-11-20 01:30}', A],
    ['demo-api:latest@{2026-11-20T01:30:00+00:00}', A],
    ['demo-api:latest~1', A],
    ['demo-api:latest~', A],
    ['demo-api:latest@{1}', A],
    ['demo-api:latest', B],
    ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/demo-api:latest', B],
  ])('%s', async (reference, digest) => {
    const { stdout, exit } = await ask('who', reference, '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ digest });
  });

  test('that says its time twice, or goes back too far', async () => {
    expect(await ask('who', 'demo-api:latest@{yesterday}', '--at', 'now')).toMatchObject({ exit: 1 });
    expect(await ask('who', 'demo-api:latest~2')).toMatchObject({
      exit: 2,
      stderr: 'not found: of the images before that one of demo-api:latest, 1 are on record\n',
    });
  });
});

describe('the caller’s clock', () => {
  test('--tz reads and prints in another zone than TZ', async () => {
    const { stdout } = await ask(
      'who',
      'demo-api:latest',
      '--at',
      '2026-11-20 02:30',
      '--tz',
      'Europe/Berlin',
    );
    expect(stdout).toContain('  asked for 2026-11-20 02:30:00 CET (01:30:00Z)');
    expect(await ask('who', 'demo-api:latest', '--tz', 'Mars/Base')).toMatchObject({
      exit: 1,
      stderr: 'scan-response: no such time zone: "Mars/Base". Try Europe/Berlin or UTC\n',
    });
  });

  test('a time that it showed twice is asked back, and --fold says which', async () => {
    const args = ['who', 'demo-api:latest', '--at', '2026-10-25 02:30', '--tz', 'Europe/Berlin'];
    expect(await ask(...args)).toEqual({
      exit: 3,
      stdout: '',
      stderr: `scan-response: the clock showed 2026-10-25 02:30:00 in Europe/Berlin twice; say which:
  --fold 1   2026-10-25 02:30:00 CEST (00:30:00Z)
  --fold 2   2026-10-25 02:30:00 CET (01:30:00Z)
`,
      tookMs: expect.any(Number),
    });
    expect(await ask(...args, '--fold', '2')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('is known from'),
    });
    expect(await ask(...args, '--fold', '3')).toMatchObject({ exit: 1 });
  });

  test('a time that it left out is refused, and why', async () => {
    const answer = await ask('who', 'demo-api:latest', '--at', '2026-03-29 02:30', '--tz', 'Europe/Berlin');
    expect(answer).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('the clocks went forward by 60 min'),
    });
  });
});

describe('a commit', () => {
  test('by its beginning: its images', async () => {
    const { stdout, exit } = await ask('who', NEW.slice(0, 12));
    expect(exit).toBe(0);
    const [first, ...rows] = stdout.trimEnd().split('\n');
    expect(first).toMatch(/^demo-api:latest {2}deadbeef4e5f {2}pushed .* ago$/);
    expect(rows).toEqual([
      `  commit    ${NEW}`,
      `  see       https://github.com/example/demo-api/commit/${NEW}`,
      '  image     demo-api@bbbbbbbbbbbb in 111122223333/eu-west-1  pushed 2026-11-20 02:00:00 UTC (02:00:00Z)  latest, v2',
      '  read as   a commit; there is no digest, no repository of this name',
    ]);
  });

  test('that is short for several is ambiguous, as git says it', async () => {
    const { stdout, stderr, exit } = await ask('who', 'abc1234');
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 3 });
    expect(stderr).toBe(`error: short commit abc1234 is ambiguous; candidates:
  ${OLD}  demo-api@aaaaaaaaaaaa in 111122223333/eu-west-1  pushed 2026-11-20 01:00:00 UTC (01:00:00Z)  latest, v1
  ${LIKE_OLD}  demo-api@cccccccccccc in 111122223333/eu-west-1  pushed 2026-11-20 02:00:00 UTC (02:00:00Z)  ${LIKE_OLD}, hidden
`);
  });

  test('of fewer than seven characters is warned of', async () => {
    const { stdout, exit } = await ask('who', 'dead');
    expect(exit).toBe(0);
    expect(stdout).toContain('  WARNING   4 characters: another commit may begin so before long');
  });

  test('that nobody knows is not found', async () => {
    expect(await ask('who', '0123456', '--as', 'commit')).toMatchObject({
      exit: 2,
      stderr: 'not found: no image is on record whose commit begins with 0123456\n',
    });
  });
});

describe('a digest', () => {
  test.each([
    `sha256:${'b'.repeat(12)}`,
    'b'.repeat(12),
    `demo-api@sha256:${'b'.repeat(8)}`,
    B,
    'b'.repeat(64),
  ])('%s', async (text) => {
    const { stdout, exit } = await ask('who', text, '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ digest: B, provenance: { best: { commit: NEW } } });
  });

  test('of several repositories is ambiguous', async () => {
    expect(await ask('who', `sha256:${'c'.repeat(12)}`)).toMatchObject({
      exit: 3,
      stderr: expect.stringMatching(
        /^error: digest sha256:cccccccccccc is ambiguous; candidates:\n( .*\n){3}$/,
      ),
    });
  });
});

describe('what can be several things', () => {
  test('is looked up as all of them, and none is chosen', async () => {
    const { stdout, stderr, exit } = await ask('who', 'deadbeef');
    expect({ stdout, exit }).toEqual({ stdout: '', exit: 3 });
    const [first, commit, repository] = stderr.split('\n');
    expect(first).toBe('error: deadbeef is ambiguous; it is');
    expect(commit).toMatch(/^ {2}a commit {7}\(--as commit\) {2}demo-api:latest {2}deadbeef4e5f/);
    expect(repository).toMatch(/^ {2}a repository {3}\(--as reference\) .*say which tag of deadbeef/);
    const { stdout: json } = await ask('who', 'deadbeef', '--json');
    expect(JSON.parse(json)).toMatchObject({
      error: 'ambiguous',
      readings: [{ as: 'commit' }, { as: 'reference' }],
    });
  });

  test('--as says which', async () => {
    expect(await ask('who', 'deadbeef', '--as', 'commit', '-o', 'sha')).toMatchObject({
      exit: 0,
      stdout: `${NEW}\n`,
    });
    expect(await ask('who', 'deadbeef', '--as', 'reference')).toMatchObject({ exit: 2 });
    expect(await ask('who', 'demo-api:latest', '--as', 'cve')).toMatchObject({
      exit: 1,
      stderr: 'scan-response: "demo-api:latest" is no cve\n',
    });
  });

  test('a name with a slash is a repository or a service', async () => {
    expect(await ask('who', 'prod/api')).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/say which tag of prod\/api/),
    });
    expect(await ask('who', 'prod/unknown')).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/prod\/unknown.*\n.*prod\/unknown/),
    });
  });

  test('a vulnerability goes to its own command', async () => {
    expect(await ask('who', 'CVE-2026-1234', '--json')).toMatchObject({ exit: 2 });
  });
});

describe('for scripts', () => {
  test.each([
    ['sha', `${NEW}\n`],
    ['digest', `${B}\n`],
    ['url', `https://github.com/example/demo-api/commit/${NEW}\n`],
  ])('-o %s prints one value and nothing else', async (what, value) => {
    expect(await ask('who', 'demo-api:latest', '-o', what)).toMatchObject({
      exit: 0,
      stdout: value,
      stderr: '',
    });
    expect(await ask('who', NEW.slice(0, 10), '-o', what)).toMatchObject({
      exit: 0,
      stdout: value,
      stderr: '',
    });
  });

  test('-o with what is not known is not found', async () => {
    const args = ['who', 'demo-api:hidden', '-o', 'url'];
    expect(await ask(...args)).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: 'not found: no url is known of it\n',
    });
    expect(await ask('who', 'demo-api:latest', '-o', 'colour')).toMatchObject({ exit: 1 });
  });

  test('--strict ends with 4 where there is doubt, and only there', async () => {
    const then = ['--at', '2026-11-20T11:00:00Z', '--strict'];
    expect(await ask('who', 'demo-api:latest', ...then)).toMatchObject({ exit: 0 });
    const doubtful = await ask('who', 'demo-api:hidden', ...then);
    expect(doubtful).toMatchObject({
      exit: 4,
      stdout: expect.stringContaining('  STRICT    commit-unverified\n'),
    });
    expect(await ask('who', 'demo-api:hidden', '--at', '2026-11-20T11:00:00Z')).toMatchObject({ exit: 0 });
    expect(await ask('who', 'demo-api:hidden', ...then, '-o', 'sha')).toMatchObject({
      exit: 4,
      stdout: `${LIKE_OLD}\n`,
    });
  });
});
