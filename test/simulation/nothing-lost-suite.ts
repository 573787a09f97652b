import { describe, expect, test } from 'vitest';
import { type Run, runNothingLost } from './nothing-lost.ts';
import { record } from './report/row.ts';
import { SCANS, SEEDS } from './size.ts';

/** A run of 100,000 scans takes minutes. */
const TIMEOUT_MS = 3_600_000;

/** Every second seed, from the first or from the second on: files run side by side, tests of one file do not. */
export function describeNothingLost(half: 'odd' | 'even'): void {
  const seeds = SEEDS.filter((seed) => (seed % 2 === 1) === (half === 'odd'));
  describe.skipIf(seeds.length === 0)('R1: nothing lost, nothing said twice', () => {
    test.each(seeds)(
      'seed %i',
      async (seed) => {
        const run = await runNothingLost(seed, { scans: SCANS });
        report(run);
        expect(run).toMatchObject({
          ...{ lost: [], doublesAtKeyed: [], unexplained: [], falseCounts: [], forgotten: [], left: 0 },
        });
        expect(run.scans).toBeGreaterThanOrEqual(SCANS);
        expect(run.explainedDoubles).toBeGreaterThan(0);
        expect(run.messages).toBeGreaterThan(0);
      },
      TIMEOUT_MS,
    );
  });
}

/** The figures of one seed, for the table; those of all seeds are added up. */
function report(run: Run): void {
  const { scans, told, lost, doublesAtKeyed, explainedDoubles, unexplained, falseCounts } = run;
  const wrong = lost.length + doublesAtKeyed.length + unexplained.length + falseCounts.length;
  record({
    id: 'R1',
    size: scans,
    promise: 'nothing lost, nothing said twice',
    target:
      '0 lost of 10 × 100,000 scans; 0 doubles at keyed sinks; keyless doubles explained by a lost reply or a crash, and marked',
    measured: {
      seeds: 1,
      scans,
      'deliveries told': told,
      'messages in Slack': run.messages,
      'walks of the reconciler': run.walks,
      'functions died': run.deaths,
      lost: lost.length,
      'doubles at keyed sinks': doublesAtKeyed.length,
      'keyless doubles explained and marked': explainedDoubles,
      'keyless doubles unexplained': unexplained.length,
      'counts that no scan gave': falseCounts.length,
      'indexes told by their platforms alone': run.onlyByPlatform,
      'dead letters sent back by hand': run.redriven,
    },
    pass: wrong === 0 && run.left === 0 && run.forgotten.length === 0,
  });
}
