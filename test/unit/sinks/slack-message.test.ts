import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { provenanceOf } from '../../../lib/image/provenance.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import type { Notice } from '../../../lib/policy/notice.ts';
import { toCounts } from '../../../lib/scan/severity.ts';
import { slackMessage } from '../../../lib/sinks/slack/message.ts';
import { text } from '../../../lib/sinks/slack/rich-text.ts';
import { botToken, slackSecretForm, webhookUrl } from '../../../lib/sinks/slack/secret-form.ts';
import { consoleUrl } from '../../../lib/sinks/words.ts';
import { aFinding, aFound, aNotice, anImage, aShownFinding, aSubject } from '../../build/notice.ts';

/** What a person reads, one string per block. */
function read(blocks: readonly KnownBlock[]): string[] {
  const words = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(words).join('');
    const { text, elements, type } = value as { text?: unknown; elements?: unknown; type?: string };
    const end = type === 'rich_text_section' || type === 'plain_text' ? '\n' : '';
    if (typeof text === 'string') return text + end;
    return words(text ?? elements) + end;
  };
  return blocks.map((block) => words(block).trim());
}

const once = { possibleRepeat: false };

describe('what is said, in its order', () => {
  test('new findings', () => {
    const found = aFound({
      counts: toCounts({ CRITICAL: 3, HIGH: 2 }),
      fixable: toCounts({ CRITICAL: 2 }),
      newCount: 2,
      stillOpenCount: 1,
      shown: [
        aShownFinding({ exploitKnown: true, platforms: ['linux/amd64', 'linux/arm64'] }),
        aShownFinding({
          id: untrusted('CVE-2026-1002'),
          isNew: false,
          packages: [...aFinding().packages, ...aFinding().packages],
        }),
      ],
    });
    const { text: words, blocks } = slackMessage(aNotice({ found }), once);
    expect(words).toBe('3 critical in demo-api:latest, 2 new (111122223333 eu-west-1)');
    expect(read(blocks)).toEqual([
      '3 critical in demo-api:latest, 2 new',
      'demo-api in 111122223333 eu-west-1 · followed as latest · tags latest, 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
      '2 new, 1 still open\n3 critical, 2 high\na fix exists for 2 critical',
      'CVE-2026-1001 · new · openssl 3.0.1 → 3.0.2 · score 9.8 · exploit known · on linux/amd64, linux/arm64\n' +
        'CVE-2026-1002 · openssl 3.0.1 → 3.0.2 and 1 more · score 9.8',
      'and 1 more new',
      'commit 0a1b2c3 (from the tag, unverified)\npushed 2026-11-20 02:00 UTC',
      'open in ECR',
      'sha256:abababababab · enhanced scan of 2026-11-20 02:01 UTC',
    ]);
  });

  test('the first scan has nothing to compare with', () => {
    const { blocks } = slackMessage(aNotice({ reason: 'first-scan' }), once);
    expect(read(blocks)[2]).toMatch(/^First scan: nothing to compare with\n1 critical/);
  });

  test('basic scanning: no fix, no score, no time of the scan', () => {
    const { score: _s, ...finding } = aShownFinding({
      packages: [{ name: untrusted('openssl'), version: untrusted('3.0.1') }],
    });
    const { fixable: _f, completedAt: _c, ...found } = aFound({ scanType: 'basic', shown: [finding] });
    const words = read(slackMessage(aNotice({ found }), once).blocks);
    expect(words[2]).toContain('fixes: basic scanning does not say');
    expect(words[3]).toBe('CVE-2026-1001 · new · openssl 3.0.1');
    expect(words.at(-1)).toBe('sha256:abababababab · basic scan');
  });

  test.each(['', '   '])('a finding with the id %j still has a line', (id) => {
    const { score: _, ...finding } = aShownFinding({ id: untrusted(id), packages: [], isNew: false });
    const words = read(slackMessage(aNotice({ found: aFound({ shown: [finding] }) }), once).blocks);
    expect(words[3]).toBe('(no id)');
  });

  test('resolved', () => {
    const found = aFound({ counts: toCounts({ HIGH: 1 }), shown: [], newCount: 0, stillOpenCount: 0 });
    const words = read(slackMessage(aNotice({ reason: 'resolved', found }), once).blocks);
    expect(words[0]).toBe('demo-api:latest is clear: no critical findings any more');
    expect(words[2]).toBe('What was open was not found again\n1 high\na fix exists for 1 critical');
    expect(words).toHaveLength(6);
  });

  test('a reminder, and a list that is not whole', () => {
    const found = aFound({ newCount: 0, stillOpenCount: 1 });
    const notice = aNotice({ reason: 'reminder-due', found, listIncomplete: true });
    const words = read(slackMessage(notice, once).blocks);
    expect(words[2]).toMatch(/^Reminder: 1 still open\n/);
    expect(words).toContain(
      'list incomplete: not all findings could be read, so the numbers are the least there are',
    );
  });

  test('not scanned is never a number', () => {
    const { found: _, ...rest } = aNotice({ reason: 'not-scanned' });
    const notice: Notice = {
      ...rest,
      unscannable: { status: 'FAILED', description: untrusted('UnsupportedImageError:\nno OS') },
    };
    const words = read(slackMessage(notice, once).blocks);
    expect(words[2]).toBe(
      'Not scanned (FAILED): nobody knows what is in this image.\nThe scanner says: UnsupportedImageError:\ufffdno OS',
    );
    expect(words.at(-1)).toBe('sha256:abababababab · not scanned');
    expect(words.join('\n')).not.toMatch(/\b0 |no findings|clear/);
  });

  test('platforms, conflicts, an untagged image', () => {
    const { digest } = anImage();
    const { provenance: _, ...untagged } = aSubject({ tags: [] });
    const provenance = provenanceOf([parseTag('0a1b2c3'), parseTag('main-9f8e7d6')]);
    const platforms: Notice['platforms'] = [
      { digest, platform: 'linux/amd64', state: 'scanned' },
      { digest, platform: 'linux/arm64', state: 'pending', status: 'PENDING' },
    ];
    const words = read(
      slackMessage(aNotice({ subject: { ...untagged, ...(provenance && { provenance }) }, platforms }), once)
        .blocks,
    );
    expect(words[1]).toMatch(/ · no tag$/);
    expect(words.at(-3)).toBe(
      'commit 0a1b2c3 (from the tag, unverified); in conflict with 9f8e7d6 (tag main-9f8e7d6)\n' +
        'pushed 2026-11-20 02:00 UTC',
    );
    expect(words.at(-1)).toMatch(/\nplatforms scanned: linux\/amd64; still open: linux\/arm64 \(PENDING\)$/);
  });

  test('a possible repeat says so, in the channel and in the notification', () => {
    const first = slackMessage(aNotice(), once);
    const again = slackMessage(aNotice(), { possibleRepeat: true });
    expect(again.blocks.slice(0, -1)).toEqual(first.blocks);
    expect(read(again.blocks).at(-1)).toMatch(/^Possible repeat: an earlier try got no answer/);
    expect(again.text).toBe(`Possible repeat: ${first.text}`);
  });

  test('the only link is the console', () => {
    const links = JSON.stringify(slackMessage(aNotice(), once)).match(/"url":"[^"]*"/g);
    expect(links).toEqual([`"url":"${consoleUrl(anImage())}"`]);
  });

  test('what others wrote does not fit into an element', () => {
    // @ts-expect-error an element takes text that is safe, and this is not
    expect(text(untrusted('x'))).toEqual({ type: 'text', text: 'x' });
  });
});

test.each([
  ['https://hooks.slack.com/services/T0/B0/x', true],
  ['https://hooks.slack.com/services/T0/B0/x\n', true],
  ['https://hooks.slack-gov.com/services/T0/B0/x', true],
  ['http://hooks.slack.com/services/T0/B0/x', false],
  ['https://hooks.slack.com.evil.example/services', false],
  ['https://hooks.slack.com@evil.example/services', false],
  ['https://user:word@hooks.slack.com/services', false],
  ['https://hooks.slack.com:8443/services', false],
  ['http://127.0.0.1:8080/slack', false],
  ['file:///etc/passwd', false],
  ['not a URL', false],
])('%j is a webhook of Slack: %s', (secret, expected) => {
  expect(webhookUrl(secret, false)).toBe(expected ? secret.trim() : undefined);
  expect(slackSecretForm(false).accepts(secret)).toBe(expected);
});

test.each([
  ['xoxb-1111-2222-AbC3', true],
  [' xoxb-1111-2222-AbC3\n', true],
  ['xoxp-1111-2222-AbC3', false],
  ['xoxe.xoxb-1-AbC3', false],
  ['xoxb-1111 2222', false],
])('%j is a bot token: %s', (secret, expected) => {
  expect(botToken(secret)).toBe(expected ? secret.trim() : undefined);
  expect(slackSecretForm(false).accepts(secret)).toBe(expected);
});

test.each([
  ['http://127.0.0.1:8080/slack', true],
  ['http://127.0.0.2:8080/slack', false],
  ['http://127.0.0.1.evil.example/slack', false],
  ['https://127.0.0.1/slack', false],
])('locally, %j is a webhook: %s', (secret, expected) => {
  expect(webhookUrl(secret, true)).toBe(expected ? secret : undefined);
});
