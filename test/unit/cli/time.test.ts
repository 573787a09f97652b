import { afterEach, describe, expect, test } from 'vitest';
import { ago, bothZones, parseTime } from '../../../lib/cli/time.ts';
import { BadReference } from '../../../lib/errors.ts';
import { at } from '../../build/lineage.ts';

const now = new Date('2026-11-20T12:00:00.500Z');
const { TZ } = process.env;
afterEach(() => {
  process.env.TZ = TZ;
});

describe('a time as people type it', () => {
  test.each([
    ['now', 'UTC', '2026-11-20T12:00:00.500Z'],
    ['30s ago', 'UTC', '2026-11-20T11:59:30.500Z'],
    ['5 minutes ago', 'UTC', '2026-11-20T11:55:00.500Z'],
    ['3h ago', 'Asia/Tokyo', '2026-11-20T09:00:00.500Z'],
    ['3 hours ago', 'UTC', '2026-11-20T09:00:00.500Z'],
    ['2d ago', 'UTC', '2026-11-18T12:00:00.500Z'],
    ['2026-11-20T03:10:00Z', 'Asia/Tokyo', '2026-11-20T03:10:00.000Z'],
    ['2026-11-20T03:10:00.123456Z', 'UTC', '2026-11-20T03:10:00.123Z'],
    ['2026-11-20T03:10:00+09:00', 'UTC', '2026-11-19T18:10:00.000Z'],
    ['2026-11-20 03:10', 'UTC', '2026-11-20T03:10:00.000Z'],
    ['2026-11-20 03:10', 'Asia/Tokyo', '2026-11-19T18:10:00.000Z'],
    ['2026-11-20T03:10', 'UTC', '2026-11-20T03:10:00.000Z'],
    ['2026-11-20T03:10:59', 'America/New_York', '2026-11-20T08:10:59.000Z'],
    ['2026-07-01 03:10', 'America/New_York', '2026-07-01T07:10:00.000Z'],
    ['2028-02-29 00:00', 'UTC', '2028-02-29T00:00:00.000Z'],
    ['today 03:10', 'UTC', '2026-11-20T03:10:00.000Z'],
    ['today 20:30', 'Asia/Tokyo', '2026-11-20T11:30:00.000Z'],
    ['yesterday 23:59', 'UTC', '2026-11-19T23:59:00.000Z'],
    ['yesterday 03:10', 'Pacific/Auckland', '2026-11-19T14:10:00.000Z'],
  ])('%s in %s is %s', (text, zone, instant) => {
    process.env.TZ = zone;
    expect(parseTime(text, now)).toBe(instant);
  });

  test('yesterday of the first is the last of the month before', () => {
    expect(parseTime('yesterday 10:00', new Date('2026-03-01T12:00:00Z'))).toBe('2026-02-28T10:00:00.000Z');
  });

  test.each(['', 'Now', '2027-02-29 10:00', '2026-04-31T10:00:00+02:00', '2026-11-20 3:10', '1h', '1h ago '])(
    '%j is none',
    (text) => {
      expect(() => parseTime(text, now)).toThrow(BadReference);
    },
  );
});

describe('a time as it is printed', () => {
  test.each([
    ['UTC', '2026-11-20 16:30:05 UTC (16:30:05Z)'],
    ['Asia/Tokyo', '2026-11-21 01:30:05 GMT+9 (16:30:05Z)'],
    ['America/New_York', '2026-11-20 11:30:05 EST (16:30:05Z)'],
    ['Asia/Kathmandu', '2026-11-20 22:15:05 GMT+5:45 (16:30:05Z)'],
  ])('in %s', (zone, text) => {
    process.env.TZ = zone;
    expect(bothZones(at('16:30:05.999'))).toBe(text);
  });

  test.each([
    ['12:00:00.500', 'just now'],
    ['11:59:01', 'just now'],
    ['11:59', '1 min ago'],
    ['11:00:01', '59 min ago'],
    ['11:00', '1 h 0 min ago'],
    ['01:30', '10 h 30 min ago'],
  ])('%s is %s', (time, text) => {
    expect(ago(at(time), now)).toBe(text);
  });

  test('long ago is said in days', () => {
    expect(ago(at('01:30'), new Date('2026-11-22T02:00:00Z'))).toBe('2 d 0 h ago');
    expect(ago(at('01:30'), new Date('2027-11-20T05:00:00Z'))).toBe('365 d 3 h ago');
  });
});
