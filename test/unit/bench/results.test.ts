import { describe, expect, test } from 'vitest';
import { plot } from '../../../bench/functions/plot.ts';
import { programTable, targetTable } from '../../../bench/functions/report.ts';
import type { Results, Sample } from '../../../bench/functions/results.ts';
import { verdictsOf } from '../../../bench/functions/targets.ts';
import { between } from '../../../bench/functions/write.ts';

function resultsOf(...samples: readonly Sample[]): Results {
  return {
    ...{ schema: 'scan-response.bench/v1', run: 'a', at: '2026-11-22T03:00:00.000Z', commit: '0123456' },
    ...{ node: 'v22.0.0', rounds: 2, notMeasured: [], samples },
    machine: { cpu: 'some', cores: 2, memoryGiB: 4, kernel: '6', load: 0 },
  };
}

function cold(program: string, ...coldMs: readonly number[]): readonly Sample[] {
  return coldMs.map((ms, nth) => ({ what: 'cold', program, round: nth + 1, values: { coldMs: ms } }));
}

const FLOOR = cold('floor', 25, 50);

describe('a target', () => {
  test('is met at the limit and not above it, by the median of the rounds', () => {
    const rows = verdictsOf(
      resultsOf(...FLOOR, ...cold('deliver-sns', 100, 200), ...cold('image-pushed', 100, 201)),
    );
    expect(rows.map(({ program, isMet }) => [program, isMet])).toEqual([
      ['image-pushed', false],
      ['deliver-sns', true],
    ]);
  });

  test('for which nothing was measured has no row', () => {
    expect(verdictsOf(resultsOf(...cold('deliver-sns', 100)))).toEqual([]);
  });

  test('is said with what was measured', () => {
    const table = targetTable(resultsOf(...FLOOR, ...cold('deliver-sns', 100, 250)));
    expect(table).toContain('| deliver-sns | ≤ 4 × floor | 4.5 (4–5) | **not met** |');
  });
});

test('the table of programs has a row for what was measured, and no column that is empty', () => {
  const zip = { what: 'size', program: 'deliver-sns', round: 1, values: { zipBytes: 99_988 } };
  const table = programTable(resultsOf(zip, ...FLOOR));
  expect(table.split('\n')[0]).toMatch(/zip, kB/);
  expect(table).toContain('100');
  expect(table).not.toContain('128 MB');
});

test('the plot draws what was measured, longest where it is most', () => {
  const svg = plot(resultsOf(...FLOOR, ...cold('deliver-sns', 100, 100), ...cold('obvious build', 800, 800)));
  const widths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
  expect(widths).toHaveLength(3);
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect(svg).not.toContain('256 MB');
});

test('a page is changed between its marks and nowhere else, and a missing mark is an error', () => {
  const page = 'before\n<!-- targets -->\nold\n<!-- /targets -->\nafter';
  expect(between(page, 'targets', 'new')).toBe('before\n<!-- targets -->\n\nnew\n\n<!-- /targets -->\nafter');
  expect(() => between(page, 'growth', 'new')).toThrow('<!-- growth -->');
});
