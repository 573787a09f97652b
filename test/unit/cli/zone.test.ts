import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bothZones, parseTime } from '../../../lib/cli/time.ts';
import { AmbiguousTime, BadReference } from '../../../lib/errors.ts';
import { toInstant } from '../../../lib/instant.ts';
import { readingsOf, wallAt } from '../../../lib/wall-clock.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const MINUTE_MS = 60_000;

/** A zone, when its clocks go back and forward in 2026, by how many minutes. Tokyo's never do. */
const CHANGES = [
  ['Europe/Berlin', '2026-10-25T01:00:00Z', '2026-03-29T01:00:00Z', 60],
  ['America/New_York', '2026-11-01T06:00:00Z', '2026-03-08T07:00:00Z', 60],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', '2026-10-03T15:30:00Z', 30],
] as const;
const ZONES = [...CHANGES.map(([zone]) => zone), 'Asia/Tokyo', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'];

/** The wall time as a person types it. */
function typed(wall: number): string {
  return new Date(wall).toISOString().slice(0, 19).replace('T', ' ');
}

describe.each(CHANGES)(
  '%s, where the clocks go back at %s and forward at %s',
  (zone, back, forward, byMinutes) => {
    test('every minute around going back is read, once or twice', () => {
      for (let minute = -120; minute <= 120; minute += 1) {
        const epochMs = Date.parse(back) + minute * MINUTE_MS;
        const wall = wallAt(epochMs, zone);
        const readings = readingsOf(wall, zone).map((it) => it.epochMs);
        expect(readings).toContain(epochMs);
        const isTwice = minute >= -byMinutes && minute < byMinutes;
        expect(readings).toHaveLength(isTwice ? 2 : 1);
      }
    });

    test('a time that was there twice is asked back with both readings, and --fold says which', () => {
      const first = Date.parse(back) - MINUTE_MS;
      const second = first + byMinutes * MINUTE_MS;
      const text = typed(wallAt(first, zone));
      const readings = [first, second].map((it) => toInstant(new Date(it)));
      let asked: unknown;
      try {
        parseTime(text, NOW, { zone });
      } catch (error) {
        asked = error;
      }
      expect(asked).toBeInstanceOf(AmbiguousTime);
      expect((asked as AmbiguousTime).readings).toEqual(
        readings.map((it, index) => `  --fold ${index + 1}   ${bothZones(it, zone)}`),
      );
      expect(parseTime(text, NOW, { zone, fold: '1' })).toBe(readings[0]);
      expect(parseTime(text, NOW, { zone, fold: '2' })).toBe(readings[1]);
    });

    test('a time that was left out is refused, and why', () => {
      const leap = Date.parse(forward);
      for (const minute of [0, 1, byMinutes - 1]) {
        const wall = wallAt(leap - 1000, zone) + 1000 + minute * MINUTE_MS;
        expect(readingsOf(wall, zone)).toEqual([]);
        const ask = () => parseTime(typed(wall), NOW, { zone, fold: '1' });
        expect(ask).toThrow(BadReference);
        expect(ask).toThrow(
          `the clocks went forward by ${byMinutes} min, to ${bothZones(toInstant(new Date(leap)), zone)}`,
        );
      }
    });
  },
);

test('the reason names what the clock showed', () => {
  expect(() => parseTime('2026-03-29 02:30', NOW, { zone: 'Europe/Berlin' })).toThrow(
    'there was no 2026-03-29 02:30:00 in Europe/Berlin: at 2026-03-29 02:00:00 the clocks went forward by 60 min, to 2026-03-29 03:00:00 CEST (01:00:00Z)',
  );
  expect(() => parseTime('2011-12-30 12:00', NOW, { zone: 'Pacific/Apia' })).toThrow(/forward by 1440 min/);
});

test('a time that was there once takes any fold', () => {
  const zone = 'Europe/Berlin';
  expect(parseTime('2026-11-20 03:10', NOW, { zone, fold: '2' })).toBe('2026-11-20T02:10:00.000Z');
});

const seconds = fc
  .integer({ min: Date.parse('1995-01-01T00:00:00Z') / 1000, max: Date.parse('2037-01-01T00:00:00Z') / 1000 })
  .map((it) => it * 1000);

test('what is printed is read back as the same instant, in any zone', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), seconds, (zone, epochMs) => {
      const local = bothZones(toInstant(new Date(epochMs)), zone).slice(0, 19);
      const folds = ['1', '2'].map((fold) => Date.parse(parseTime(local, NOW, { zone, fold })));
      expect(folds).toContain(epochMs);
    }),
    { numRuns: 500 },
  );
});

test('every reading of a time shows this time, and they come in order', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), seconds, (zone, wall) => {
      const readings = readingsOf(wall, zone).map((it) => it.epochMs);
      expect(readings.length).toBeLessThanOrEqual(2);
      expect(readings.map((it) => wallAt(it, zone))).toEqual(readings.map(() => wall));
      expect([...readings].sort((a, b) => a - b)).toEqual(readings);
    }),
    { numRuns: 500 },
  );
});

test('yesterday is the same time of the day before, also over a change of the clocks', () => {
  const zone = 'Europe/Berlin';
  const after = new Date('2026-10-25T11:00:00Z');
  expect(parseTime('yesterday', after, { zone })).toBe('2026-10-24T10:00:00.000Z');
  expect(parseTime('yesterday 03:10', after, { zone })).toBe('2026-10-24T01:10:00.000Z');
  expect(parseTime('24h ago', after, { zone })).toBe('2026-10-24T11:00:00.000Z');
});
