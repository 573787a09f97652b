import { describe, expect, test } from 'vitest';
import { runNothingLost } from './nothing-lost.ts';
import { reportNothingLost } from './nothing-lost-row.ts';
import { SCANS, SEEDS } from './size.ts';

// The other half of the seeds is in nothing-lost-even.test.ts, so that both cores have something to do.
describe('R1: nothing lost, nothing said twice', () => {
  test.each(SEEDS.filter((seed) => seed % 2 === 1))('seed %i', async (seed) => {
    const run = await runNothingLost(seed, { scans: SCANS });
    reportNothingLost(run);
    expect(run).toMatchObject({
      lost: [],
      doublesAtKeyed: [],
      unexplained: [],
      falseCounts: [],
      forgotten: [],
      left: 0,
    });
    expect(run.scans).toBeGreaterThanOrEqual(SCANS);
    expect(run.explainedDoubles).toBeGreaterThan(0);
  });
});
