import { describe, expect, test } from 'vitest';
import { type Curve, exponentsOf, isSuperLinear } from '../../../bench/functions/growth.ts';

function curve(requestsOf: (n: number) => number): Curve {
  const none = { kB: 0, 'CPU ms': 0, 'peak MiB': 0, WRU: 0, RRU: 0 };
  const points = [10, 100, 1000].map((n) => ({ n, values: { ...none, requests: requestsOf(n) } }));
  return { program: 'scan-completed', over: 'findings', points };
}

describe('a curve', () => {
  test('that is in step is not flagged, whatever each call costs besides', () => {
    expect(
      isSuperLinear(
        curve((n) => 500 + 3 * n),
        'requests',
      ),
    ).toBe(false);
  });

  test('that grows with the square is flagged, and so is one that begins to', () => {
    expect(
      isSuperLinear(
        curve((n) => n * n),
        'requests',
      ),
    ).toBe(true);
    expect(
      isSuperLinear(
        curve((n) => 1000 + n * n),
        'requests',
      ),
    ).toBe(true);
  });

  test('has the exponent of all points, and that of the last step', () => {
    const [whole, last] = exponentsOf(
      curve((n) => (n < 1000 ? 7 : 70)),
      'requests',
    );
    expect(whole).toBeCloseTo(0.5);
    expect(last).toBeCloseTo(1);
  });
});
