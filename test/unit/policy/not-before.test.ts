import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from '../../../lib/instant.ts';
import { DAYS, type Day } from '../../../lib/policy/day.ts';
import { type DigestTime, nextDigest } from '../../../lib/policy/digest-time.ts';
import { inTime, notBefore } from '../../../lib/policy/not-before.ts';
import type { Policy } from '../../../lib/policy/policy.ts';
import { endOfQuiet, type QuietHours } from '../../../lib/policy/quiet-hours.ts';
import { toCounts } from '../../../lib/scan/severity.ts';
import { aFound, aNotice } from '../../build/notice.ts';

const HIGH_ONLY = aNotice({ found: aFound({ counts: toCounts({ HIGH: 2 }), notifyAt: 'HIGH' }) });
const base: Policy = { trackedTags: ['latest'], notifyAt: 'HIGH' };
const NIGHT: QuietHours = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' };
const WEEKEND: QuietHours = { ...NIGHT, allDay: ['sat', 'sun'] };
const DIGEST: DigestTime = { at: '09:00', zone: 'Europe/Berlin' };

/** As people write it, in Berlin's winter (UTC+1) unless another offset is said. */
const at = (text: string, offset = '+01:00') => parseInstant(`2026-${text}:00${offset}`);
const until = (now: string, policy: Partial<Policy>, notice = HIGH_ONLY) =>
  notBefore(notice, { ...base, ...policy }, at(now));

// 20 November 2026 is a Friday.
describe('quiet hours', () => {
  test.each([
    ['before them', '11-19T21:59', NIGHT, undefined],
    ['from their first minute', '11-19T22:00', NIGHT, '11-20T07:00'],
    ['after midnight', '11-20T03:10', NIGHT, '11-20T07:00'],
    ['until before their last', '11-20T06:59', NIGHT, '11-20T07:00'],
    ['when they are over', '11-20T07:00', NIGHT, undefined],
    ['at noon of the same day', '11-20T13:00', { ...NIGHT, from: '12:00', to: '14:00' }, '11-20T14:00'],
    ['from midnight on', '11-20T00:00', { ...NIGHT, from: '00:00', to: '06:00' }, '11-20T06:00'],
    ['until midnight', '11-20T23:59', { ...NIGHT, to: '00:00' }, '11-21T00:00'],
    ['the night before a weekend, through all of it', '11-20T22:00', WEEKEND, '11-23T07:00'],
    ['on a Saturday at noon', '11-21T12:00', WEEKEND, '11-23T07:00'],
    ['on Monday before seven', '11-23T00:30', WEEKEND, '11-23T07:00'],
    ['a weekend without nights', '11-20T23:00', { allDay: ['sat', 'sun'], zone: NIGHT.zone }, undefined],
    ['the end of such a weekend', '11-22T23:59', { allDay: ['sat', 'sun'], zone: NIGHT.zone }, '11-23T00:00'],
    ['by a clock elsewhere', '11-20T12:00', { ...NIGHT, zone: 'Asia/Tokyo' }, undefined],
    ['in the night there', '11-20T14:00', { ...NIGHT, zone: 'Asia/Tokyo' }, '11-20T23:00'],
  ] as const)('%s: a notice of %s', (_, now, quietHours, expected) => {
    expect(until(now, { quietHours })).toBe(expected && at(expected));
  });

  test('without any, nothing waits', () => {
    expect(until('11-20T03:10', {})).toBeUndefined();
  });
});

describe('a digest', () => {
  test.each([
    ['later today', '11-20T08:59', DIGEST, '11-20T09:00'],
    ['tomorrow, once it is over', '11-20T09:01', DIGEST, '11-21T09:00'],
    ['on the next of its days', '11-20T09:01', { ...DIGEST, days: ['mon', 'thu'] }, '11-23T09:00'],
    ['a week later, at most', '11-20T09:01', { ...DIGEST, days: ['fri'] }, '11-27T09:00'],
  ] as const)('%s', (_, now, digest, expected) => {
    expect(until(now, { digest })).toBe(at(expected));
  });

  test('what comes in its minute, or right at it, does not wait for another', () => {
    expect(until('11-20T09:00', { digest: DIGEST })).toBeUndefined();
  });

  test.each([
    ['after them, by itself', '11-20T03:00', DIGEST, NIGHT, '11-20T09:00'],
    ['in them: when they end', '11-20T03:00', { ...DIGEST, at: '06:00' }, NIGHT, '11-20T07:00'],
    ['of Saturday: on Monday', '11-20T12:00', DIGEST, WEEKEND, '11-23T09:00'],
    ['of Saturdays alone', '11-20T12:00', { ...DIGEST, days: ['sat'] }, WEEKEND, '11-23T07:00'],
    ['once a week', '11-20T12:00', { ...DIGEST, days: ['thu'] }, WEEKEND, '11-26T09:00'],
  ] as const)('beside quiet hours %s', (_, now, digest, quietHours, expected) => {
    expect(until(now, { digest, quietHours })).toBe(at(expected));
  });
});

describe('who does not wait', () => {
  const all = { quietHours: WEEKEND, digest: DIGEST };
  const of = (counts: Parameters<typeof toCounts>[0]) => ({ found: aFound({ counts: toCounts(counts) }) });

  test.each([
    ['new criticals', aNotice(of({ CRITICAL: 1 }))],
    [
      'a critical that is open still, whatever is new',
      aNotice({ ...of({ CRITICAL: 1, HIGH: 5 }), reason: 'better' }),
    ],
    ['a reminder of one', aNotice({ ...of({ CRITICAL: 3 }), reason: 'reminder-due' })],
    ['an incomplete list: a critical may be missing in it', { ...HIGH_ONLY, listIncomplete: true } as const],
  ])('%s', (_, notice) => {
    expect(until('11-21T03:10', all, notice)).toBeUndefined();
    expect(inTime(notice, { ...base, ...all }, at('11-21T03:10'))).toBe(notice);
  });

  test.each([
    ['that all is clear', aNotice({ ...of({}), reason: 'resolved' })],
    ['that an image is not scanned', aNotice({ reason: 'not-scanned', unscannable: { status: 'FAILED' } })],
  ])('%s waits', (_, notice) => {
    const { found, ...rest } = notice;
    const told = notice.reason === 'not-scanned' ? rest : notice;
    expect(inTime(told, { ...base, ...all }, at('11-21T03:10'))).toEqual({
      ...told,
      notBefore: at('11-23T09:00'),
    });
  });

  test('nothing waits by the clock of a zone that this process does not know', () => {
    expect(until('11-20T03:10', { quietHours: { ...NIGHT, zone: 'Mars/Olympus' } })).toBeUndefined();
    expect(
      until('11-20T03:10', { quietHours: NIGHT, digest: { ...DIGEST, zone: 'Mars/X' } }),
    ).toBeUndefined();
  });
});

// Berlin's clocks go forward on 29 March 2026 from 02:00 to 03:00 and back on 25 October from 03:00 to 02:00.
describe('when the clocks change', () => {
  const endOf = (quiet: Partial<QuietHours>, now: string) =>
    endOfQuiet({ ...NIGHT, ...quiet }, Date.parse(`2026-${now}:00Z`));
  const digestAfter = (time: string, now: string) =>
    nextDigest({ ...DIGEST, at: time }, Date.parse(`2026-${now}:00Z`));
  const utc = (text: string) => Date.parse(`2026-${text}:00Z`);

  test.each([
    ['a short night ends at seven of the new time', {}, '03-28T22:30', '03-29T05:00'],
    ['a long night, too', {}, '10-24T20:30', '10-25T06:00'],
    ['an end that is left out is when the clocks go forward', { to: '02:30' }, '03-28T23:00', '03-29T01:00'],
    [
      'a beginning that is left out is then, too',
      { from: '02:30', to: '05:00' },
      '03-29T01:00',
      '03-29T03:00',
    ],
    ['of an end that comes twice, the first', { to: '02:30' }, '10-24T23:00', '10-25T00:30'],
    ['and before the second it is quiet again', { to: '02:30' }, '10-25T01:10', '10-25T01:30'],
    [
      'what is quiet at the end of the first hour ends with it',
      { from: '02:30', to: '03:00' },
      '10-25T00:40',
      '10-25T01:00',
    ],
    ['a day is quiet for 25 hours', { allDay: ['sun'] }, '10-24T22:00', '10-26T06:00'],
  ] as const)('%s', (_, quiet, now, expected) => {
    expect(endOf(quiet, now)).toBe(utc(expected));
  });

  test('a digest whose time is left out comes when the clocks have gone forward', () => {
    expect(digestAfter('02:30', '03-29T00:00')).toBe(utc('03-29T01:00'));
  });

  test('a digest whose time comes twice comes once', () => {
    expect(digestAfter('02:30', '10-24T23:00')).toBe(utc('10-25T00:30'));
    expect(digestAfter('02:30', '10-25T00:31')).toBe(utc('10-26T01:30'));
  });
});

/** What a clock on the wall shows, asked in another way than the code under test does. */
function clockOf(zone: string): (ms: number) => { readonly day: Day; readonly time: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...({ timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const),
  });
  return (ms) => {
    const [weekday = '', time = ''] = format.format(ms).split(/,? /);
    return { day: weekday.toLowerCase() as Day, time };
  };
}

const MINUTE_MS = 60_000;
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Tokyo',
  'Asia/Kathmandu',
  'Africa/Cairo',
];
const time = fc
  .integer({ min: 0, max: 1439 })
  .map((it) => `${String(Math.floor(it / 60)).padStart(2, '0')}:${String(it % 60).padStart(2, '0')}`);
/** Near a change of clocks somewhere, or anywhere in the year. */
const now = fc.oneof(
  fc
    .constantFrom('03-08', '03-29', '04-04', '04-24', '10-03', '10-25', '10-29', '11-01')
    .chain((day) =>
      fc.integer({ min: -1440, max: 2880 }).map((it) => Date.parse(`2026-${day}T00:00:00Z`) + it * MINUTE_MS),
    ),
  fc.integer({ min: 0, max: 525_600 }).map((it) => Date.parse('2026-01-01T00:00:00Z') + it * MINUTE_MS),
);
const zone = fc.constantFrom(...ZONES);

test('quiet hours end at the first minute that is not quiet, found by walking', () => {
  const quiet = fc.record({ from: time, to: time, zone, allDay: fc.subarray([...DAYS], { maxLength: 6 }) });
  fc.assert(
    fc.property(quiet, now, (it, nowMs) => {
      fc.pre(it.from !== it.to);
      const clock = clockOf(it.zone);
      const isQuiet = (ms: number) => {
        const { day, time } = clock(ms);
        const isNight = it.from < it.to ? time >= it.from && time < it.to : time >= it.from || time < it.to;
        return isNight || it.allDay.includes(day);
      };
      let walked = nowMs;
      while (isQuiet(walked)) walked += MINUTE_MS;
      expect(endOfQuiet(it, nowMs)).toBe(walked);
    }),
    { numRuns: 300 },
  );
});

test('a digest comes at the first minute that shows its time or a later one, once on each of its days', () => {
  const digest = fc.record({ at: time, zone, days: fc.subarray([...DAYS], { minLength: 1 }) });
  fc.assert(
    fc.property(digest, now, (it, nowMs) => {
      const clock = clockOf(it.zone);
      // From two days before, so that it is known which of today's minutes was the first.
      let walked = nowMs - 2 * 1440 * MINUTE_MS;
      let told: Day | undefined;
      for (; ; walked += MINUTE_MS) {
        const { day, time } = clock(walked);
        const isFirst = time >= it.at && day !== told;
        if (isFirst) told = day;
        if (isFirst && it.days.includes(day) && walked >= nowMs) break;
      }
      expect(nextDigest(it, nowMs)).toBe(walked);
    }),
    { numRuns: 200 },
  );
});
