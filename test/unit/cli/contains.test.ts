import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { aDigest } from '../../build/lineage.ts';
import { aFinding } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';
import { cliOver } from '../../doubles/cli.ts';
import { openClone } from '../../doubles/clone.ts';
import { recorder } from '../../doubles/lookup.ts';

const [A, B] = ['a', 'b'].map(aDigest) as [Digest, Digest];
const { folder, clone, commit } = openClone();
const [OLD, MIDDLE, NEW] = [commit(), commit(), commit()];

const { ask } = cliOver(async (tables) => {
  const demo = recorder(tables);
  await demo.tag('latest', '01:00', A);
  await demo.tag('latest', '02:00', B);
  for (const [digest, built] of [
    [A, OLD],
    [B, NEW],
  ] as const) {
    await demo.image(digest, ['latest', built]);
    await demo.evidence(digest, [
      {
        commit: built,
        tier: 'builder',
        source: { from: 'provenance', document: aDigest('9'), field: 'configSource.digest' },
        repoUrl: untrusted('https://github.com/example/demo-api'),
      },
    ]);
  }
  const found = (...ids: readonly string[]) =>
    aScan({ findings: ids.map((id) => aFinding({ id: untrusted(id) })) });
  await demo.scan(A, found('CVE-2026-1', 'CVE-2026-2'));
  await demo.scan(B, found('CVE-2026-2', 'CVE-2026-3', 'CVE-2026-4'));
});

describe('contains', () => {
  const here = ['--clone', clone, '--offline'];

  test('the very commit: yes, without asking anybody', async () => {
    const { exit, stdout } = await ask([
      'contains',
      NEW.slice(0, 10),
      'demo-api:latest',
      '--clone',
      '/nowhere',
      '--offline',
    ]);
    expect(exit).toBe(0);
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      `yes  demo-api:latest  ${NEW.slice(0, 10)}`,
      '  image     yes: demo-api:latest@bbbbbbbbbbbb, it was built of this commit',
    ]);
  });

  test('an ancestor in the clone: yes; a later one: no, and what ancestry does not see', async () => {
    expect(await ask(['contains', MIDDLE, 'demo-api:latest', ...here])).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/^yes .*\n.*by ancestry in the clone here\n/),
    });
    const no = await ask(['contains', MIDDLE, 'demo-api:latest~1', ...here]);
    expect(no).toMatchObject({ exit: 2, stderr: '', stdout: expect.stringMatching(/^no /) });
    expect(no.stdout).toContain('a cherry-pick or a squash merge has the change under another commit');
  });

  test('nobody knows: unknown, why, and the last exact facts', async () => {
    const { exit, stdout } = await ask(['contains', OLD, 'demo-api:latest', '--clone', folder, '--offline']);
    expect(exit).toBe(4);
    for (const words of [/^unknown /, /no clone here/, /was not asked/, /itself is in demo-api@aaaaaaaaaaaa/])
      expect(stdout).toMatch(words);
  });

  test('the forge is asked where the clone does not know', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, reply) => {
      asked.push(request.headers.authorization);
      reply.end(
        JSON.stringify({ status: request.url?.includes(`/compare/${OLD}...${NEW}`) ? 'ahead' : 'diverged' }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const forge = {
      SCAN_RESPONSE_FORGE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_TOKEN: 'secret',
    };
    const args = ['contains', OLD, 'demo-api:latest', '--clone', folder];
    expect(await ask(args, forge)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('as the forge says'),
    });
    expect(asked).toEqual(['Bearer secret']);
    expect(await ask(args, { ...forge, SCAN_RESPONSE_FORGE_URL: 'https://evil.example' })).toMatchObject({
      exit: 1,
    });
  });

  test.each([
    [['contains', 'abc', 'demo-api:latest'], 1],
    [['contains', '--help; x', 'demo-api:latest'], 1],
    [['contains', NEW, 'demo-api'], 1],
    [['contains', NEW, 'demo-api:none', ...here], 2],
    [['contains', NEW, 'prod/none', ...here], 2],
  ])('%j ends with %i', async (args, exit) => {
    expect(await ask(args)).toMatchObject({ exit, stdout: '' });
  });
});

describe('diff', () => {
  test('both records, the page of the change, and what scanning found more and less', async () => {
    const { exit, stdout } = await ask(['diff', 'demo-api:latest~1', 'demo-api:latest']);
    expect(exit).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(`demo-api:latest  ${OLD.slice(0, 12)} -> ${NEW.slice(0, 12)}  changed`);
    for (const line of [
      `  changes   https://github.com/example/demo-api/compare/${OLD}...${NEW}`,
      `  older     demo-api:latest  ${A}`,
      '  new       2: CVE-2026-3 (critical), CVE-2026-4 (critical)',
      '  gone      1: CVE-2026-1 (critical)',
    ])
      expect(lines).toContain(line);
  });

  test('of two moments', async () => {
    const { stdout } = await ask([
      'diff',
      'demo-api:latest@{2026-11-20 01:30}',
      'demo-api:latest@{2026-11-20 01:45}',
    ]);
    expect(stdout).toMatch(/ {2}the same image\n/);
  });

  test('with one that is not there', async () => {
    expect(await ask(['diff', 'demo-api:latest~2', 'demo-api:latest'])).toMatchObject({
      exit: 2,
      stdout: '',
    });
    expect(await ask(['diff', 'demo-api:latest'])).toMatchObject({ exit: 1 });
  });
});
