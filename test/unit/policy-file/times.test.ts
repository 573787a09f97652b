import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../../lib/policy-file/parse.ts';
import { changesBetween } from '../../../lib/policy-file/words.ts';

/** `<where>: <says>` of each error; undefined for a policy. */
function errorsOf(text: string): readonly string[] | undefined {
  const parsed = parsePolicy(text);
  return 'errors' in parsed ? parsed.errors.map(({ where, says }) => `${where}: ${says}`) : undefined;
}

describe('what is wrong with quiet hours and digests is told with its place', () => {
  const night = 'from: "22:00", to: "07:00"';

  test.each<readonly [string, string, string]>([
    [
      'a word',
      'quietHours: never',
      '13: quietHours takes { from: "22:00", to: "07:00", zone: Europe/Berlin }, or none',
    ],
    [
      'no zone',
      `quietHours: { ${night} }`,
      '13: quietHours.zone is missing: whose clock? As zone: Europe/Berlin',
    ],
    [
      'no such zone',
      `quietHours: { ${night}, zone: Mars/X }`,
      '49: quietHours.zone is no time zone: try Europe/Berlin or UTC',
    ],
    [
      'an offset',
      `quietHours: { ${night}, zone: "+09:00" }`,
      '49: quietHours.zone is no time zone: try Europe/Berlin or UTC',
    ],
    [
      'a zone that is a number',
      `quietHours: { ${night}, zone: 9 }`,
      '49: quietHours.zone takes the name of a time zone',
    ],
    [
      'no such time',
      'quietHours: { from: "24:00", to: "07:00", zone: UTC }',
      '21: quietHours.from takes a time of 24 hours, as "07:30"',
    ],
    [
      'an hour alone',
      'quietHours: { from: "22:00", to: 7, zone: UTC }',
      '34: quietHours.to takes a time, as "22:00"',
    ],
    [
      'a beginning alone',
      'quietHours: { from: "22:00", zone: UTC }',
      '13: quietHours takes from and to, or neither of them',
    ],
    [
      'neither times nor days',
      'quietHours: { zone: UTC }',
      '13: quietHours takes from and to, or allDay: when is it quiet?',
    ],
    [
      'one time twice',
      'quietHours: { from: "22:00", to: "22:00", zone: UTC }',
      '13: quietHours takes two different times: for whole days there is allDay',
    ],
    [
      'every day',
      'quietHours: { allDay: [mon, tue, wed, thu, fri, sat, sun], zone: UTC }',
      '13: quietHours never ends: leave a time in which people are told',
    ],
    [
      'the name of a day in full',
      'quietHours: { allDay: [saturday], zone: UTC }',
      '24: quietHours.allDay[0] takes one of sun, mon, tue, wed, thu, fri, sat',
    ],
    [
      'a day for a list',
      'quietHours: { allDay: sat, zone: UTC }',
      '23: quietHours.allDay takes a list of days, as [sat, sun]',
    ],
    ['no day', 'digest: { at: "09:00", days: [], zone: UTC }', '30: digest.days takes one day at least'],
    [
      'days of quiet nights',
      `quietHours: { ${night}, days: [fri], zone: UTC }`,
      '43: quietHours.days is no setting: see docs/policy.md',
    ],
    [
      'a time for a digest',
      'digest: "09:00"',
      '9: digest takes { at: "09:00", zone: Europe/Berlin }, or none',
    ],
    ['a digest without a time', 'digest: { zone: UTC }', '9: digest.at is missing: when? As at: "09:00"'],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(`version: 1\n${text}`)).toEqual([`line 2, column ${expected}`]);
  });

  test.each([
    'quietHours: { from: 22:00, to: 07:00, zone: utc }',
    'quietHours: { allDay: [sat, sun], zone: America/Argentina/Buenos_Aires }',
    'quietHours: { from: "00:00", to: "23:59", allDay: [sun, mon, tue, wed, thu, fri], zone: Asia/Tokyo }',
    'digest: { at: "00:00", zone: Etc/GMT-9 }',
    'digest: none\nquietHours: none',
  ])('may be said: %j', (text) => {
    expect(errorsOf(`version: 1\n${text}`)).toBeUndefined();
  });
});

test('what changes of them is told when a policy is applied', () => {
  const before = { version: 1, quietHours: { from: '22:00', to: '07:00', zone: 'UTC' } } as const;
  const after = { version: 1, quietHours: 'none', digest: { at: '09:00', zone: 'UTC' } } as const;
  expect(changesBetween(before, after)).toEqual([
    '~ quietHours {"from":"22:00","to":"07:00","zone":"UTC"} → "none"',
    '+ digest {"at":"09:00","zone":"UTC"}',
  ]);
});
