import { describe, expect, test } from 'vitest';
import { enhancedAnswer, enhancedFinding } from '../../local/ecr/findings.ts';
import { askCli, aTask, tell } from './ecs.ts';
import { flowForFile, type Item } from './stack.ts';

const flow = flowForFile();
const AMD64 = 'linux/amd64';
const ARM64 = 'linux/arm64';
const COMMIT = '4f0c2d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';

const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);

function finding(id: string, severity = 'CRITICAL') {
  return enhancedFinding({ id, severity, packages: [{ name: 'openssl', version: '3.0.11' }] });
}

/** An index of both platforms; the first finding is on arm64 only, the second on both. */
async function scannedIndex(repository: string, onArm: string, onBoth: string) {
  const pushed = flow().push(repository, { tags: ['latest', COMMIT], platforms: [AMD64, ARM64] });
  const child = (platform: string) => pushed.children.find((it) => it.platform === platform)?.digest ?? '';
  await flow().settled(repository);
  flow().scan(repository, child(AMD64), enhancedAnswer([finding(onBoth)]));
  flow().scan(repository, child(ARM64), enhancedAnswer([finding(onArm), finding(onBoth)]));
  await flow().settled(repository);
  return { digest: pushed.digest, child };
}

/** What the look-up says, as far as the tests read it. */
interface Answer {
  readonly schema: string;
  readonly services: readonly Use[];
  readonly elsewhere: readonly Use[];
  readonly images: readonly Readonly<Record<string, unknown>>[];
  readonly repositories: readonly Readonly<Record<string, unknown>>[];
  readonly bounds: Readonly<Record<string, unknown>>;
}
interface Use {
  readonly workload: { readonly name: string };
  readonly digest: string;
  readonly scanned: string;
  readonly tasks: number;
}

async function ask(...args: readonly string[]): Promise<Answer> {
  const { exit, out, error } = await askCli(flow(), ['cve', ...args, '--json']);
  expect({ exit, error }).toEqual({ exit: 0, error: '' });
  return JSON.parse(out);
}

const names = (uses: readonly Use[]) => uses.map(({ workload }) => workload.name).sort();

describe('which services run it', () => {
  test('the finding is on a platform, the tasks report the index', async () => {
    const repository = 'cve/index';
    const { digest } = await scannedIndex(repository, 'CVE-2026-0001', 'CVE-2026-0002');
    await tell(flow(), [
      aTask('on-arm', { repository, digest }).running(at('01:00')),
      aTask('on-arm', { repository, digest }).running(at('01:01')),
      aTask('on-intel', { repository, digest, architecture: 'x86_64' }).running(at('01:02')),
    ]);
    const onArm = await ask('CVE-2026-0001');
    expect(onArm.schema).toBe('scan-response.cve/v1');
    expect(onArm.services).toMatchObject([
      { workload: { name: 'on-arm', cluster: 'prod' }, digest, scanned: digest, tasks: 2 },
    ]);
    expect(names(onArm.elsewhere)).toEqual(['on-intel']);
    expect(onArm.images).toMatchObject([
      {
        digest,
        severity: 'CRITICAL',
        platforms: [ARM64],
        tagsNow: [COMMIT, 'latest'],
        tagsEver: [COMMIT, 'latest'],
        provenance: { best: { commit: COMMIT } },
      },
    ]);
    const onBoth = await ask('CVE-2026-0002');
    expect(names(onBoth.services)).toEqual(['on-arm', 'on-intel']);
    expect(onBoth.elsewhere).toEqual([]);
  });

  test('the finding is known by the index, a task reports the platform', async () => {
    const repository = 'cve/platform';
    const { digest, child } = await scannedIndex(repository, 'CVE-2026-0011', 'CVE-2026-0012');
    await tell(flow(), [
      aTask('by-arm-digest', { repository, digest: child(ARM64) }).running(at('01:00')),
      aTask('by-intel-digest', { repository, digest: child(AMD64), architecture: 'x86_64' }).running(
        at('01:00'),
      ),
    ]);
    const { services } = await ask('CVE-2026-0011');
    expect(services).toMatchObject([
      { workload: { name: 'by-arm-digest' }, digest: child(ARM64), scanned: digest },
    ]);
    expect(names((await ask('CVE-2026-0012')).services)).toEqual(['by-arm-digest', 'by-intel-digest']);
  });

  test('the platform was scanned by itself, a task reports the index that lists it', async () => {
    const repository = 'cve/alone';
    const { digest, children, events } = flow().stack.registry.push(repository, {
      tags: [],
      platforms: [ARM64],
    });
    const [child] = children;
    for (const event of events) flow().stack.bus.put(event);
    flow().scan(repository, child?.digest ?? '', enhancedAnswer([finding('CVE-2026-0021')]));
    await flow().settled(repository);
    // The index gets its name, and so its edges, after its platform has been answered.
    for (const event of flow().stack.registry.retag(repository, digest, 'late')) flow().stack.bus.put(event);
    await flow().settled(repository);
    await tell(flow(), [aTask('by-index', { repository, digest }).running(at('01:00'))]);
    const { services, images } = await ask('CVE-2026-0021');
    expect(names(services)).toEqual(['by-index']);
    expect(images.map((it) => it.digest)).toContain(child?.digest);
    expect(images).toMatchObject(images.map(() => ({ tagsEver: ['late'] })));
  });

  test('now, and between two instants', async () => {
    const repository = 'cve/period';
    const { digest } = flow().push(repository, { tags: ['latest'] });
    flow().scan(repository, digest, enhancedAnswer([finding('CVE-2026-0031', 'LOW')]));
    await flow().settled(repository);
    const gone = aTask('gone', { repository, digest });
    const here = aTask('here', { repository, digest });
    await tell(flow(), [gone.running(at('01:00')), gone.stopped(at('02:00')), here.running(at('03:00'))]);
    expect(names((await ask('CVE-2026-0031')).services)).toEqual(['here']);
    const between = async (from: string, to: string) =>
      names(
        (await ask('CVE-2026-0031', '--from', at(from).toISOString(), '--to', at(to).toISOString())).services,
      );
    expect(await between('00:00', '00:59')).toEqual([]);
    expect(await between('01:30', '01:31')).toEqual(['gone']);
    expect(await between('02:00', '03:00')).toEqual(['gone', 'here']);
    expect(await between('02:01', '02:59')).toEqual([]);
    expect(await between('05:00', '06:00')).toEqual(['here']);
  });

  test('people read the answer first, then images, and how far it reaches', async () => {
    const repository = 'cve/words';
    const { digest } = await scannedIndex(repository, 'CVE-2026-0041', 'CVE-2026-0042');
    await tell(flow(), [aTask('words', { repository, digest }).running(at('01:00'))]);
    const { out } = await askCli(flow(), ['cve', 'CVE-2026-0041']);
    const [answer, runs] = out.split('\n');
    expect(answer).toBe('CVE-2026-0041  1 service runs it now, 1 image in 1 repository');
    expect(runs).toBe(
      `  runs      prod/words (app)  ${COMMIT.slice(0, 12)}  ${repository} ${digest.slice(7, 19)}`,
    );
    expect(out).toContain('now 4f0c2d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d, latest');
    expect(out).toContain('  bounds    by scans since this was deployed');
  });
});

describe('what is written', () => {
  const found = (items: readonly Item[]) => items.filter(({ pk }) => String(pk).startsWith('FOUND#'));

  test('an unchanged rescan writes nothing, a finding that went is no longer listed since then', async () => {
    const repository = 'cve/rescan';
    const { digest } = flow().push(repository, { tags: ['v1'] }); // no tracked reference: every scan is answered again
    const both = [finding('CVE-2026-0051'), finding('CVE-2026-0052', 'MEDIUM')];
    flow().scan(repository, digest, enhancedAnswer(both));
    await flow().settled(repository);
    const first = found(await flow().items('ledger', repository));
    expect(first).toHaveLength(1);
    flow().scan(repository, digest, enhancedAnswer(both));
    await flow().settled(repository);
    expect(found(await flow().items('ledger', repository))).toEqual(first);
    flow().scan(repository, digest, enhancedAnswer(both.slice(1)));
    await flow().settled(repository);
    const [image] = (await ask('CVE-2026-0051')).images;
    expect(image).toMatchObject({ digest, until: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect((await ask('CVE-2026-0052')).images).toMatchObject([{ digest, severity: 'MEDIUM' }]);
    expect((await ask('CVE-2026-0052')).images[0]).not.toHaveProperty('until');
  });
});

test('what no scan lists is not found, and that is not said to be clean; what is no id is a usage error', async () => {
  expect(await askCli(flow(), ['cve', 'CVE-1999-0001'])).toMatchObject({
    exit: 2,
    error: expect.stringContaining('images that were never scanned may have it'),
  });
  expect((await askCli(flow(), ['cve', 'CVE-2026-0001#x'])).exit).toBe(1);
  expect((await askCli(flow(), ['cve', 'CVE-2026-0001', '--to', 'now'])).exit).toBe(1);
});
