import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseTag } from '../../../lib/image/reference.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { indexFindings } from '../../../lib/index-findings.ts';
import { cve } from '../../../lib/lookup/cve.ts';
import { service } from '../../../lib/lookup/service.ts';
import { runningOn } from '../../../lib/lookup/use.ts';
import { findingsIndexPorts } from '../../../lib/run-services.ts';
import { saveRun, saveTask, saveWorkload } from '../../../lib/store/workload.ts';
import type { Run } from '../../../lib/workload/run.ts';
import { aRun, aWorkload } from '../../build/ecs.ts';
import { aDigest, anImageOf, aRepository, at } from '../../build/lineage.ts';
import { aFinding } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';
import { startTables, type Tables } from '../../doubles/dynamodb.ts';
import { lookupPorts, recorder } from '../../doubles/lookup.ts';

const INDEX = aDigest('f');
const [AMD64, ARM64] = [aDigest('1'), aDigest('2')];
const platforms = [
  { digest: AMD64, platform: 'linux/amd64' },
  { digest: ARM64, platform: 'linux/arm64' },
];
const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';

let tables: Tables;
beforeEach(async () => {
  tables = await startTables();
  await recorder(tables).image(INDEX, [COMMIT], { kind: 'index', platforms });
});
afterEach(() => tables.close());

const ports = () => lookupPorts(tables);

/** A service of that name runs this; `until` when its task has stopped. */
async function runs(name: string, run: Partial<Run>, until?: string): Promise<Run> {
  const whole = aRun({ workload: aWorkload({ name }), ...run, ...(until && { lastStoppedAt: at(until) }) });
  await saveWorkload(tables.lineage, whole.workload);
  await saveRun(tables.lineage, whole);
  await saveTask(tables.lineage, {
    run: whole,
    taskId: `task-${name}-${whole.startedAt.slice(11, 13)}`,
    version: 1,
  });
  return whole;
}

async function finds(digest: string, id: string, on: readonly string[] = []): Promise<void> {
  const image = anImageOf(digest as typeof INDEX);
  const scan = aScan({ findings: [aFinding({ id: untrusted(id), platforms: on })] });
  await indexFindings({ image, pushedAt: at('02:00') }, scan, at('03:00'), findingsIndexPorts(tables.ledger));
}

describe('what runs an image now', () => {
  const names = async (digest: typeof INDEX) =>
    (await runningOn(anImageOf(digest), ports())).map(({ workload }) => workload.name).sort();

  test.each([
    ['an index', INDEX, ['by-amd64', 'by-arm64', 'index-on-arm', 'index-on-unknown', 'index-on-x86']],
    ['its platform for Arm', ARM64, ['by-arm64', 'index-on-arm', 'index-on-unknown']],
    ['its platform for Intel', AMD64, ['by-amd64', 'index-on-unknown', 'index-on-x86']],
    ['another image', aDigest('9'), []],
  ])('asked for %s', async (_, digest, expected) => {
    await runs('index-on-arm', { digest: INDEX, architecture: 'arm64' });
    await runs('index-on-x86', { digest: INDEX, architecture: 'x86_64' });
    const { architecture: __, ...unknown } = aRun({
      workload: aWorkload({ name: 'index-on-unknown' }),
      digest: INDEX,
    });
    await saveRun(tables.lineage, unknown);
    await saveTask(tables.lineage, { run: unknown, taskId: 'x', version: 1 });
    await runs('by-arm64', { digest: ARM64 });
    await runs('by-amd64', { digest: AMD64, architecture: 'x86_64' });
    await runs('stopped', { digest: INDEX }, '05:00');
    expect(await names(digest)).toEqual(expected);
  });

  test('an image that nobody recorded is found by its digest all the same', async () => {
    await runs('unrecorded', { digest: aDigest('7') });
    expect(await names(aDigest('7'))).toEqual(['unrecorded']);
  });
});

describe('a CVE', () => {
  test('found on a platform that was scanned by itself: the index that lists it, on its architecture', async () => {
    await finds(ARM64, 'CVE-2026-1');
    await runs('arm', { digest: INDEX, architecture: 'arm64' });
    await runs('intel', { digest: INDEX, architecture: 'x86_64' });
    const answer = await cve('CVE-2026-1', undefined, ports());
    expect(answer).toMatchObject({
      services: [{ workload: { name: 'arm' }, digest: INDEX, scanned: ARM64 }],
      elsewhere: [{ workload: { name: 'intel' } }],
      images: [{ digest: ARM64, tagsEver: [COMMIT], tagsNow: [], provenance: { best: { commit: COMMIT } } }],
    });
  });

  test('found under both the index and its platform: a run is told once', async () => {
    await finds(INDEX, 'CVE-2026-2', ['linux/arm64']);
    await finds(ARM64, 'CVE-2026-2');
    await runs('arm', { digest: INDEX, architecture: 'arm64' });
    const answer = await cve('CVE-2026-2', undefined, ports());
    expect(answer).toMatchObject({ services: [{ workload: { name: 'arm' } }] });
    expect(answer).toHaveProperty('bounds.imagesFound', 2);
  });

  test('on an architecture that ECS did not tell is listed, with the doubt', async () => {
    await finds(INDEX, 'CVE-2026-3', ['linux/arm64']);
    const { architecture: _, ...unknown } = aRun({ digest: INDEX });
    await saveRun(tables.lineage, unknown);
    await saveTask(tables.lineage, { run: unknown, taskId: 'x', version: 1 });
    const answer = await cve('CVE-2026-3', undefined, ports());
    expect(answer.found === 'one' && answer.services).toHaveLength(1);
    expect(answer.found === 'one' && answer.services[0]).not.toHaveProperty('isThatPlatform');
  });

  test('a task that was never told to have stopped, and runs no more, counts at its start only', async () => {
    await finds(INDEX, 'CVE-2026-4', ['linux/arm64']);
    await saveRun(tables.lineage, aRun({ digest: INDEX, startedAt: at('04:00') }));
    const ran = async (from: string, to: string) => {
      const answer = await cve('CVE-2026-4', { from: at(from), to: at(to) }, ports());
      return answer.found === 'one' && answer.services.length;
    };
    expect([await ran('03:00', '03:59'), await ran('03:59', '04:00'), await ran('04:01', '05:00')]).toEqual([
      0, 1, 0,
    ]);
  });

  test('that no scan lists is not found', async () => {
    expect(await cve('CVE-2026-5', undefined, ports())).toMatchObject({ found: 'nothing' });
  });

  test('tags that moved on are told apart from those that still point there', async () => {
    const demo = recorder(tables);
    const image = aDigest('c');
    await demo.tag('latest', '01:00', image);
    await demo.tag('v1', '01:00', image);
    await demo.tag('latest', '02:00', aDigest('d'));
    await demo.image(image, ['latest', 'v1']);
    await finds(image, 'CVE-2026-6');
    expect(await cve('CVE-2026-6', undefined, ports())).toMatchObject({
      images: [{ tagsNow: ['v1'], tagsEver: ['latest', 'v1'] }],
      repositories: [{ ...aRepository(), listed: 1, noLongerListed: 0 }],
    });
  });

  test('what runs is described however many newer images there are', async () => {
    await finds(INDEX, 'CVE-2026-7', ['linux/arm64']);
    for (let nth = 0; nth < 105; nth += 1) {
      const digest = `sha256:${nth.toString(16).padStart(64, '0')}` as typeof INDEX;
      const found = [{ id: 'CVE-2026-7', severity: 'LOW' as const, platforms: [], since: at('03:00') }];
      const indexed = {
        image: anImageOf(digest),
        pushedAt: at('05:00'),
        readAt: at('06:00'),
        found,
        leftOut: 1,
      };
      await findingsIndexPorts(tables.ledger).saveFound(indexed, undefined);
    }
    await runs('old', { digest: INDEX });
    const answer = await cve('CVE-2026-7', undefined, ports());
    expect(answer).toMatchObject({
      bounds: {
        imagesFound: 106,
        imagesDescribed: 101,
        imagesChecked: 106,
        isWhole: true,
        imagesCutShort: 105,
      },
    });
    expect(answer.found === 'one' && answer.images.at(-1)).toMatchObject({ digest: INDEX, provenance: {} });
  });
});

describe('a service', () => {
  const ask = (time: string, name = 'checkout') => service({ cluster: 'prod', name }, at(time), ports());

  test('in two regions has to be chosen', async () => {
    for (const region of ['eu-west-1', 'us-east-1']) {
      const workload = aWorkload({ region });
      await saveWorkload(tables.lineage, workload);
      await saveRun(tables.lineage, aRun({ workload }));
    }
    expect(await ask('12:00')).toMatchObject({
      found: 'several',
      workloads: [{ region: 'eu-west-1' }, { region: 'us-east-1' }],
    });
    const chosen = await service(
      { cluster: 'prod', name: 'checkout', region: 'us-east-1' },
      at('12:00'),
      ports(),
    );
    expect(chosen).toMatchObject({ found: 'one', workload: { region: 'us-east-1' } });
  });

  test('whose image nobody recorded says what it runs without a commit', async () => {
    await runs('checkout', { digest: aDigest('9') });
    const answer = await ask('12:00');
    expect(answer).toMatchObject({ ran: [{ digest: aDigest('9'), tasks: 1 }] });
    expect(answer.found === 'one' && answer.ran[0]).not.toHaveProperty('tags');
  });

  test('with two containers has both, each with its image', async () => {
    await runs('checkout', { digest: INDEX, tag: parseTag('latest') });
    await runs('checkout', { digest: aDigest('8'), name: 'sidecar', startedAt: at('04:00') });
    const answer = await ask('12:00');
    expect(answer.found === 'one' && answer.ran.map(({ name }) => name)).toEqual(['sidecar', 'app']);
  });

  test('looks at its newest runs, however many there were, and says so', async () => {
    for (let nth = 0; nth < 40; nth += 1) {
      const [startedAt, until] = [`0${Math.floor(nth / 10)}:${10 + (nth % 10)}`, '08:00'];
      await saveRun(
        tables.lineage,
        aRun({ deployment: `ecs-svc/${nth}`, startedAt: at(startedAt), lastStoppedAt: at(until) }),
      );
    }
    await saveWorkload(tables.lineage, aWorkload());
    const answer = await ask('12:00');
    expect(answer).toMatchObject({
      ran: [],
      bounds: { runsLookedAt: 30, isWhole: false, earliest: at('01:10') },
    });
    expect(answer.found === 'one' && answer.before.map(({ deployment }) => deployment)).toEqual(
      [39, 38, 37, 36, 35].map((nth) => `ecs-svc/${nth}`),
    );
  });

  test('before its first task is not known', async () => {
    await runs('checkout', { startedAt: at('05:00') });
    expect(await ask('04:59')).toMatchObject({
      found: 'nothing',
      why: expect.stringContaining('known from later on'),
    });
    expect(await ask('05:00', 'nobody')).toMatchObject({ found: 'nothing' });
  });
});
