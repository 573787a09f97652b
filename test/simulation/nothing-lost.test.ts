import { expect, test } from 'vitest';
import { runNothingLost } from './nothing-lost.ts';
import { isFull } from './report/row.ts';

test('x', async () => {
  const t0 = performance.now();
  const run = await runNothingLost(Number(process.env.SEED ?? 1), { scans: isFull ? 100_000 : 2_000 });
  console.log(
    {
      ...run,
      lost: run.lost.length,
      l: run.lost.slice(0, 5),
      unexplained: run.unexplained.length,
      u: run.unexplained.slice(0, 5),
      falseCounts: run.falseCounts.length,
      doublesAtKeyed: run.doublesAtKeyed.length,
    },
    performance.now() - t0,
  );
  expect(run.lost).toEqual([]);
});
