import type { Run } from './nothing-lost.ts';
import { record } from './report/row.ts';

/** The figures of one seed, for the table; those of all seeds are added up. */
export function reportNothingLost(run: Run): void {
  const { scans, told, lost, doublesAtKeyed, explainedDoubles, unexplained, falseCounts } = run;
  const wrong = lost.length + doublesAtKeyed.length + unexplained.length + falseCounts.length;
  record({
    id: 'R1',
    promise: 'nothing lost, nothing said twice',
    target:
      '0 lost; 0 doubles at keyed sinks; keyless doubles explained by a lost reply or a crash, and marked (10 × 100,000 scans: `SCANS=100000`)',
    measured: {
      seeds: 1,
      scans,
      'deliveries told': told,
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
