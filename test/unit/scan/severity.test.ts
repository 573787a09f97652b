import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  atLeast,
  bySeverity,
  countBySeverity,
  countWords,
  greaterCounts,
  SEVERITIES,
  toCounts,
  toSeverity,
  total,
} from '../../../lib/scan/severity.ts';

const ZERO = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0, UNTRIAGED: 0, UNDEFINED: 0 };
const severity = fc.constantFrom(...SEVERITIES);
const counts = fc.dictionary(severity, fc.nat(10_000)).map(toCounts);

describe('toSeverity', () => {
  test.each(SEVERITIES.map((it) => [it, it.toLowerCase()] as const))('%s, also as %s', (upper, lower) => {
    expect(toSeverity(upper)).toBe(upper);
    expect(toSeverity(lower)).toBe(upper);
  });

  test.each([undefined, '', 'SEVERE', 'TOTAL', 'toString', '__proto__', 'constructor'])(
    'an unknown one (%s) counts as UNDEFINED rather than not at all',
    (text) => {
      expect(toSeverity(text)).toBe('UNDEFINED');
    },
  );
});

describe('toCounts', () => {
  test.each([
    ['nothing', {}, {}],
    ['missing keys', { CRITICAL: 2 }, { CRITICAL: 2 }],
    ['explicit zeros', { CRITICAL: 0, HIGH: 0 }, {}],
    ['an undefined count', { HIGH: undefined }, {}],
    [
      'TOTAL is a sum',
      { CRITICAL: 7, HIGH: 61, MEDIUM: 62, TOTAL: 158 },
      { CRITICAL: 7, HIGH: 61, MEDIUM: 62 },
    ],
    ['UNTRIAGED', { UNTRIAGED: 3 }, { UNTRIAGED: 3 }],
    ['UNDEFINED and unknown ones together', { UNDEFINED: 1, SEVERE: 2, WEIRD: 3 }, { UNDEFINED: 6 }],
    ['lower case', { critical: 1, High: 2 }, { CRITICAL: 1, HIGH: 2 }],
    ['both cases', { critical: 1, CRITICAL: 2 }, { CRITICAL: 3 }],
  ])('%s', (_, sparse, expected) => {
    expect(toCounts(sparse)).toEqual({ ...ZERO, ...expected });
  });

  test('loses nothing: the total is the sum of what came', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.nat(10_000)), (sparse) => {
        const sum = Object.entries(sparse).reduce((all, [key, n]) => (key === 'TOTAL' ? all : all + n), 0);
        expect(total(toCounts(sparse))).toBe(sum);
      }),
    );
  });

  test('never changes the zero that it starts from', () => {
    toCounts({ CRITICAL: 5 });
    expect(toCounts({})).toEqual(ZERO);
  });
});

test('countBySeverity counts each finding once', () => {
  fc.assert(
    fc.property(fc.array(severity), (list) => {
      const counted = countBySeverity(list.map((it) => ({ severity: it })));
      expect(total(counted)).toBe(list.length);
      for (const it of SEVERITIES) expect(counted[it]).toBe(list.filter((one) => one === it).length);
    }),
  );
});

test('greaterCounts is not less than either, and no more than needed', () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const greater = greaterCounts(a, b);
      for (const it of SEVERITIES) expect(greater[it]).toBe(Math.max(a[it], b[it]));
      expect(greaterCounts(b, a)).toEqual(greater);
    }),
  );
});

describe('atLeast', () => {
  test.each([
    ['CRITICAL', 'CRITICAL', true],
    ['HIGH', 'CRITICAL', false],
    ['CRITICAL', 'HIGH', true],
    ['HIGH', 'HIGH', true],
    ['MEDIUM', 'HIGH', false],
    ['LOW', 'LOW', true],
    ['INFORMATIONAL', 'LOW', false],
    ['UNTRIAGED', 'CRITICAL', false],
    ['UNTRIAGED', 'LOW', false],
    ['UNTRIAGED', 'UNTRIAGED', true],
    ['UNDEFINED', 'UNTRIAGED', false],
    ['UNDEFINED', 'UNDEFINED', true],
    ['CRITICAL', 'UNDEFINED', true],
  ] as const)('%s at threshold %s: %s', (of, threshold, expected) => {
    expect(atLeast(of, threshold)).toBe(expected);
  });
});

test('bySeverity puts the worst first', () => {
  const mixed = (['LOW', 'UNDEFINED', 'CRITICAL', 'HIGH'] as const).map((it) => ({ severity: it }));
  expect(mixed.sort(bySeverity).map((it) => it.severity)).toEqual(['CRITICAL', 'HIGH', 'LOW', 'UNDEFINED']);
});

describe('countWords', () => {
  test('names what is not zero, worst first', () => {
    expect(countWords(toCounts({ LOW: 4, CRITICAL: 1, UNTRIAGED: 2 }))).toEqual([
      '1 critical',
      '4 low',
      '2 untriaged',
    ]);
    expect(countWords(ZERO)).toEqual([]);
  });

  test('names only those that are asked for', () => {
    expect(countWords(toCounts({ LOW: 4, CRITICAL: 1 }), ['CRITICAL', 'HIGH'])).toEqual(['1 critical']);
  });
});
