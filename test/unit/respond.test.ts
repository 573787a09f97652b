import { describe, expect, test } from 'vitest';
import type { Measurement } from '../../lib/delivery/delivery.ts';
import { NotReady } from '../../lib/errors.ts';
import type { Digest } from '../../lib/image/digest.ts';
import type { ImageKind } from '../../lib/image/manifest.ts';
import type { ImageRecord } from '../../lib/image/record.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { parseInstant } from '../../lib/instant.ts';
import type { Notice } from '../../lib/policy/notice.ts';
import { FORGOTTEN } from '../../lib/policy/open-findings.ts';
import { NEWEST_PUSH } from '../../lib/policy/policy.ts';
import { type ResponsePorts, respond, respondToRetag } from '../../lib/respond.ts';
import type { Announced } from '../../lib/scan/announced.ts';
import type { Reading } from '../../lib/scan/scan.ts';
import { toCounts } from '../../lib/scan/severity.ts';
import { aDigest, anImageOf, aRecord, at } from '../build/lineage.ts';
import { anUnscannable, aPending, aReading } from '../build/reading.ts';
import { aRegistered } from '../build/registered.ts';
import { Crash, crashPoints, failingAt } from '../doubles/failing-call.ts';
import { aWorld, type MemoryResponse, memoryResponse, type World } from '../doubles/memory-response.ts';

const A = aDigest('a');
const B = aDigest('b');
const INDEX = aDigest('1');
const AMD64 = { digest: aDigest('2'), platform: 'linux/amd64' };
const ARM64 = { digest: aDigest('3'), platform: 'linux/arm64' };
const GONE: Reading = { state: 'gone' };

/** One image with its tags and its scan. */
function put(
  world: World,
  digest: Digest,
  tags: readonly string[],
  reading: Reading,
  pushed = '02:00',
): World {
  world.images.set(digest, aRegistered(digest, tags, { pushedAt: at(pushed) }));
  world.scans.set(digest, reading);
  return world;
}

/** An index with two platforms and their scans. */
function twoPlatforms(amd64: Reading, arm64: Reading, tags: readonly string[] = ['latest']): World {
  const world = aWorld();
  world.images.set(INDEX, aRegistered(INDEX, tags, { kind: 'index' }));
  world.records.set(INDEX, aRecord({ image: anImageOf(INDEX), kind: 'index', platforms: [AMD64, ARM64] }));
  put(world, AMD64.digest, [], amd64);
  put(world, ARM64.digest, [], arm64);
  return world;
}

/** As `closeShown` leaves a reference whose image was deleted. */
function closed({ ports, ...memory }: MemoryResponse): MemoryResponse {
  const loadOpenFindings: ResponsePorts['loadOpenFindings'] = async (repository, reference) => {
    const open = await ports.loadOpenFindings(repository, reference);
    return open?.digest === A ? { ...open, scanKey: FORGOTTEN } : open;
  };
  return { ...memory, ports: { ...ports, loadOpenFindings } };
}

/** Answers one hint; gives the reasons, or `waits`. */
async function hint(
  { ports }: MemoryResponse,
  digest: Digest,
  waitedSeconds = 0,
): Promise<readonly string[]> {
  try {
    const answers = await respond(anImageOf(digest), waitedSeconds, ports);
    return answers.map(({ decision }) => decision.reason);
  } catch (error) {
    if (error instanceof NotReady) return ['waits'];
    throw error;
  }
}

const notices = ({ queued }: MemoryResponse) => queued.filter((it): it is Notice => it.kind === 'notice');
const measurements = ({ queued }: MemoryResponse) =>
  queued.filter((it): it is Measurement => it.kind === 'measurement');

describe('two workers with the same image', () => {
  test('the one that began first leaves nothing behind when the other was faster, and its hint comes back', async () => {
    const world = put(aWorld(), A, ['latest'], aReading(['CVE-2026-1']));
    const memory = memoryResponse(world);
    const { ports } = memory;
    let meanwhile: readonly string[] = [];
    const overtaken: ResponsePorts = {
      ...ports,
      async saveTelling(...telling) {
        meanwhile = await hint(memory, A);
        return ports.saveTelling(...telling);
      },
    };
    expect(await hint({ ...memory, ports: overtaken }, A)).toEqual(['waits']);
    expect(meanwhile).toEqual(['first-scan']);
    expect(memory.open('latest')).not.toHaveProperty('isTelling');
    expect(await hint(memory, A)).toEqual(['already-answered']);
    expect(memory.told()).toHaveLength(2);
  });
});

describe('a tag that moves to an image scanned before', () => {
  test('is answered from the scan that is there; one that cannot be read yet is not waited for', async () => {
    const world = put(aWorld(), A, ['v1'], aReading(['CVE-1']));
    const memory = memoryResponse(world);
    await hint(memory, A);
    put(world, A, ['v1', 'latest'], { state: 'pending', status: 'IN_PROGRESS' });
    expect(await respondToRetag(anImageOf(A), memory.ports)).toEqual([]);
    put(world, A, ['v1', 'latest'], aReading(['CVE-1']));
    const [answer] = await respondToRetag(anImageOf(A), memory.ports);
    expect(answer?.decision).toMatchObject({ kind: 'notice', references: ['latest'] });
    expect(memory.open('latest')).toMatchObject({ digest: A, ids: ['CVE-1'] });
  });

  test('an index of which one platform was scanned waits for the others as long as their own hints would', async () => {
    const world = twoPlatforms(aReading(['CVE-1']), aPending('IN_PROGRESS'));
    const memory = memoryResponse(world);
    await expect(respondToRetag(anImageOf(INDEX), memory.ports, 0)).rejects.toThrow(NotReady);
    const [answer] = await respondToRetag(anImageOf(INDEX), memory.ports, 120);
    expect(answer?.decision).toMatchObject({ kind: 'notice' });
  });

  test('an index of which nothing was scanned is not waited for', async () => {
    const world = twoPlatforms(aPending(), aPending('IN_PROGRESS'));
    const memory = memoryResponse(world);
    expect(await respondToRetag(anImageOf(INDEX), memory.ports)).toEqual([]);
    expect(memory.queued).toEqual([]);
  });
});

describe('one image', () => {
  test('with findings: the scan, the gauges, the notice, and last the baselines', async () => {
    const writes: string[] = [];
    const memory = memoryResponse(put(aWorld(), A, ['latest', '0a1b2c3d4e'], aReading(['CVE-1'])));
    const { saveScan, enqueue, saveOpenFindings } = memory.ports;
    const ports: ResponsePorts = {
      ...memory.ports,
      async saveScan(...written) {
        writes.push('scan');
        await saveScan(...written);
      },
      async enqueue(delivery) {
        writes.push(delivery.kind);
        await enqueue(delivery);
      },
      async saveOpenFindings(...written) {
        writes.push('baseline');
        await saveOpenFindings(...written);
      },
    };
    expect(await hint({ ...memory, ports }, A)).toEqual(['first-scan']);
    expect(writes).toEqual(['scan', 'measurement', 'notice', 'baseline', 'baseline']);
    expect(memory.open('latest')).toMatchObject({ digest: A, pushedAt: at('02:00'), ids: ['CVE-1'] });
    expect(memory.open(NEWEST_PUSH)?.ids).toEqual(['CVE-1']);
    expect(notices(memory)[0]?.subject.provenance?.best.commit).toBe('0a1b2c3d4e');
  });

  test('that others built, and a rule copied here, has no commit of ours', async () => {
    const world = put(aWorld(), A, ['latest', '0a1b2c3d4e'], aReading(['CVE-1']));
    world.records.set(A, aRecord({ image: anImageOf(A), isUpstream: true }));
    const memory = memoryResponse(world);
    expect(await hint(memory, A)).toEqual(['first-scan']);
    expect(notices(memory)[0]?.subject).not.toHaveProperty('provenance');
  });

  test('clean: gauges with zeros and no notice', async () => {
    const memory = memoryResponse(put(aWorld(), A, ['latest'], aReading([])));
    expect(await hint(memory, A)).toEqual(['below-threshold']);
    expect(notices(memory)).toEqual([]);
    expect(measurements(memory)[0]?.gauges).toMatchObject([{ reference: 'latest', counts: { CRITICAL: 0 } }]);
  });

  test('the same hint again changes nothing and queues nothing', async () => {
    const memory = memoryResponse(put(aWorld(), A, ['latest'], aReading(['CVE-1'])));
    await hint(memory, A);
    const tables = memory.tables();
    const { length } = memory.queued;
    expect(await hint(memory, A)).toEqual(['already-answered']);
    expect(memory.tables()).toEqual(tables);
    expect(memory.queued).toHaveLength(length);
  });

  test('a rescan with one more speaks, with the same does not, with none is resolved', async () => {
    const world = put(aWorld(), A, ['latest'], aReading(['CVE-1']));
    const memory = memoryResponse(world);
    const rescan = (time: string, ...ids: string[]) => {
      world.scans.set(A, aReading(ids, 'CRITICAL', time));
      return hint(memory, A);
    };
    expect(await hint(memory, A)).toEqual(['first-scan']);
    expect(await rescan('03:00', 'CVE-1')).toEqual(['unchanged']);
    expect(await rescan('04:00', 'CVE-1', 'CVE-2')).toEqual(['worse']);
    expect(await rescan('04:30', 'CVE-2')).toEqual(['better']);
    expect(await rescan('05:00')).toEqual(['resolved']);
    expect(await rescan('06:00')).toEqual(['below-threshold']);
    expect(measurements(memory)).toHaveLength(6);
    expect(new Set(memory.told()).size).toBe(10);
  });

  test('a tag that goes back and forth between two images has gauges each time, and a replay none', async () => {
    const world = aWorld();
    const memory = memoryResponse(world);
    for (const [digest, other] of [
      [A, B],
      [B, A],
      [A, B],
      [B, A],
      [A, B],
    ] as const) {
      put(put(world, other, [], aReading([])), digest, ['latest'], aReading(digest === A ? ['CVE-1'] : []));
      await hint(memory, digest);
      await hint(memory, digest);
      await hint(memory, other);
    }
    const keys = measurements(memory).map(({ image, key }) => `${image.digest} ${key}`);
    expect(keys).toHaveLength(5);
    expect(new Set(keys).size).toBe(5);
    expect(measurements(memory).map(({ gauges }) => gauges[0]?.counts.CRITICAL)).toEqual([1, 0, 1, 0, 1]);
  });

  test('what is measured is as old as the decision, not as the reading', async () => {
    const memory = memoryResponse(put(aWorld(), A, ['latest'], aReading(['CVE-1'])));
    await hint(memory, A);
    const [{ measuredAt } = { measuredAt: undefined }] = measurements(memory);
    const readAt = memory.open('latest')?.readAt;
    expect(measuredAt && readAt && measuredAt > readAt).toBe(true);
  });

  test('many long tags fit into the key of an item', async () => {
    const tags = Array.from({ length: 50 }, (_, n) => `${n}-${'x'.repeat(100)}-latest`);
    const memory = memoryResponse(put(aWorld(), A, tags, aReading(['CVE-1'])));
    await hint(memory, A);
    expect(measurements(memory)[0]?.gauges).toHaveLength(50);
    // A sort key holds 1,024 bytes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    expect(measurements(memory)[0]?.key.length).toBeLessThan(200);
  });

  test('an older image without a tracked tag is recorded and told to nobody', async () => {
    const memory = memoryResponse(
      put(put(aWorld(), A, ['v1'], aReading(['CVE-1'])), B, ['v2'], aReading([]), '03:00'),
    );
    await hint(memory, B);
    const { length } = memory.queued;
    expect(await hint(memory, A)).toEqual(['untracked']);
    expect(memory.queued).toHaveLength(length);
    expect(memory.open(NEWEST_PUSH)?.digest).toBe(B);
    expect(memory.tables().scans).toHaveLength(2);
  });

  test('what is new is new since the image that the tag pointed to before', async () => {
    const world = put(aWorld(), A, ['latest'], aReading(['CVE-1']));
    const memory = memoryResponse(world);
    await hint(memory, A);
    put(put(world, A, [], aReading(['CVE-1'])), B, ['latest'], aReading(['CVE-1', 'CVE-2']), '03:00');
    expect(await hint(memory, B)).toEqual(['new-findings']);
    expect(notices(memory)[1]?.found).toMatchObject({ newCount: 1, stillOpenCount: 1 });
  });

  test('gone: nobody hears of it', async () => {
    const memory = memoryResponse(aWorld());
    expect(await hint(memory, A)).toEqual([]);
    const deletedWhileReading = memoryResponse(put(aWorld(), A, ['latest'], GONE));
    expect(await hint(deletedWhileReading, A)).toEqual(['gone']);
    expect(deletedWhileReading.queued).toEqual([]);
  });

  test('without a tag: waits for the grace, then speaks', async () => {
    const memory = memoryResponse(put(aWorld(), A, [], aReading(['CVE-1'])));
    expect(await hint(memory, A, 0)).toEqual(['waits']);
    expect(memory.queued).toEqual([]);
    expect(await hint(memory, A, 120)).toEqual(['first-scan']);
    expect(notices(memory)[0]?.references).toEqual([NEWEST_PUSH]);
  });

  test.each<ImageKind>(['attestation', 'cache', 'artifact'])('%s is never a subject', async (kind) => {
    const world = put(aWorld(), A, ['latest'], aReading(['CVE-1']));
    world.images.set(A, aRegistered(A, ['latest'], { kind }));
    const memory = memoryResponse(world);
    expect(await hint(memory, A)).toEqual(['never-a-subject']);
    expect(memory.queued).toEqual([]);
    expect(Object.values(memory.tables()).flat()).toEqual([]);
  });
});

// BuildKit before v0.32 gives an attestation the media types of an image; only its index tells what it is.
test('an attestation that looks like an image is not told of', async () => {
  const world = twoPlatforms(aReading([]), aReading([]));
  const attestation = aDigest('4');
  world.records.set(INDEX, { ...(world.records.get(INDEX) as ImageRecord), attestations: [attestation] });
  const memory = memoryResponse(put(world, attestation, [], anUnscannable('FAILED'), '02:01'));
  expect(await hint(memory, attestation, 120)).toEqual(['below-threshold']);
  expect(notices(memory)).toEqual([]);
});

describe('a scan that cannot be read', () => {
  test.each([
    ['unscannable', anUnscannable('SCAN_ELIGIBILITY_EXPIRED'), 0],
    ['pending for too long', aPending('IN_PROGRESS'), 1800],
  ])('%s is said, without counts, under one key', async (_, reading, waitedSeconds) => {
    const memory = memoryResponse(put(aWorld(), A, ['latest'], reading));
    expect(await hint(memory, A, waitedSeconds)).toEqual(['not-scanned']);
    expect(await hint(memory, A, waitedSeconds)).toEqual(['not-scanned']);
    expect(memory.told()).toHaveLength(1);
    expect(notices(memory)[0]).not.toHaveProperty('found');
    expect(measurements(memory)).toEqual([]);
    expect(memory.open('latest')).toBeUndefined();
  });

  test('does not take away what was open before', async () => {
    const world = put(aWorld(), A, ['latest'], aReading(['CVE-1']));
    const memory = memoryResponse(world);
    await hint(memory, A);
    world.scans.set(A, anUnscannable('SCAN_ELIGIBILITY_EXPIRED'));
    expect(await hint(memory, A)).toEqual(['not-scanned']);
    expect(memory.open('latest')?.ids).toEqual(['CVE-1']);
  });

  test('of an image that nobody follows is told to nobody', async () => {
    const world = put(put(aWorld(), A, ['v1'], anUnscannable()), B, ['v2'], aReading([]), '03:00');
    const memory = memoryResponse(world);
    await hint(memory, B);
    expect(await hint(memory, A)).toEqual(['untracked']);
    expect(notices(memory)).toEqual([]);
  });
});

describe('a list that is shorter than announced', () => {
  const announced = { at: at('02:01'), counts: { CRITICAL: 2 } };
  const lateAt = (time: string) => ({ ...announced, at: at(time) });

  async function told(reading: Reading, promise: Announced, waitedSeconds: number) {
    const memory = memoryResponse(put(aWorld(), A, ['latest'], reading));
    const ports = { ...memory.ports, now: () => new Date(at('02:05')) };
    const found = respond(anImageOf(A), waitedSeconds, ports, { announced: promise });
    const reasons = await found.then(
      (answers) => answers.map(({ decision }) => decision.reason),
      (error: unknown) => (error instanceof NotReady ? ['waits'] : Promise.reject(error)),
    );
    return { memory, reasons };
  }

  test.each<[string, Reading, number, readonly string[]]>([
    ['is waited for', aReading(['CVE-1']), 1799, ['waits']],
    ['is told in the end', aReading(['CVE-1']), 1800, ['first-scan']],
    ['and is not taken for clean while it is empty', aReading([]), 1799, ['waits']],
    ['nor in the end', aReading([]), 1800, ['not-scanned']],
    ['a whole one is told at once', aReading(['CVE-1', 'CVE-2']), 0, ['first-scan']],
  ])('%s', async (_, reading, waitedSeconds, expected) => {
    expect((await told(reading, announced, waitedSeconds)).reasons).toEqual(expected);
  });

  test('is marked, and what was announced is in no number', async () => {
    const { memory } = await told(aReading(['CVE-1']), announced, 1800);
    expect(notices(memory)).toMatchObject([{ listIncomplete: true, found: { counts: { CRITICAL: 1 } } }]);
    expect(measurements(memory)).toMatchObject([{ gauges: [{ counts: { CRITICAL: 1 } }] }]);
  });

  test('and empty: told as incomplete, without any number', async () => {
    const { memory } = await told(aReading([]), announced, 1800);
    expect(notices(memory)).toMatchObject([
      { listIncomplete: true, unscannable: { status: 'LIST_INCOMPLETE' } },
    ]);
    expect(notices(memory)[0]).not.toHaveProperty('found');
    expect([measurements(memory), memory.open('latest')]).toEqual([[], undefined]);
  });

  test('a zero that nobody knows below the threshold has no gauge', async () => {
    const promise = { ...announced, counts: { LOW: 3 } };
    const { memory, reasons } = await told(aReading([]), promise, 1800);
    expect(reasons).toEqual(['below-threshold']);
    expect(measurements(memory)).toMatchObject([{ unknown: ['LOW'] }]);
  });

  test.each([
    ['of another scan than the one that was read', aReading([], 'CRITICAL', '02:04'), announced],
    ['more than a day old', aReading([]), { ...announced, at: parseInstant('2026-11-19T02:00:00Z') }],
    ['from the future', aReading([]), lateAt('02:07')],
    ['kept', aReading(['CVE-1', 'CVE-2']), announced],
    [
      'kept with a suppressed one',
      { ...aReading(['CVE-1']), dismissed: toCounts({ CRITICAL: 1 }) },
      announced,
    ],
  ])('a promise %s delays nothing', async (_, reading, promise) => {
    const { memory, reasons } = await told(reading, promise, 0);
    expect(reasons).not.toEqual(['waits']);
    expect(notices(memory).filter(({ listIncomplete }) => listIncomplete)).toEqual([]);
  });

  test("ECR's own list gets the grace to catch up with ECR's own counts", async () => {
    const reading: Reading = {
      ...aReading(['CVE-1']),
      counts: toCounts({ CRITICAL: 3 }),
      short: ['CRITICAL'],
    };
    const memory = memoryResponse(put(aWorld(), A, ['latest'], reading));
    expect(await hint(memory, A, 119)).toEqual(['waits']);
    expect(await hint(memory, A, 120)).toEqual(['first-scan']);
    expect(notices(memory)).toMatchObject([{ listIncomplete: true, found: { counts: { CRITICAL: 3 } } }]);
  });
});

describe('the same set again', () => {
  const day = 24 * 3600 * 1000;

  /** One image, looked at after so many days each time with these ids; gives the reasons and the keys. */
  async function looks(
    renotifyAfterSeconds: number | undefined,
    ...seen: readonly (readonly [number, string[]])[]
  ) {
    const world = put(aWorld(), A, ['latest'], aReading([]));
    const memory = memoryResponse(world);
    const policyOf: typeof memory.ports.policyOf = async (repository) => ({
      ...(await memory.ports.policyOf(repository)),
      ...(renotifyAfterSeconds && { renotifyAfterSeconds }),
    });
    const reasons: string[] = [];
    for (const [days, ids] of seen) {
      world.scans.set(A, aReading(ids));
      const now = () => new Date(Date.parse(at('03:00')) + days * day);
      reasons.push(...(await hint({ ...memory, ports: { ...memory.ports, policyOf, now } }, A)));
    }
    return { reasons, keys: new Set(notices(memory).map(({ key }) => key)).size };
  }

  const week = 7 * 24 * 3600;
  const open = ['CVE-1'];

  test.each<[string, number | undefined, readonly (readonly [number, string[]])[], readonly string[]]>([
    [
      'is silent for ever when nobody asked',
      undefined,
      [
        [0, open],
        [400, open],
      ],
      ['first-scan', 'already-answered'],
    ],
    [
      'is silent before its time',
      week,
      [
        [0, open],
        [6, open],
      ],
      ['first-scan', 'already-answered'],
    ],
    [
      'speaks when it is due',
      week,
      [
        [0, open],
        [7, open],
      ],
      ['first-scan', 'reminder-due'],
    ],
    [
      'once each time',
      week,
      [
        [0, open],
        [7, open],
        [8, open],
        [14, open],
      ],
      ['first-scan', 'reminder-due', 'already-answered', 'reminder-due'],
    ],
    [
      'what is clean is not reminded of',
      week,
      [
        [0, []],
        [9, []],
      ],
      ['below-threshold', 'already-answered'],
    ],
    [
      'a set that came back after the image was clear speaks at once',
      undefined,
      [
        [0, open],
        [1, []],
        [2, open],
      ],
      ['first-scan', 'resolved', 'worse'],
    ],
  ])('%s', async (_, renotifyAfterSeconds, seen, expected) => {
    const { reasons, keys } = await looks(renotifyAfterSeconds, ...seen);
    expect(reasons).toEqual(expected);
    const spoken = reasons.filter((it) => !['already-answered', 'below-threshold'].includes(it));
    expect(keys).toBe(spoken.length);
  });
});

describe('a reminder of what somebody acknowledged', () => {
  const policyOf: ResponsePorts['policyOf'] = async () => ({
    trackedTags: ['latest'],
    notifyAt: 'CRITICAL',
    renotifyAfterSeconds: 60,
  });

  /** Whether it is told an hour later, and what was asked about it. */
  async function reminded(isKnown: boolean, ids = ['CVE-1']) {
    const world = put(aWorld(), A, ['latest'], aReading(['CVE-1']));
    const memory = memoryResponse(world, { policyOf });
    const asked: unknown[] = [];
    const isAcknowledged: ResponsePorts['isAcknowledged'] = async ({ name }, tracked, open) => {
      asked.push([name, tracked.map(({ reference }) => reference), open]);
      return isKnown;
    };
    const ports = { ...memory.ports, isAcknowledged };
    await hint({ ...memory, ports }, A);
    world.scans.set(A, aReading(ids));
    const now = () => new Date(at('05:00'));
    const reasons = await hint({ ...memory, ports: { ...ports, now } }, A);
    return { reasons, asked };
  }

  test('is not told, and any other is', async () => {
    const asked = [['demo-api', ['latest'], ['CVE-1']]];
    expect(await reminded(true)).toEqual({ reasons: ['already-answered'], asked });
    expect(await reminded(false)).toEqual({ reasons: ['reminder-due'], asked });
  });

  test('what is new is told, whatever was acknowledged', async () => {
    expect((await reminded(true, ['CVE-1', 'CVE-2'])).reasons).toEqual(['worse']);
  });
});

describe('a tag that goes back', () => {
  /** `latest` on these images, one after the other; gives the reasons and the keys of what was told. */
  async function moves(world: World, ...digests: readonly Digest[]) {
    const memory = memoryResponse(world);
    const reasons: string[] = [];
    for (const digest of digests) {
      for (const [it, image] of world.images) world.images.set(it, { ...image, tags: [] });
      const image = world.images.get(digest);
      if (image) world.images.set(digest, { ...image, tags: [parseTag('latest')] });
      const answers = await respondToRetag(anImageOf(digest), memory.ports);
      reasons.push(...answers.map(({ decision }) => decision.reason));
    }
    return { reasons, keys: notices(memory).map(({ key, subject }) => `${subject.image.digest} ${key}`) };
  }

  test.each<[string, Reading, Reading, readonly string[]]>([
    [
      'to an image with findings, after people heard that all is clear: they hear of it each time',
      aReading(['CVE-1']),
      aReading([]),
      ['first-scan', 'resolved', 'new-findings', 'resolved', 'new-findings', 'resolved'],
    ],
    [
      'to an image with the same findings: silent',
      aReading(['CVE-1']),
      aReading(['CVE-1']),
      ['first-scan', 'unchanged', 'unchanged', 'unchanged', 'unchanged', 'unchanged'],
    ],
  ])('%s', async (_, ofA, ofB, expected) => {
    const world = put(put(aWorld(), A, [], ofA), B, [], ofB, '02:30');
    const { reasons, keys } = await moves(world, A, B, A, B, A, B);
    expect(reasons).toEqual(expected);
    expect(new Set(keys).size).toBe(reasons.filter((it) => it !== 'unchanged').length);
  });
});

describe('two platforms', () => {
  const found = ['CVE-1'];

  test.each([
    ['amd64 first', AMD64.digest, ARM64.digest],
    ['arm64 first', ARM64.digest, AMD64.digest],
  ])('are one notice: %s', async (_, first, second) => {
    const world = twoPlatforms(aPending(), aPending());
    const memory = memoryResponse(world);
    world.scans.set(first, aReading(found));
    expect(await hint(memory, first)).toEqual(['waits']);
    world.scans.set(second, aReading([...found, 'CVE-2'], 'CRITICAL', '02:02'));
    expect(await hint(memory, second)).toEqual(['first-scan']);
    expect(await hint(memory, first, 40)).toEqual(['already-answered']);
    expect(notices(memory)).toHaveLength(1);
    expect(notices(memory)[0]?.subject.image.digest).toBe(INDEX);
    expect(measurements(memory)[0]?.gauges[0]?.counts.CRITICAL).toBe(2);
  });

  test('one pending beyond the grace: speaks, says which, and speaks again only of what is new', async () => {
    const world = twoPlatforms(aReading(found), aPending());
    const memory = memoryResponse(world);
    expect(await hint(memory, AMD64.digest, 119)).toEqual(['waits']);
    expect(await hint(memory, AMD64.digest, 120)).toEqual(['first-scan']);
    expect(notices(memory)[0]?.platforms).toMatchObject([
      { state: 'scanned' },
      { ...ARM64, state: 'pending' },
    ]);
    world.scans.set(ARM64.digest, aReading(found, 'CRITICAL', '02:30'));
    expect(await hint(memory, ARM64.digest)).toEqual(['unchanged']);
    world.scans.set(ARM64.digest, aReading([...found, 'CVE-9'], 'CRITICAL', '02:40'));
    expect(await hint(memory, ARM64.digest)).toEqual(['worse']);
  });

  test.each([
    ['unscannable', anUnscannable(), 0, ['not-scanned']],
    ['pending beyond the grace', aPending(), 120, ['not-scanned']],
    ['gone', GONE, 0, ['below-threshold']],
  ])('nothing found on one, the other %s', async (_, other, waitedSeconds, expected) => {
    const memory = memoryResponse(twoPlatforms(aReading([]), other));
    expect(await hint(memory, AMD64.digest, waitedSeconds)).toEqual(expected);
    expect(measurements(memory)).toHaveLength(expected[0] === 'not-scanned' ? 0 : 1);
  });

  test.each([
    ['unscannable', anUnscannable(), 0],
    ['pending', aPending(), 120],
  ])('is not resolved while one is %s', async (_, other, waitedSeconds) => {
    const world = twoPlatforms(aReading(found), aReading([]));
    const memory = memoryResponse(world);
    await hint(memory, AMD64.digest);
    const { length } = measurements(memory);
    world.scans.set(AMD64.digest, aReading([], 'CRITICAL', '05:00'));
    world.scans.set(ARM64.digest, other);
    expect(await hint(memory, AMD64.digest, waitedSeconds)).toEqual(['not-scanned']);
    expect(memory.open('latest')?.ids).toEqual(found);
    expect(measurements(memory)).toHaveLength(length);
  });

  test.each([
    ['unscannable', anUnscannable()],
    ['gone', GONE],
  ])('findings on one are told although the other is %s', async (_, other) => {
    const memory = memoryResponse(twoPlatforms(other, aReading(found)));
    expect(await hint(memory, ARM64.digest)).toEqual(['first-scan']);
    expect(notices(memory)[0]?.platforms.map(({ state }) => state)).toEqual([other.state, 'scanned']);
  });

  test('both gone', async () => {
    const memory = memoryResponse(twoPlatforms(GONE, GONE));
    expect(await hint(memory, AMD64.digest)).toEqual(['gone']);
    expect(memory.queued).toEqual([]);
  });
});

describe('a crash at any call, and the hint again', () => {
  const tracked = ['latest', 'prod-latest'];
  const later = (...ids: string[]) => aReading(ids, 'CRITICAL', '05:00');

  // What was answered before, and how the world is when the hint comes.
  test.each<[string, World, World]>([
    ['a first scan', aWorld(), put(aWorld(), A, tracked, aReading(['CVE-1']))],
    ['a clean scan', aWorld(), put(aWorld(), A, tracked, aReading([]))],
    ['without a tracked tag', aWorld(), put(aWorld(), A, ['v1'], aReading(['CVE-1']))],
    [
      'one more',
      put(aWorld(), A, tracked, aReading(['CVE-1'])),
      put(aWorld(), A, tracked, later('CVE-1', 'CVE-2')),
    ],
    ['resolved', put(aWorld(), A, tracked, aReading(['CVE-1'])), put(aWorld(), A, tracked, later())],
    [
      'a newer push',
      put(aWorld(), B, ['latest'], aReading(['CVE-1'])),
      put(aWorld(), A, ['latest'], later('CVE-2'), '04:00'),
    ],
    ['never scanned', aWorld(), put(aWorld(), A, tracked, anUnscannable())],
    ['two platforms', aWorld(), twoPlatforms(aReading(['CVE-1']), aReading(['CVE-2']), tracked)],
  ])('%s', async (_, past, present) => {
    const hinted = present.images.has(INDEX) ? AMD64.digest : A;
    const uninterrupted = await answered(past, present);
    await hint(uninterrupted, hinted);
    expect(uninterrupted.told().length).toBeGreaterThan(0);
    for (const [when, nth] of crashPoints) {
      const memory = await answered(past, present);
      const failing = failingAt(memory.ports, nth, when);
      const crashed = await hint({ ...memory, ports: failing.ports }, hinted).catch(
        (error: unknown) => error,
      );
      if (failing.calls() < nth) continue;
      expect(crashed).toBeInstanceOf(Crash);
      await hint(memory, hinted);
      expect(memory.told(), `${when} call ${nth}`).toEqual(uninterrupted.told());
      expect(memory.tables(), `${when} call ${nth}`).toEqual(uninterrupted.tables());
    }
  });
});

test('a crash at any call while one tag moves away from a clear image and one from another: one notice', async () => {
  const tags = ['latest', 'prod-latest'];
  const past = put(aWorld(), A, ['prod-latest'], aReading(['CVE-2']), '01:00');
  put(past, B, ['latest'], aReading(['CVE-1']), '01:30');
  const present = put(aWorld(), A, tags, aReading(['CVE-2', 'CVE-3']));
  const beforeCrash = async () => {
    const memory = await answered(
      past,
      put(aWorld(), B, ['latest'], aReading([], 'CRITICAL', '02:00'), '01:30'),
    );
    expect(await hint(memory, B)).toEqual(['resolved']);
    return memoryAfter(memory, present);
  };
  for (const [when, nth] of crashPoints) {
    const memory = await beforeCrash();
    const failing = failingAt(memory.ports, nth, when);
    await hint({ ...memory, ports: failing.ports }, A).catch(() => undefined);
    await hint(memory, A);
    const ofA = notices(memory).filter(({ reason }) => reason !== 'resolved');
    expect(new Set(ofA.map(({ key }) => key)).size, `${when} call ${nth}`).toBe(3);
    expect(ofA.at(-1)?.key).toContain('-after-');
  }
});

describe('a crash at any call, and another scan when the hint comes again', () => {
  const tracked = ['latest', 'prod-latest'];

  /** Undefined when there is no such call; else whether something open was told, and what was said to be clear. */
  async function play(past: World, ...[when, nth]: (typeof crashPoints)[number]) {
    const open = put(aWorld(), A, tracked, aReading(['CVE-1'], 'CRITICAL', '03:00'), '02:45');
    const memory = await answered(past, open);
    const failing = failingAt(memory.ports, nth, when);
    await hint({ ...memory, ports: failing.ports }, A).catch(() => undefined);
    if (failing.calls() < nth) return undefined;
    const isTold = notices(memory).some(({ reason }) => reason !== 'resolved');
    open.scans.set(A, aReading([], 'CRITICAL', '05:00'));
    const after = memoryAfter(memory, open);
    await hint(after, A);
    const clear = notices(memory).filter(({ reason }) => reason === 'resolved').length;
    return { isTold, clear, again: await hint(after, A) };
  }

  // Without a word beforehand nobody would know of the notice: it is queued before the baselines are written.
  test.each<[string, World]>([
    ['the first scan of all', aWorld()],
    ['clear before', put(aWorld(), A, tracked, aReading([], 'CRITICAL', '02:30'))],
    ['another image before, clear', put(aWorld(), B, tracked, aReading([]))],
  ])('%s: who was told of something open is told that all is clear', async (_, past) => {
    const plays = await Promise.all(crashPoints.map((crash) => play(past, ...crash)));
    const told = plays.filter((it) => it?.isTold);
    expect(told.length).toBeGreaterThan(0);
    for (const { clear } of told as { clear: number }[]) expect(clear).toBe(1);
    for (const it of plays) if (it) expect(it.again).toEqual(['already-answered']);
  });
});

/** The same memory in a world that has changed since. */
function memoryAfter(memory: MemoryResponse, { scans, images }: World): MemoryResponse {
  const findScan: ResponsePorts['findScan'] = async ({ digest }) => scans.get(digest) ?? GONE;
  const findImage: ResponsePorts['findImage'] = async ({ digest }) => images.get(digest);
  return { ...memory, ports: { ...memory.ports, findScan, findImage } };
}

/** The ports after everything of the past has been answered, in the present world. */
async function answered(past: World, present: World): Promise<MemoryResponse> {
  const world = { images: new Map(past.images), scans: new Map(past.scans), records: new Map(past.records) };
  const memory = memoryResponse(world);
  for (const digest of past.images.keys()) await hint(memory, digest);
  for (const part of ['images', 'scans', 'records'] as const) {
    world[part].clear();
    for (const [digest, it] of present[part]) (world[part] as Map<Digest, unknown>).set(digest, it);
  }
  return memory;
}

describe('a reference whose image was deleted still has its baseline', () => {
  test.each<[string, Reading, string]>([
    ['another image with the same findings is no news', aReading(['CVE-1']), 'unchanged'],
    ['one with more is, and only the new one is new', aReading(['CVE-1', 'CVE-2']), 'new-findings'],
    ['a clean one says that all is clear', aReading([]), 'resolved'],
  ])('%s', async (_, reading, reason) => {
    const world = put(aWorld(), A, ['latest'], aReading(['CVE-1']));
    const memory = memoryResponse(world);
    expect(await hint(memory, A)).toEqual(['first-scan']);
    world.images.delete(A);
    put(world, B, ['latest'], reading, '04:00');
    expect(await hint(closed(memory), B)).toEqual([reason]);
  });
});
