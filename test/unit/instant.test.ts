import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant, secondsBetween, toInstant } from '../../lib/instant.ts';

const WIDTH = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('parseInstant', () => {
  test.each([
    ['2026-11-20T03:10:00Z', '2026-11-20T03:10:00.000Z'],
    ['2026-11-20T03:10:00.1Z', '2026-11-20T03:10:00.100Z'],
    ['2026-11-20T03:10:00.123456789Z', '2026-11-20T03:10:00.123Z'],
    ['2026-11-20T03:10:00+01:00', '2026-11-20T02:10:00.000Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000Z'],
    ['2026-11-20T03:10:00-05:30', '2026-11-20T08:40:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  test.each([
    '',
    'now',
    '2026-11-20',
    '2026-11-20T03:10Z',
    '2026-11-20T03:10:00',
    '2026-11-20 03:10:00Z',
    '2026-13-20T03:10:00Z',
    '2026-11-20T25:10:00Z',
    '2026-02-30T03:10:00Z',
    '2026-11-20T03:10:00Z\n',
    '20261120T031000Z',
    '+002026-11-20T03:10:00Z',
    '0000-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-14:00',
    'Wed Sep 04 16:55:38.411 UTC 2024',
    '1795143000',
    'x'.repeat(100_000),
  ])('%j is no time', (text) => {
    expect(() => parseInstant(text)).toThrow(RangeError);
  });
});

describe('toInstant', () => {
  test('has one width, and sorts as text as it does as time', () => {
    const date = fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(date, date, (a, b) => {
        expect(toInstant(a)).toMatch(WIDTH);
        expect(toInstant(a) < toInstant(b)).toBe(a < b);
        expect(parseInstant(toInstant(a))).toBe(toInstant(a));
      }),
    );
  });

  test.each([
    new Date(Number.NaN),
    new Date(8.64e15),
    new Date(-8.64e15),
    new Date('+010000-01-01T00:00:00Z'),
  ])('refuses a date that has no such text: %s', (date) => {
    expect(() => toInstant(date)).toThrow(RangeError);
  });
});

test.each([
  ['2026-11-20T03:10:00Z', '2026-11-20T03:10:01.5Z', 1.5],
  ['2026-11-20T03:10:00Z', '2026-11-20T03:10:00Z', 0],
  ['2026-11-20T03:10:00Z', '2026-11-20T02:10:00Z', -3600],
])('secondsBetween(%s, %s) is %d', (from, to, expected) => {
  expect(secondsBetween(parseInstant(from), parseInstant(to))).toBe(expected);
});
