import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../lib/instant.ts';
import { FAULTS } from './nothing-lost.ts';
import type { Plant } from './plant.ts';
import { type QuietRun, runQuietHours } from './quiet-hours.ts';
import { isFull, record } from './report/row.ts';

const IMAGES = isFull ? 1500 : 120;
const NAMED_SECONDS = 60;
/** Everything goes wrong at times, but AWS tells of every scan: what it never tells of is R6. */
const TROUBLE = { ...FAULTS, neverSent: 0 };

const most = (all: readonly number[]) => Math.ceil(Math.max(0, ...all));
const wrongs = (it: QuietRun) =>
  [...it.lost, ...it.doublesAtKeyed, ...it.unexplained, ...it.woken].length + it.left;

test(`${IMAGES} images in six days with quiet nights, a weekend and a digest`, async () => {
  const it = await runQuietHours(1, { images: IMAGES });
  process.stdout.write(
    `${it.images} images: ${it.waited} waited and came in ${it.messagesOfWaited} messages, ${it.putBack} put back; ` +
      `criticals in quiet hours ${it.criticals.length}, the last after ${most(it.criticals)} s; others ${most(it.after)} s after they may\n`,
  );
  record({
    id: 'quiet hours',
    size: it.images,
    promise: 'a night without messages, but of criticals',
    target: `1,500 images: 0 lost, 0 told in quiet hours that can wait, criticals ≤ ${NAMED_SECONDS} s, all else ≤ ${NAMED_SECONDS} s after their end`,
    measured: {
      images: it.images,
      'of them waited': it.waited,
      'messages with what waited': it.messagesOfWaited,
      lost: it.lost.length,
      'told too early': it.woken.length,
      'seconds until a critical was told in quiet hours, at most': most(it.criticals),
      'seconds after their end until the rest was told, at most': most(it.after),
    },
    pass: wrongs(it) === 0 && most([...it.criticals, ...it.machines, ...it.after]) <= NAMED_SECONDS,
  });
  expect(it).toMatchObject({
    lost: [],
    doublesAtKeyed: [],
    unexplained: [],
    woken: [],
    left: 0,
    deadLetters: 0,
  });
  expect(it.criticals.length).toBeGreaterThan(IMAGES / 6);
  expect(it.waited).toBeGreaterThan(IMAGES / 20);
  expect(most([...it.criticals, ...it.machines, ...it.after])).toBeLessThanOrEqual(NAMED_SECONDS);
  expect(it.messagesOfWaited).toBeLessThan(it.waited / 2);
});

test('with crashes, throttles, duplicates and lost replies: nothing lost, and no double that is not explained', async () => {
  const it = await runQuietHours(2, { images: IMAGES, faults: TROUBLE });
  expect(it).toMatchObject({ lost: [], doublesAtKeyed: [], unexplained: [], woken: [], left: 0 });
  expect(it.deaths).toBeGreaterThan(0);
  // From Friday evening until Monday noon; copies that copy themselves would be many more.
  expect(it.putBack).toBeLessThan(it.waited * 62 * 4);
  expect(it.waited).toBeGreaterThan(0);
});

describe('a bug in the waiting is found', () => {
  test.each<readonly [string, Plant, (it: QuietRun) => boolean]>([
    [
      'criticals wait as well',
      {
        delivery: (it) =>
          it.kind === 'notice' ? { ...it, notBefore: parseInstant('2026-11-27T00:00:00Z') } : it,
      },
      (it) => most(it.criticals) > NAMED_SECONDS,
    ],
    [
      'it waits a quarter of an hour too long',
      { waits: (seconds) => seconds + 900 },
      (it) => most(it.after) > 600,
    ],
    ['quiet hours swallow', { waits: () => undefined }, (it) => it.lost.length > 0],
    [
      'nothing waits',
      {
        delivery: (it) =>
          it.kind === 'notice' ? { ...it, notBefore: parseInstant('2026-11-01T00:00:00Z') } : it,
      },
      (it) => it.woken.length > 0,
    ],
  ])('%s', async (_, plant, isFound) => {
    expect(isFound(await runQuietHours(1, { images: 60, plant }))).toBe(true);
  });
});
