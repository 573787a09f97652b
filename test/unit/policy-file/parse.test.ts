import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../../lib/policy-file/parse.ts';
import { MAX_FILE_BYTES } from '../../../lib/policy-file/schema.ts';

/** `<where>: <says>` of each error; undefined for a policy. */
function errorsOf(text: string): readonly string[] | undefined {
  const parsed = parsePolicy(text);
  return 'errors' in parsed ? parsed.errors.map(({ where, says }) => `${where}: ${says}`) : undefined;
}

const WHOLE = `version: 1
track: [latest, main, "release-*"]   # a comment
notifyAt: CRITICAL
onlyFixable: false
renotifyAfter: 7d
owner: Équipe plateforme
quietHours: { from: "22:00", to: 07:00, allDay: [sat, sun], zone: Asia/Tokyo }
repositories:
  - name: payments/*
    slackChannel: C0123456789
    snsAttributes: { team: payments }
    digest: { at: "09:00", days: [mon, thu], zone: Europe/Berlin }
    quietHours: none
ignore:
  - cve: CVE-2026-1234
    package: openssl*
    path: usr/lib/*
    repository: payments/*
    reason: the vulnerable code is not reachable
    expires: 2027-03-31
`;

describe('a policy', () => {
  test('is read whole, days and numbers as what they are', () => {
    const parsed = parsePolicy(WHOLE);
    expect('document' in parsed && parsed.document).toEqual({
      ...{ version: 1, track: ['latest', 'main', 'release-*'], notifyAt: 'CRITICAL', onlyFixable: false },
      ...{ renotifyAfter: '7d', owner: 'Équipe plateforme' },
      quietHours: { from: '22:00', to: '07:00', allDay: ['sat', 'sun'], zone: 'Asia/Tokyo' },
      repositories: [
        {
          ...{ name: 'payments/*', slackChannel: 'C0123456789', snsAttributes: { team: 'payments' } },
          ...{ digest: { at: '09:00', days: ['mon', 'thu'], zone: 'Europe/Berlin' }, quietHours: 'none' },
        },
      ],
      ignore: [
        {
          ...{ cve: 'CVE-2026-1234', package: 'openssl*', path: 'usr/lib/*', repository: 'payments/*' },
          reason: 'the vulnerable code is not reachable',
          expires: '2027-03-31',
        },
      ],
    });
  });

  test('says where each of its values stands', () => {
    const parsed = parsePolicy(WHOLE);
    if ('errors' in parsed) return expect.fail();
    expect(parsed.whereIs(['ignore', 0, 'expires'])).toBe('line 20, column 14');
    expect(parsed.whereIs(['repositories', 0, 'name'])).toBe('line 9, column 11');
  });

  test.each([
    'version: 1',
    '\ufeffversion: 1\r\nnotifyAt: HIGH\r\n',
    '{"version": 1, "ignore": []}',
    'version: 1\nignore: [{reason: a, expires: 2028-02-29}]',
    'version: 1\nrenotifyAfter: never',
  ])('may be short: %j', (text) => {
    expect(errorsOf(text)).toBeUndefined();
  });
});

const NAMES_OF_ATTRIBUTES =
  'is no name for an attribute of yours: letters, digits, _ and -, and none of those that every message has';
const ONE_ATTRIBUTE =
  'takes one: a raw delivery to SQS takes ten attributes, and nine are on every message already';
const rule = (more: string) => `version: 1\nignore:\n  - cve: CVE-1\n    ${more}\n`;

describe('what is wrong is told with its place', () => {
  test.each<readonly [string, string, unknown]>([
    ['nothing', '', 'the file: is empty: begin with version: 1'],
    ['a comment alone', '# soon', 'the file: is empty: begin with version: 1'],
    ['no version', 'notifyAt: HIGH', 'line 1, column 1: version is missing: begin with version: 1'],
    [
      'another version',
      'version: 2',
      'line 1, column 10: version takes 1: this release reads no other version',
    ],
    ['a text', 'hello', 'line 1, column 1: the file takes settings, as notifyAt: HIGH'],
    [
      'a key nobody knows',
      'version: 1\nnotifyat: HIGH',
      'line 2, column 1: notifyat is no setting: see docs/policy.md',
    ],
    [
      'a key nobody knows, with lines below',
      'version: 1\nquiet:\n  from: 22',
      'line 2, column 1: quiet is no setting: see docs/policy.md',
    ],
    [
      'a name every object has',
      'version: 1\n__proto__: {a: b}',
      'line 2, column 1: __proto__ is no setting: see docs/policy.md',
    ],
    [
      'a key of a rule that nobody knows',
      rule('reason: a\n    expires: 2027-03-31\n    severity: HIGH'),
      'line 6, column 5: ignore[0].severity is no setting: see docs/policy.md',
    ],
    [
      'another severity',
      'version: 1\nnotifyAt: critical',
      'line 2, column 11: notifyAt takes one of CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL, UNTRIAGED, UNDEFINED',
    ],
    ['yes for true', 'version: 1\nonlyFixable: yes', 'line 2, column 14: onlyFixable takes true or false'],
    ['one tag for a list', 'version: 1\ntrack: latest', 'line 2, column 8: track takes a list'],
    ['no tag', 'version: 1\ntrack: []', 'line 2, column 8: track takes one pattern at least'],
    [
      'a tag with a space',
      'version: 1\ntrack:\n  - a b',
      'line 3, column 5: track[0] takes a tag, in which * stands for any characters',
    ],
    ['days without a unit', 'version: 1\nrenotifyAfter: 7', 'line 2, column 16: renotifyAfter takes a text'],
    [
      'weeks',
      'version: 1\nrenotifyAfter: 1w',
      'line 2, column 16: renotifyAfter takes hours or days, as 12h or 30d, or never',
    ],
    ['a number for an owner', 'version: 1\nowner: 5', 'line 2, column 8: owner takes a text'],
    [
      'the name of a channel',
      'version: 1\nslackChannel: "#alerts"',
      'line 2, column 15: slackChannel takes the id of a channel, as C0123456789: it stands at the end of the channel’s details',
    ],
    [
      'no name of a repository',
      'version: 1\nrepositories:\n  - owner: a',
      'line 3, column 5: repositories[0].name is missing: which repositories is this about?',
    ],
    [
      'a repository in capitals',
      'version: 1\nrepositories:\n  - name: Demo',
      'line 3, column 11: repositories[0].name takes the name of a repository, in which * stands for any characters',
    ],
    [
      'two attributes',
      'version: 1\nsnsAttributes: {a: b, c: d}',
      `line 2, column 16: snsAttributes ${ONE_ATTRIBUTE}`,
    ],
    [
      'an attribute of ours',
      'version: 1\nsnsAttributes: {severity: b}',
      `line 2, column 27: snsAttributes.severity ${NAMES_OF_ATTRIBUTES}`,
    ],
    [
      'an attribute every object has',
      'version: 1\nsnsAttributes: {constructor: b}',
      'line 2, column 16: snsAttributes takes one attribute, as team: payments',
    ],
    [
      'a rule without a reason',
      rule('expires: 2027-03-31'),
      'line 3, column 5: ignore[0].reason is missing: every rule says why',
    ],
    [
      'a rule with an empty reason',
      rule('reason: " "\n    expires: 2027-03-31'),
      'line 4, column 13: ignore[0].reason is empty: every rule says why',
    ],
    [
      'a rule without an end',
      rule('reason: a'),
      'line 3, column 5: ignore[0].expires is missing: every rule ends on a day, as 2027-03-31',
    ],
    ...['tomorrow', '20270331', '2027-02-29', '2027-13-01', '2027-3-1', '2027-03-31T00:00:00Z'].map(
      (day): [string, string, unknown] => [
        `a rule until ${day}`,
        rule(`reason: a\n    expires: ${day}`),
        'line 5, column 14: ignore[0].expires takes a day of the calendar, as 2027-03-31',
      ],
    ),
    [
      'a pattern with a bracket',
      'version: 1\nignore: [{cve: "CVE-[0-9]", reason: a, expires: 2027-03-31}]',
      'line 2, column 16: ignore[0].cve takes letters, digits, . _ - / @ : + ~ and * for any characters',
    ],
    ['an alias', 'version: 1\nowner: &a b\ntrack: [*a]', 'the file: takes no aliases: write it out'],
    ['an alias of nothing', 'version: 1\nowner: *a', 'the file: takes no aliases: write it out'],
    [
      'a merge of YAML 1.1',
      'version: 1\n<<: {notifyAt: LOW}',
      'line 2, column 1: << is no setting: see docs/policy.md',
    ],
    ['a tab', 'version: 1\n\ttrack: [a]', 'line 2, column 1: Tabs are not allowed as indentation'],
    ['a key twice', 'version: 1\nversion: 1', 'line 2, column 1: Map keys must be unique'],
    [
      'two documents',
      'version: 1\n---\nversion: 1',
      expect.stringMatching(/^line 2, column 1: .*multiple documents/),
    ],
    [
      'too much',
      `version: 1\n#${' '.repeat(MAX_FILE_BYTES)}`,
      expect.stringMatching(/^the file: takes \d+ KiB at most: use patterns/),
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected]);
  });

  test('all of it at once', () => {
    expect(errorsOf('version: 3\nignore: [{cve: a b}]\nowners: x')).toHaveLength(5);
  });

  test('a thousand and one rules are too many', () => {
    const one = { cve: 'A', reason: 'r', expires: '2027-03-31' };
    const text = JSON.stringify({ version: 1, ignore: Array(1001).fill(one) });
    expect(errorsOf(text)).toEqual([expect.stringContaining('ignore takes 1000 rules at most')]);
  });
});

test('no text throws, and each that is refused says why', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.constantFrom(...'{}[]:,-?*&!|>#%@`"\'\n\t \u0000\u202e<'), { maxLength: 40 })
      .map((it) => it.join('')),
    fc.json().map((it) => `{"version": 1, "ignore": ${it}, "repositories": [${it}]}`),
    fc.string({ unit: 'binary' }).map((it) => `version: 1\nowner: ${JSON.stringify(it)}`),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const errors = errorsOf(text) ?? ['fine'];
      expect(errors.length).toBeGreaterThan(0);
    }),
    { numRuns: 5000 },
  );
});
