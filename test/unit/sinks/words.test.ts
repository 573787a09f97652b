import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../../lib/image/digest.ts';
import { provenanceOf } from '../../../lib/image/provenance.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { parseInstant } from '../../../lib/instant.ts';
import type { Notice, NoticeReason } from '../../../lib/policy/notice.ts';
import { NEWEST_PUSH } from '../../../lib/policy/policy.ts';
import type { PlatformState } from '../../../lib/scan/scan.ts';
import { SEVERITIES, toCounts } from '../../../lib/scan/severity.ts';
import {
  changeLine,
  commitLine,
  consoleUrl,
  countsLine,
  fixLine,
  headline,
  listed,
  platformLine,
  referenceName,
  statusWord,
  utc,
} from '../../../lib/sinks/words.ts';
import { aFound, aNotice, anImage, aSubject } from '../../build/notice.ts';

const digest = parseDigest(`sha256:${'cd'.repeat(32)}`);
const scanned: PlatformState = { digest, platform: 'linux/amd64', state: 'scanned' };
const pending: PlatformState = { digest, platform: 'linux/arm64', state: 'pending', status: 'IN_PROGRESS' };

/** A notice without findings, for a scan that ended with `status`. */
function notScanned(status: string, overrides: Partial<Notice> = {}): Notice {
  const { found: _, ...rest } = aNotice({ reason: 'not-scanned', ...overrides });
  return { ...rest, unscannable: { status } };
}

test.each<[NoticeReason, string]>([
  ['first-scan', 'First scan: nothing to compare with'],
  ['new-findings', '2 new, 1 still open, 4 gone'],
  ['worse', 'Found in the same image since: 2 new, 1 still open, 4 gone'],
  ['better', '4 gone, 1 still open'],
  ['resolved', 'What was open was not found again'],
  ['reminder-due', 'Reminder: 1 still open'],
])('what changed, %s: %s', (reason, line) => {
  const found = aFound({ newCount: 2, stillOpenCount: 1, closedCount: 4 });
  expect(changeLine(aNotice({ reason, found }))).toBe(line);
});

test('a message of an earlier release does not say how many are gone, and none are invented', () => {
  const found = aFound({ newCount: 2, stillOpenCount: 1 });
  expect(changeLine(aNotice({ reason: 'new-findings', found }))).toBe('2 new, 1 still open');
});

describe('headline', () => {
  const critical3 = aFound({ counts: toCounts({ CRITICAL: 3, HIGH: 9 }), newCount: 2, stillOpenCount: 1 });
  const clear = (counts: Record<string, number>) =>
    aFound({ counts: toCounts(counts), shown: [], newCount: 0, stillOpenCount: 0 });

  test.each<[string, Notice]>([
    ['3 critical in demo-api:latest, 2 new', aNotice({ found: critical3 })],
    ['3 critical in demo-api:latest, first scan', aNotice({ reason: 'first-scan', found: critical3 })],
    ['3 critical in demo-api:latest, still open', aNotice({ reason: 'reminder-due', found: critical3 })],
    ['3 critical in demo-api:latest, 2 new', aNotice({ reason: 'worse', found: critical3 })],
    [
      '3 critical in demo-api:latest, 4 gone',
      aNotice({ reason: 'better', found: { ...critical3, closedCount: 4 } }),
    ],
    ['demo-api:latest: list of findings incomplete', notScanned('LIST_INCOMPLETE')],
    [
      '3 critical, 9 high in demo-api:latest, 12 new',
      aNotice({ found: { ...critical3, newCount: 12, stillOpenCount: 0, notifyAt: 'HIGH' } }),
    ],
    [
      '1 critical, 1 high, 5 more in demo-api:latest, 7 new',
      aNotice({
        found: aFound({
          counts: toCounts({ CRITICAL: 1, HIGH: 1, MEDIUM: 2, LOW: 3, UNTRIAGED: 4 }),
          newCount: 7,
          notifyAt: 'LOW',
        }),
      }),
    ],
    [
      '2 untriaged in demo-api:latest, 2 new',
      aNotice({
        found: aFound({ counts: toCounts({ UNTRIAGED: 2 }), newCount: 2, notifyAt: 'UNTRIAGED' }),
      }),
    ],
    ['3 critical in demo-api (newest push), 2 new', aNotice({ found: critical3, references: [NEWEST_PUSH] })],
    [
      '3 critical in demo-api:latest (+2 more), 2 new',
      aNotice({ found: critical3, references: ['latest', 'main', 'prod'] }),
    ],
    ['3 critical in demo-api@abababababab, 2 new', aNotice({ found: critical3, references: [] })],
    [
      'demo-api:latest is clear: no critical findings any more',
      aNotice({ reason: 'resolved', found: clear({ HIGH: 4 }) }),
    ],
    [
      'demo-api:latest is clear: no critical or high findings any more',
      aNotice({ reason: 'resolved', found: clear({ LOW: 4 }) }),
    ],
    ['demo-api:latest is clear: no findings any more', aNotice({ reason: 'resolved', found: clear({}) })],
    [
      'demo-api:latest is clear on 1 of 2 platforms: no findings any more',
      aNotice({ reason: 'resolved', found: clear({}), platforms: [scanned, pending] }),
    ],
    ['demo-api:latest was not scanned: UNSUPPORTED_IMAGE', notScanned('UNSUPPORTED_IMAGE')],
    ['demo-api:latest was not scanned: unknown status', notScanned('<!channel> GOT_YOU')],
  ])('%s', (words, notice) => {
    expect(headline(notice)).toBe(words);
  });

  test.each([99, 150])('fits into %i printable ASCII characters, with the end of the name', (max) => {
    const name = `team/${'a'.repeat(245)}/thing`;
    const tag = `${'release-'.repeat(15)}9.9`;
    const many = toCounts(Object.fromEntries(SEVERITIES.map((severity) => [severity, 123_456])));
    const subject = aSubject({ image: anImage({ repository: { ...anImage().repository, name } }) });
    const references = [tag, ...Array(20).fill('main')];
    const worst = [
      aNotice({ subject, references, found: aFound({ counts: many, newCount: 7 * 123_456 }) }),
      aNotice({
        subject,
        references,
        reason: 'resolved',
        found: clear({ LOW: 1 }),
        platforms: [scanned, ...Array(30).fill(pending)],
      }),
      notScanned('SCAN_ELIGIBILITY_EXPIRED', { subject, references }),
    ];
    for (const notice of worst) {
      expect(headline(notice, max)).toMatch(/^[ -~]+$/);
      expect(headline(notice, max).length).toBe(max);
      expect(headline(notice, max)).toContain('...');
      expect(headline(notice, max)).toContain('9.9 (+20 more)');
      expect(headline(notice, max)).toMatch(/, 864192 new$|any more$|EXPIRED$/);
    }
  });

  test('a repository name of 125 characters keeps counts, beginning and end', () => {
    const name = `team/${'x'.repeat(113)}/orders`;
    expect(name).toHaveLength(125);
    const subject = aSubject({ image: anImage({ repository: { ...anImage().repository, name } }) });
    const words = headline(aNotice({ subject }), 99);
    expect(words).toMatch(/^1 critical in team\/x+\.\.\.x+\/orders:latest, 1 new$/);
    expect(words).toHaveLength(99);
  });
});

describe('lines', () => {
  test.each([
    [
      '1 critical, 2 high, 3 medium, 4 low, 5 informational, 6 untriaged, 7 undefined',
      { CRITICAL: 1, HIGH: 2, MEDIUM: 3, LOW: 4, INFORMATIONAL: 5, UNTRIAGED: 6, UNDEFINED: 7 },
    ],
    ['2 untriaged', { UNTRIAGED: 2 }],
    ['no findings', {}],
  ])('counts: %s', (words, counts) => {
    expect(countsLine(toCounts(counts))).toBe(words);
  });

  test('counts that do not exist are not zeros', () => {
    expect(countsLine(undefined)).toBe('not scanned');
  });

  test('fixes: how many, none, nothing, or not told', () => {
    const { fixable: _, ...basic } = aFound({ scanType: 'basic' });
    expect(fixLine(aFound({ fixable: toCounts({ CRITICAL: 1, LOW: 4 }) }))).toBe(
      'a fix exists for 1 critical, 4 low',
    );
    expect(fixLine(aFound({ fixable: toCounts({}) }))).toBe('no fix known yet');
    expect(fixLine(aFound({ fixable: toCounts({}), counts: toCounts({}) }))).toBe('nothing to fix');
    expect(fixLine(basic)).toBe('fixes: basic scanning does not say');
  });

  test.each<[string, string[]]>([
    ['commit 0a1b2c3 (from the tag, unverified)', ['latest', '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567']],
    ['commit 0a1b2c3 (from the tag, unverified)', ['0a1b2c3']],
    ['commit 0a1b2c3 (from the tag v1.2.0-0a1b2c3, unverified)', ['v1.2.0-0a1b2c3']],
    [
      'commit 0a1b2c3 (from the tag, unverified); in conflict with 9f8e7d6 (tag main-9f8e7d6)',
      ['0a1b2c3d4e5f60718293a4b5c6d7e8f901234567', 'main-9f8e7d6'],
    ],
    [
      'commit 0a1b2c3 (from the tag, unverified); in conflict with aaaaaa1 (tag sha-aaaaaa1), aaaaaa2 (tag sha-aaaaaa2), aaaaaa3 (tag sha-aaaaaa3) and 1 more',
      ['0a1b2c3', 'sha-aaaaaa1', 'sha-aaaaaa2', 'sha-aaaaaa3', 'sha-aaaaaa4'],
    ],
    ['commit unknown: no tag of this image names one', ['latest']],
  ])('%s', (words, tags) => {
    expect(commitLine(provenanceOf(tags.map(parseTag)))).toBe(words);
  });

  test('platforms: what was scanned, what is missing and why', () => {
    const unscannable: PlatformState = { digest, state: 'unscannable', status: 'UNSUPPORTED_IMAGE' };
    expect(platformLine([scanned])).toBeUndefined();
    expect(
      platformLine([scanned, pending, unscannable, { digest, platform: 'linux/s390x', state: 'gone' }]),
    ).toBe(
      'platforms scanned: linux/amd64; still open: linux/arm64 (IN_PROGRESS); not scannable: cdcdcdcdcdcd (UNSUPPORTED_IMAGE); gone: linux/s390x',
    );
    expect(platformLine(Array(7).fill(scanned))).toContain('linux/amd64 and 3 more');
  });

  test('a status that AWS has not defined is text by somebody else', () => {
    expect(statusWord('UNSUPPORTED_IMAGE')).toBe('UNSUPPORTED_IMAGE');
    expect(statusWord(`NEW\u202e\n${'X'.repeat(50)}`)).toBe(`NEW\ufffd\ufffd${'X'.repeat(34)}…`);
    // @ts-expect-error what others wrote has no way into a text but a `safe…` function
    expect(`${untrusted('x')}`).toBe('x');
  });

  test('names, times and lists', () => {
    expect(referenceName(NEWEST_PUSH)).toBe('newest push');
    expect(referenceName('latest')).toBe('latest');
    expect(utc(parseInstant('2026-11-20T03:01:59+01:00'))).toBe('2026-11-20 02:01 UTC');
    expect(listed(['a', 'b', 'c'], 3)).toBe('a, b, c');
    expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  });
});

test.each([
  ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
  ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
])('the console of %s', (region, host) => {
  const image = anImage({ repository: { account: '111122223333', region, name: 'team/demo-api' } });
  expect(consoleUrl(image)).toBe(
    `${host}ecr/repositories/private/111122223333/team/demo-api/_/image/${image.digest}/details?region=${region}`,
  );
});
