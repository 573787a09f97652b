import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ago, bothZones, parseTime } from '../../../lib/cli/time.ts';
import { BadReference } from '../../../lib/errors.ts';
import { parseInstant } from '../../../lib/instant.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const { TZ } = process.env;

/** Runs the tests around it in a zone, as a person's shell sets it. */
function inZone(zone: string): void {
  beforeEach(() => {
    process.env.TZ = zone;
  });
  afterEach(() => {
    process.env.TZ = TZ ?? 'UTC';
  });
}

/** The same moment everywhere: it says its zone, or counts from now. */
const ABSOLUTE = [
  ['now', '2026-11-20T12:00:00.000Z'],
  ['2026-11-20T03:10:00Z', '2026-11-20T03:10:00.000Z'],
  ['2026-11-20T03:10:00.250Z', '2026-11-20T03:10:00.250Z'],
  ['2026-11-20T03:10:00+09:00', '2026-11-19T18:10:00.000Z'],
  ['30s ago', '2026-11-20T11:59:30.000Z'],
  ['30 seconds ago', '2026-11-20T11:59:30.000Z'],
  ['5m ago', '2026-11-20T11:55:00.000Z'],
  ['5 min ago', '2026-11-20T11:55:00.000Z'],
  ['5 minutes ago', '2026-11-20T11:55:00.000Z'],
  ['3h ago', '2026-11-20T09:00:00.000Z'],
  ['1 hour ago', '2026-11-20T11:00:00.000Z'],
  ['2d ago', '2026-11-18T12:00:00.000Z'],
  ['2 days ago', '2026-11-18T12:00:00.000Z'],
  ['0s ago', '2026-11-20T12:00:00.000Z'],
  ['1w ago', '2026-11-13T12:00:00.000Z'],
  ['2.hours.ago', '2026-11-20T10:00:00.000Z'],
  ['30.minutes.ago', '2026-11-20T11:30:00.000Z'],
  ['2026-11-20 03:10Z', '2026-11-20T03:10:00.000Z'],
  ['2026-11-20 03:10:00 UTC', '2026-11-20T03:10:00.000Z'],
  ['2026-11-20 03:10 +0900', '2026-11-19T18:10:00.000Z'],
] as const;

describe.each([
  [
    'UTC',
    [
      ['2026-11-20 03:10', '2026-11-20T03:10:00.000Z'],
      ['2026-11-20 03:10:15', '2026-11-20T03:10:15.000Z'],
      ['2026-11-20T03:10', '2026-11-20T03:10:00.000Z'],
      ['2024-02-29 00:00', '2024-02-29T00:00:00.000Z'],
      ['today 03:10', '2026-11-20T03:10:00.000Z'],
      ['yesterday 23:59', '2026-11-19T23:59:00.000Z'],
      ['yesterday.23:59', '2026-11-19T23:59:00.000Z'],
      ['yesterday 3:10', '2026-11-19T03:10:00.000Z'],
      ['yesterday', '2026-11-19T12:00:00.000Z'],
    ],
  ],
  [
    'Europe/Berlin',
    [
      ['2026-11-20 03:10', '2026-11-20T02:10:00.000Z'],
      ['2026-07-20 03:10', '2026-07-20T01:10:00.000Z'],
      ['today 03:10', '2026-11-20T02:10:00.000Z'],
      ['yesterday 00:30', '2026-11-18T23:30:00.000Z'],
    ],
  ],
  [
    'Pacific/Kiritimati',
    [
      ['today 00:00', '2026-11-20T10:00:00.000Z'],
      ['yesterday 03:10', '2026-11-19T13:10:00.000Z'],
    ],
  ],
  [
    'America/New_York',
    [
      ['today 03:10', '2026-11-20T08:10:00.000Z'],
      ['2026-11-19 23:30', '2026-11-20T04:30:00.000Z'],
    ],
  ],
] as const)('parseTime in %s', (zone, local) => {
  inZone(zone);

  test.each([...ABSOLUTE, ...local])('%s is %s', (text, expected) => {
    expect(parseTime(text, NOW)).toBe(expected);
  });
});

test.each([
  '',
  ' ',
  'soon',
  'today',
  'yesterday 24:00',
  '2026-11-20 3:10',
  '2026-11-20 03:10 CET',
  '2026-11-20 25:10Z',
  'tomorrow 03:10',
  'yesterday 25:10',
  'today 03:60',
  '03:10',
  '2026-11-20',
  '2026-13-20 03:10',
  '2026-02-30 03:10',
  '2026-02-30T03:10:00Z',
  '2026-11-20 24:30',
  '2026-11-20 03:61',
  '3 months ago',
  '3 mo ago',
  '2 decades ago',
  '1 dog ago',
  '-3h ago',
  '3h',
  '999999d ago',
  '1795143000',
  'x'.repeat(100_000),
  '3h ago\n',
])('parseTime refuses %j and says what it takes', (text) => {
  expect(() => parseTime(text, NOW)).toThrow(BadReference);
  expect(() => parseTime(text, NOW)).toThrow(/Try 2026-11-20T03:10:00Z.*3h ago/);
});

test('what parseTime refuses is printed without acting on the terminal', () => {
  expect(() => parseTime('\u001b[2J\u202enow', NOW)).toThrow(/^not a time: "\ufffd\[2J\ufffdnow"\. /);
});

describe.each([
  ['UTC', '2026-11-20T03:10:00.000Z', '2026-11-20 03:10:00 UTC (03:10:00Z)'],
  ['Europe/Berlin', '2026-11-20T03:10:00.000Z', '2026-11-20 04:10:00 CET (03:10:00Z)'],
  ['America/New_York', '2026-11-20T03:10:00.000Z', '2026-11-19 22:10:00 EST (2026-11-20 03:10:00Z)'],
  ['Asia/Kathmandu', '2026-11-20T16:30:05.999Z', '2026-11-20 22:15:05 GMT+5:45 (16:30:05Z)'],
])('bothZones in %s', (zone, instant, expected) => {
  inZone(zone);

  test(`${instant} is ${expected}`, () => {
    expect(bothZones(parseInstant(instant))).toBe(expected);
  });
});

test.each([
  ['2026-11-20T12:00:00Z', 'just now'],
  ['2026-11-20T11:59:01Z', 'just now'],
  ['2026-11-20T13:00:00Z', 'just now'],
  ['2026-11-20T11:59:00Z', '1 min ago'],
  ['2026-11-20T11:00:01Z', '59 min ago'],
  ['2026-11-20T11:00:00Z', '1 h 0 min ago'],
  ['2026-11-18T12:01:00Z', '47 h 59 min ago'],
  ['2026-11-18T12:00:00Z', '2 d 0 h ago'],
  ['2025-11-20T11:00:00Z', '365 d 1 h ago'],
])('%s is %s', (instant, expected) => {
  expect(ago(parseInstant(instant), NOW)).toBe(expected);
});
