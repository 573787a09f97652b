import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../lib/image/digest.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { toInstant } from '../../../lib/instant.ts';
import { reconcile } from '../../../lib/reconcile/reconcile.ts';
import { aRepository, at } from '../../build/lineage.ts';
import { memoryReconcile, type StoredImage } from '../../doubles/memory-reconcile.ts';

const NOON = new Date(at('12:00'));
const minutes = (n: number) => new Date(NOON.getTime() + n * 60_000);

function anImage(of: Partial<StoredImage> & { readonly name?: string; readonly text?: string }): StoredImage {
  const { name = 'demo-api', text = name, ...more } = of;
  const image = { repository: aRepository({ name }), digest: digestOf(text) };
  return { image, kind: 'image', tags: [], pushedAt: toInstant(minutes(-60)), isArchived: false, ...more };
}

const statuses = (bodies: readonly string[]) =>
  bodies.map((body) => JSON.parse(body)).map((it) => it.detail['scan-status'] ?? it.detail['action-type']);

describe('a walk', () => {
  test('that runs out of time goes on where it stopped, and says so', async () => {
    // One second a call: each repository takes its list of images.
    const world = memoryReconcile(NOON, {}, 1000);
    for (let n = 0; n < 12; n++) world.push(anImage({ name: `service-${10 + n}`, isArchived: true }));
    const endsAt = () => new Date(world.now().getTime() + 4500);
    const first = await reconcile(endsAt(), world.ports);
    expect(first).toMatchObject({ repositories: 5, isWhole: false });
    expect(world.cursor()).toContain('service-14');
    const second = await reconcile(endsAt(), world.ports);
    const third = await reconcile(endsAt(), world.ports);
    expect([second, third]).toMatchObject([{ isWhole: false }, { repositories: 2, isWhole: true }]);
    expect(world.cursor()).toBeUndefined();
    expect(world.calls.filter(({ name }) => name === 'DescribeImages')).toHaveLength(12);
  });

  test('that ends in the middle of a repository sends its rest in the next run, and nothing twice', async () => {
    const world = memoryReconcile(NOON, {}, 500);
    for (let n = 0; n < 40; n++) world.push(anImage({ text: `${n}`, scannedAt: minutes(-50) }));
    const endsAt = () => new Date(world.now().getTime() + 8000);
    const first = await reconcile(endsAt(), world.ports);
    expect(first).toMatchObject({ isWhole: false, scans: 20 });
    expect(world.verification(aRepository())).toBeUndefined();
    await reconcile(endsAt(), world.ports);
    await reconcile(endsAt(), world.ports);
    expect(world.sent).toHaveLength(40);
    expect(new Set(world.sent).size).toBe(40);
    expect(world.verification(aRepository())).toBeDefined();
  });

  test('goes round what cannot be asked, and names it', async () => {
    const world = memoryReconcile(NOON, { members: ['222233334444'] });
    const { listImages, listRepositories } = world.ports;
    world.push(anImage({ name: 'broken', scannedAt: minutes(-50) }));
    world.push(anImage({ name: 'whole', scannedAt: minutes(-50) }));
    const walk = await reconcile(minutes(5), {
      ...world.ports,
      async listRepositories(account, token) {
        if (account) throw new Error('may not take the role');
        return listRepositories(account, token);
      },
      async listImages(repository, token) {
        if (repository.name === 'broken') throw new Error('throttled');
        return listImages(repository, token);
      },
    });
    expect(walk).toMatchObject({ isWhole: true, scans: 1 });
    expect(walk.failures.map(({ where, error }) => [where, error.message])).toEqual([
      ['222233334444', 'may not take the role'],
      ['111122223333#eu-west-1#broken', 'throttled'],
    ]);
  });
});

describe('a scan', () => {
  const walkAt = async (world: ReturnType<typeof memoryReconcile>, n: number) => {
    world.advanceTo(minutes(n));
    const before = world.sent.length;
    await reconcile(minutes(n + 5), world.ports);
    return statuses(world.sent.slice(before));
  };

  test('that never came is told after an hour, once, with a status of its own', async () => {
    const world = memoryReconcile(NOON);
    const pushed = anImage({ tags: [parseTag('latest')], pushedAt: toInstant(NOON) });
    world.push(pushed);
    expect(await walkAt(world, 10)).toEqual(['PUSH']);
    expect(await walkAt(world, 55)).toEqual([]);
    expect(await walkAt(world, 70)).toEqual(['NEVER_SCANNED']);
    expect(await walkAt(world, 200)).toEqual([]);
    expect(world.notices).toEqual([{ digest: pushed.image.digest, status: 'NEVER_SCANNED' }]);
  });

  test('is not told as missing where nobody wants that', async () => {
    const patience = { graceSeconds: 300, overdueSeconds: 0 };
    const world = memoryReconcile(NOON, { patience });
    world.push(anImage({ pushedAt: toInstant(NOON) }));
    expect(await walkAt(world, 600)).toEqual([]);
    expect(await walkAt(world, 2000)).toEqual([]);
  });

  test('of an image that is followed is found again when it is newer than the one on record', async () => {
    const world = memoryReconcile(NOON);
    const image = anImage({ tags: [parseTag('latest')], scannedAt: minutes(-50) });
    world.push(image);
    expect(await walkAt(world, 0)).toEqual(['PUSH', 'COMPLETE']);
    expect(await walkAt(world, 15)).toEqual([]);
    world.push({ ...image, scannedAt: minutes(20) });
    expect(await walkAt(world, 30)).toEqual(['COMPLETE']);
    expect(await walkAt(world, 45)).toEqual([]);
  });

  test('of an image that is followed is found again though an older image still waits for its own', async () => {
    const world = memoryReconcile(NOON);
    world.push(anImage({ text: 'waits', pushedAt: toInstant(minutes(-2)) }));
    const image = anImage({ tags: [parseTag('latest')], pushedAt: toInstant(NOON), scannedAt: minutes(1) });
    world.push(image);
    expect(await walkAt(world, 15)).toEqual(['PUSH', 'COMPLETE']);
    world.push({ ...image, scannedAt: minutes(20) });
    expect(await walkAt(world, 30)).toEqual(['COMPLETE']);
    expect(await walkAt(world, 45)).toEqual([]);
  });

  test('of an archived image is nobody’s business, and its tag stands', async () => {
    const world = memoryReconcile(NOON);
    world.push(anImage({ tags: [parseTag('v1')], isArchived: true }));
    expect(await walkAt(world, 90)).toEqual(['PUSH']);
    expect(await walkAt(world, 105)).toEqual([]);
  });

  test('whose hint came to nothing is hinted at once more after an hour, and then given up', async () => {
    const world = memoryReconcile(NOON, { sendScans: async (bodies) => void lost.push(...bodies) });
    const lost: string[] = [];
    world.push(anImage({ scannedAt: minutes(-50) }));
    const sent: number[] = [];
    for (const n of [0, 15, 45, 75, 90, 150, 300]) {
      await walkAt(world, n);
      sent.push(lost.length);
    }
    expect(sent).toEqual([1, 1, 1, 2, 2, 2, 2]);
  });
});

test('verified: since the first look without a long pause', async () => {
  const world = memoryReconcile(NOON);
  world.push(anImage({ isArchived: true }));
  const since: (string | undefined)[] = [];
  for (const n of [0, 15, 30, 90, 105]) {
    world.advanceTo(minutes(n));
    await reconcile(minutes(n + 5), world.ports);
    since.push(world.verification(aRepository())?.since.slice(11, 16));
  }
  expect(since).toEqual(['12:00', '12:00', '12:00', '13:30', '13:30']);
});
