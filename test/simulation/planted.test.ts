import { describe, expect, test } from 'vitest';
import { FAULTS, runNothingLost } from './nothing-lost.ts';
import { PLANTS, type Plant } from './plant.ts';
import { recordPlanted } from './report/planted.ts';
import { isFull } from './report/row.ts';

// Some bugs show only when a worker outlives its lease: one try in five does here.
const AT_SINKS = { tooMany: 0.1, serverError: 0.05, lostReply: 0.02 };
const HARSH = {
  ...FAULTS,
  neverSent: 0.02,
  stall: 0.2,
  duplicate: 0.2,
  sinks: { datadog: AT_SINKS, slack: AT_SINKS, sns: AT_SINKS },
};
const SCANS = 400;

async function wrongsOf(plant?: Plant): Promise<number> {
  const run = await runNothingLost(3, { scans: SCANS, faults: HARSH, ...(plant && { plant }) });
  const { lost, doublesAtKeyed, unexplained, falseCounts, forgotten } = run;
  return [lost, doublesAtKeyed, unexplained, falseCounts, forgotten].flat().length;
}

describe.skipIf(!isFull)('a planted bug is found', () => {
  test('without a bug nothing is wrong', async () => {
    expect(await wrongsOf()).toBe(0);
  });

  test.each(Object.entries(PLANTS))('%s', async (_, plant) => {
    const wrongs = await wrongsOf(plant);
    recordPlanted(wrongs > 0);
    expect(wrongs).toBeGreaterThan(0);
  });
});
