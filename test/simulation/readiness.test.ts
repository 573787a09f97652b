import fc from 'fast-check';
import { expect, test } from 'vitest';
import { READINESS_PLANTS } from './readiness/planted.ts';
import { scenes } from './readiness/scene.ts';
import { readinessVerdict } from './readiness/verdict.ts';
import { isFull, record } from './report/row.ts';

/** `npm run test:simulation` says full. */
const RUNS = isFull ? 50_000 : 5_000;

test(`R11: ${RUNS} unready, partial, throttled and paged answers: never fewer, never a false zero`, async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async (scene) => {
      expect(await readinessVerdict(scene)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
  record({
    id: 'R11',
    size: RUNS,
    promise: 'never a false zero',
    target: '0 wrong of 50,000 unready, partial, throttled and paged answers',
    measured: { wrong: 0, scenes: RUNS },
    pass: true,
  });
}, 1_800_000);

test.each(READINESS_PLANTS)('the planted mistake "$name" is found', async ({ plant }) => {
  const planted = fc.assert(
    fc.asyncProperty(scenes, async (scene) => {
      expect(await readinessVerdict(scene, plant)).toEqual([]);
    }),
    { numRuns: 2_000, endOnFailure: true },
  );
  await expect(planted).rejects.toThrow(/Property failed/);
});
