import { describe, expect, test } from 'vitest';
import { NotReady } from '../../lib/errors.ts';
import { findSubjects, type SubjectReading } from '../../lib/find-subjects.ts';
import type { Digest } from '../../lib/image/digest.ts';
import { aDigest, anImageOf, aRecord } from '../build/lineage.ts';
import { anUnscannable, aPending, aReading } from '../build/reading.ts';
import { aRegistered } from '../build/registered.ts';
import { aWorld, memoryResponse, type World } from '../doubles/memory-response.ts';

const IMAGE = aDigest('a');
const INDEX = aDigest('1');
const AMD64 = { digest: aDigest('2'), platform: 'linux/amd64' };
const ARM64 = { digest: aDigest('3'), platform: 'linux/arm64' };

const find = (world: World, digest: Digest, waitedSeconds = 0) =>
  findSubjects(anImageOf(digest), waitedSeconds, memoryResponse(world).ports);

/** A tagged index of two platforms, recorded; its platforms have no tag, as they arrive. */
function anIndexWorld(tags: readonly string[] = ['latest']): World {
  const world = aWorld();
  world.images.set(INDEX, aRegistered(INDEX, tags, { kind: 'index' }));
  for (const { digest } of [AMD64, ARM64]) {
    world.images.set(digest, aRegistered(digest, []));
    world.scans.set(digest, aReading([]));
  }
  world.records.set(INDEX, aRecord({ image: anImageOf(INDEX), kind: 'index', platforms: [AMD64, ARM64] }));
  return world;
}

const named = (subjects: readonly SubjectReading[]) =>
  subjects.map(({ registered }) => registered.image.digest);

/** What it waits for, and how long. */
async function pause(found: Promise<unknown>) {
  const error = await found.catch((it: unknown) => it);
  expect(error).toBeInstanceOf(NotReady);
  return error as NotReady;
}

describe('whom a scan is about', () => {
  test('nobody, when the image is gone', async () => {
    expect(await find(aWorld(), IMAGE)).toEqual([]);
  });

  test('the image itself, when it has a tag', async () => {
    const world = aWorld();
    const registered = aRegistered(IMAGE, ['latest']);
    world.images.set(IMAGE, registered);
    world.scans.set(IMAGE, aReading(['A']));
    expect(await find(world, IMAGE)).toEqual([
      { registered, readings: [{ image: { digest: IMAGE }, reading: aReading(['A']) }] },
    ]);
  });

  test('the index that lists it, with all platforms', async () => {
    const [subject, ...others] = await find(anIndexWorld(), AMD64.digest);
    expect(others).toEqual([]);
    expect(subject?.registered.image.digest).toBe(INDEX);
    expect(subject?.readings.map(({ image }) => image)).toEqual([AMD64, ARM64]);
  });

  test('both, when the platform has a tag of its own', async () => {
    const world = anIndexWorld();
    world.images.set(AMD64.digest, aRegistered(AMD64.digest, ['v1-amd64']));
    expect(named(await find(world, AMD64.digest))).toEqual([AMD64.digest, INDEX]);
  });

  test('every index that lists it', async () => {
    const world = anIndexWorld();
    const other = aDigest('9');
    world.images.set(other, aRegistered(other, ['v2'], { kind: 'index' }));
    world.records.set(other, aRecord({ image: anImageOf(other), kind: 'index', platforms: [AMD64] }));
    expect(named(await find(world, AMD64.digest))).toEqual([INDEX, other]);
    expect(named(await find(world, ARM64.digest))).toEqual([INDEX]);
  });

  test.each([
    ['nothing lists it', aWorld()],
    ['the index has lost its tag', anIndexWorld([])],
  ])('itself without a tag, once the grace is over: %s', async (_, world) => {
    world.images.set(AMD64.digest, aRegistered(AMD64.digest, []));
    world.scans.set(AMD64.digest, aReading(['A']));
    await pause(find(world, AMD64.digest, 0));
    await pause(find(world, AMD64.digest, 119.9));
    expect(named(await find(world, AMD64.digest, 120))).toEqual([AMD64.digest]);
  });

  test('itself, when the index that listed it was deleted', async () => {
    const world = anIndexWorld();
    world.images.delete(INDEX);
    await pause(find(world, AMD64.digest, 0));
    expect(named(await find(world, AMD64.digest, 120))).toEqual([AMD64.digest]);
  });
});

describe('an index that is not recorded yet', () => {
  const world = anIndexWorld();
  world.records.clear();

  test('is waited for, and then answered with what is known', async () => {
    world.scans.set(INDEX, anUnscannable());
    const { message } = await pause(find(world, INDEX, 0));
    expect(message).toBe('the index is not recorded');
    const [subject] = await find(world, INDEX, 120);
    expect(subject?.readings).toEqual([{ image: { digest: INDEX }, reading: anUnscannable() }]);
  });
});

describe('how long it waits', () => {
  test.each([
    ['the scanned platform, half an hour', AMD64.digest, 120, 'waits'],
    ['the scanned platform, half an hour', AMD64.digest, 1799, 'waits'],
    ['the scanned platform, then no longer', AMD64.digest, 1800, 'answers'],
    ['its sibling, for the grace', ARM64.digest, 119, 'waits'],
    ['its sibling, then no longer', ARM64.digest, 120, 'answers'],
  ])('for %s', async (_, pending, waitedSeconds, expected) => {
    const world = anIndexWorld();
    world.scans.set(pending, aPending());
    const found = find(world, AMD64.digest, waitedSeconds);
    const outcome = await found.then(
      ([subject]) =>
        subject?.readings
          .map(({ reading }) => reading.state)
          .sort()
          .join(),
      (error: unknown) => error,
    );
    if (expected === 'waits') expect(outcome).toBeInstanceOf(NotReady);
    else expect(outcome).toBe('pending,scanned');
  });

  test.each([anUnscannable(), { state: 'gone' } as const])(
    'not for a platform that is %j',
    async (reading) => {
      const world = anIndexWorld();
      world.scans.set(ARM64.digest, reading);
      const [subject] = await find(world, AMD64.digest, 0);
      expect(subject?.readings[1]).toEqual({ image: ARM64, reading });
    },
  );

  test.each([
    [0, 5],
    [3, 5],
    [40, 40],
    [119, 119],
    [299, 299],
    [301, 300],
    [1700, 300],
  ])('after %d s it comes back in %d s', async (waitedSeconds, pauseSeconds) => {
    const world = anIndexWorld();
    world.scans.set(AMD64.digest, aPending());
    expect((await pause(find(world, AMD64.digest, waitedSeconds))).retryAfterSeconds).toBe(pauseSeconds);
  });
});
