import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exponentOf, type Figure, ratio, spreadOf } from '../../../bench/functions/figure.ts';

function figure(run: string, ...values: readonly number[]): Figure {
  return { run, byRound: new Map(values.map((value, nth) => [nth + 1, value])) };
}

test('the middle of what was measured, and its ends', () => {
  expect(spreadOf([5, 1, 3])).toEqual({ median: 3, least: 1, most: 5 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, least: 1, most: 4 });
  expect(() => spreadOf([])).toThrow('nothing was measured');
});

test('one to the other is round by round: what slows a round slows both', () => {
  expect(ratio(figure('a', 10, 40, 10), figure('a', 5, 20, 5))).toEqual({ median: 2, least: 2, most: 2 });
});

test('a round that only one of them has is left out', () => {
  expect(ratio(figure('a', 10, 40), figure('a', 5))).toMatchObject({ median: 2 });
});

test('figures of two runs are refused, and it is said what to do instead', () => {
  expect(() => ratio(figure('a', 1), figure('b', 1))).toThrow(/two runs, a and b,.*--beside/);
});

test('the exponent is found again, whatever the factor', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.double({ min: 0.1, max: 1e6, noNaN: true }),
      (exponent, factor) => {
        const points = [10, 100, 1000].map((n) => [n, factor * n ** exponent] as const);
        expect(exponentOf(points)).toBeCloseTo(exponent, 6);
      },
    ),
  );
});
