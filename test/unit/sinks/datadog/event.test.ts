import { describe, expect, test } from 'vitest';
import { code } from '../../../../lib/image/inline-code.ts';
import { parseTag } from '../../../../lib/image/reference.ts';
import { untrusted } from '../../../../lib/image/untrusted.ts';
import type { Notice } from '../../../../lib/policy/notice.ts';
import { NEWEST_PUSH } from '../../../../lib/policy/policy.ts';
import { toCounts } from '../../../../lib/scan/severity.ts';
import { noticeEvent } from '../../../../lib/sinks/datadog/event.ts';
import { aFound, aNotice, anImage, aShownFinding, aSubject } from '../../../build/notice.ts';

const NOW = new Date('2026-11-20T02:03:04.567Z');
const notScanned = aNotice({
  reason: 'not-scanned',
  unscannable: { status: 'UNSUPPORTED_IMAGE', description: untrusted('no OS @oncall') },
});
const { found: _, ...withoutFound } = notScanned;
const NOT_SCANNED: Notice = withoutFound;

describe('noticeEvent', () => {
  test('says what is new, what can be fixed, the worst findings and the image', () => {
    const { text } = noticeEvent(aNotice(), NOW);
    expect(text.split('\n')).toEqual([
      '%%% ',
      '**1 new, 0 still open** · 1 critical, 2 high, 3 medium · a fix exists for 1 critical',
      '',
      '- **CRITICAL** new `CVE-2026-1001` · score 9.8 · `openssl` `3.0.1` → `3.0.2`',
      '',
      '- `commit 0a1b2c3 (from the tag, unverified)`',
      '- `pushed 2026-11-20 02:00 UTC`',
      expect.stringMatching(
        /^- \[open in ECR\]\(https:\/\/eu-west-1\.console\.aws\.amazon\.com\/ecr\/\S+\)$/,
      ),
      '',
      '- `demo-api in 111122223333 eu-west-1, followed as latest`',
      '- enhanced scan of 2026-11-20 02:01 UTC',
      `- \`sha256:${'ab'.repeat(32)}\``,
      ' %%%',
    ]);
  });

  test('a reminder, and a list that is not whole', () => {
    const found = aFound({ newCount: 0, stillOpenCount: 1 });
    const { text, title } = noticeEvent(
      aNotice({ reason: 'reminder-due', found, listIncomplete: true }),
      NOW,
    );
    expect(title).toBe('1 critical in demo-api:latest, still open');
    expect(text).toContain('**Reminder: 1 still open**');
    expect(text).toContain('list incomplete: not all findings could be read');
  });

  test.each<[Notice['reason'], Notice, string, string]>([
    ['new-findings', aNotice(), 'error', 'reason:new-findings'],
    ['first-scan', aNotice({ reason: 'first-scan' }), 'error', 'reason:first-scan'],
    [
      'new-findings',
      aNotice({ found: aFound({ counts: toCounts({ HIGH: 2 }) }) }),
      'warning',
      'reason:new-findings',
    ],
    [
      'resolved',
      aNotice({ reason: 'resolved', found: aFound({ counts: toCounts({}), shown: [] }) }),
      'success',
      'reason:resolved',
    ],
    ['not-scanned', NOT_SCANNED, 'warning', 'reason:not-scanned'],
  ])('%s is of the right kind', (_reason, notice, alertType, tag) => {
    const event = noticeEvent(notice, NOW);
    expect(event.alertType).toBe(alertType);
    expect(event.tags).toContain(tag);
    expect(event.title.length).toBeLessThanOrEqual(100);
  });

  test('happens now, in whole seconds, and is found by its tags', () => {
    const event = noticeEvent(aNotice({ references: ['latest', 'Main'] }), NOW);
    expect(event.dateHappened).toBe(1795140184);
    expect(event.tags).toEqual([
      'service:scan-response',
      'account_id:111122223333',
      'region:eu-west-1',
      'repository:demo-api',
      'image_tag:latest',
      'image_tag:main',
      'reason:new-findings',
      'severity:critical',
    ]);
  });

  test('does not show an image that was not scanned as clean', () => {
    const event = noticeEvent(NOT_SCANNED, NOW);
    expect(event.title).toContain('was not scanned: UNSUPPORTED_IMAGE');
    expect(event.text).toContain('nobody knows what is in this image');
    expect(event.text).toContain('`no OS @\u2060oncall`');
    expect(event.text).toContain('- no scan\n');
    expect(event.tags?.join()).not.toContain('severity:');
  });

  test('says that basic scanning knows no fixes, instead of "none"', () => {
    const { fixable: __, ...found } = aFound({ scanType: 'basic' });
    expect(noticeEvent(aNotice({ found }), NOW).text).toContain('fixes: basic scanning does not say');
  });

  test('names the platforms that are still open', () => {
    const { digest } = anImage();
    const platforms = [
      { digest, platform: 'linux/amd64', state: 'scanned' as const },
      { digest, platform: 'linux/arm64', state: 'pending' as const, status: 'IN_PROGRESS' },
    ];
    const { text } = noticeEvent(aNotice({ platforms }), NOW);
    expect(text).toContain('`platforms scanned: linux/amd64; still open: linux/arm64 (IN_PROGRESS)`');
  });

  describe('when the findings are too long', () => {
    const long = untrusted('p'.repeat(200));
    const pack = { name: long, version: untrusted('v'.repeat(40)), fixedIn: long };
    const textWith = (idLength: number) => {
      const shown = Array.from({ length: 5 }, (_, index) =>
        aShownFinding({ id: untrusted(`CVE-${index}`.padEnd(idLength, '0')), packages: Array(4).fill(pack) }),
      );
      return noticeEvent(aNotice({ found: aFound({ shown, newCount: 999_990, stillOpenCount: 9 }) }), NOW)
        .text;
    };

    test('leaves them out whole and counts them', () => {
      const text = textWith(60);
      const shown = text.match(/- \*\*CRITICAL/g)?.length ?? 0;
      expect(shown).toBe(4);
      expect(text).toContain(`- and ${999_990 - shown} more new; 9 more still open\n`);
    });

    test.each(Array.from({ length: 60 }, (_, index) => index + 1))('fits with ids of %i', (idLength) => {
      const text = textWith(idLength);
      expect(text.length).toBeLessThanOrEqual(4000);
      expect(text.endsWith('\n %%%')).toBe(true);
    });
  });
});

describe('aggregation key', () => {
  const keyOf = (overrides: Partial<Notice>) => noticeEvent(aNotice(overrides), NOW).aggregationKey;

  test('is the same for every image, reason and time of one reference', () => {
    const later = keyOf({ reason: 'resolved', subject: aSubject({ tags: [parseTag('v2')] }) });
    expect(later).toBe(keyOf({}));
    expect(later).toMatch(/^ecr-scan:[0-9a-f]{32}$/);
  });

  test.each<[string, Partial<Notice>]>([
    ['another reference', { references: ['main'] }],
    ['the newest push', { references: [NEWEST_PUSH] }],
    [
      'another repository',
      { subject: aSubject({ image: anImage({ repository: { ...anImage().repository, name: 'other' } }) }) },
    ],
    [
      'another region',
      {
        subject: aSubject({
          image: anImage({ repository: { ...anImage().repository, region: 'us-east-1' } }),
        }),
      },
    ],
  ])('is another one for %s', (_what, overrides) => {
    expect(keyOf(overrides)).not.toBe(keyOf({}));
  });
});

describe('code', () => {
  test.each([
    ['plain', 'openssl', '`openssl`'],
    ['empty', '', '`?`'],
    ['a mention', '@pagerduty-x a@b.c', '`@\u2060pagerduty-x a@\u2060b.c`'],
    ['backticks inside', 'a``b`c', '```a``b`c```'],
    ['backticks at the end', 'a`', '`` a` ``'],
    ['the end of the markdown', 'a\n%%%%\n@x', '`a\ufffd%%\ufffd@\u2060x`'],
    ['a link', '[x](javascript:y)', '`[x](javascript:y)`'],
    ['an escape sequence', '\u001b[2J', '`\ufffd[2J`'],
  ])('%s', (_what, text, expected) => {
    expect(code(untrusted(text))).toBe(expected);
  });

  test('cuts by characters', () => {
    expect(code(untrusted('abcdef'), 4)).toBe('`abc…`');
  });
});
