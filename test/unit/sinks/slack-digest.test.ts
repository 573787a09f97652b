import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../../lib/image/digest.ts';
import type { Notice } from '../../../lib/policy/notice.ts';
import { toCounts } from '../../../lib/scan/severity.ts';
import { slackDigest } from '../../../lib/sinks/slack/digest.ts';
import { aFound, aNotice, anImage, aSubject } from '../../build/notice.ts';

const MARK = '2026-11-20T03:10:00.000Z/7';

function open(name: string, critical: number, region = 'eu-west-1'): Notice {
  const digest = parseDigest(`sha256:${critical.toString(16).padStart(2, '0').repeat(32)}`);
  const image = anImage({ repository: { account: '111122223333', region, name }, digest });
  return aNotice({
    subject: aSubject({ image }),
    found: aFound({ counts: toCounts({ CRITICAL: critical, HIGH: 1 }), newCount: critical }),
  });
}

function unscanned(name: string): Notice {
  const { found: _, ...rest } = open(name, 1);
  return { ...rest, reason: 'not-scanned', unscannable: { status: 'UNSUPPORTED_IMAGE' } };
}

function clear(name: string): Notice {
  return {
    ...open(name, 1),
    reason: 'resolved',
    found: aFound({ counts: toCounts({}), shown: [], newCount: 0 }),
  };
}

function reminded(name: string): Notice {
  return { ...open(name, 3), reason: 'reminder-due' };
}

const entries = (notices: readonly Notice[], repeats: readonly Notice[] = []) =>
  notices.map((notice) => ({ notice, possibleRepeat: repeats.includes(notice) }));

/** The message as a person reads it, a line per paragraph. */
function lines(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(lines);
  const { type, text, elements = [] } = value as { type: string; text?: unknown; elements?: unknown[] };
  if (type === 'rich_text_section') return [elements.map((it) => (it as { text: string }).text).join('')];
  if (type === 'header') return [(text as { text: string }).text];
  return typeof text === 'string' ? [text] : lines(elements);
}

describe('a digest', () => {
  test('leaves no reason out: what is still open is told under its own heading', () => {
    const { text, blocks } = slackDigest(entries([open('api', 2), reminded('core')]), MARK);
    expect(lines(blocks).slice(1, 5)).toEqual([
      'Open findings',
      expect.stringContaining('api:latest'),
      'Still open',
      expect.stringContaining('core:latest'),
    ]);
    expect(text).toBe('2 images: 1 open findings, 1 still open; 2 with critical findings');
  });

  test('says how many of what, and names each with the worst first', () => {
    const mixed = [clear('web'), open('api', 2), unscanned('odd'), open('core', 9)];
    const { text, blocks } = slackDigest(entries(mixed), MARK);
    expect(lines(blocks)).toEqual([
      '4 images: 2 open findings, 1 not scanned, 1 clear; 2 with critical findings',
      'Open findings',
      '9 critical in core:latest, 9 new · CVE-2026-1001 and 8 others · sha256:090909090909',
      '2 critical in api:latest, 2 new · CVE-2026-1001 and 1 other · sha256:020202020202',
      'Not scanned',
      'odd:latest was not scanned: UNSUPPORTED_IMAGE · sha256:010101010101',
      'Clear',
      'web:latest is clear: no findings any more · sha256:010101010101',
      `111122223333 eu-west-1 · 4 notices in one message, ${MARK}`,
      'Which commit is behind one: scan-response who <repository>:<tag>',
    ]);
    expect(text).toBe('4 images: 2 open findings, 1 not scanned, 1 clear; 2 with critical findings');
  });

  test('says where for each, when it is not the same for all', () => {
    const { blocks } = slackDigest(entries([open('api', 2), open('api', 1, 'us-east-1')]), MARK);
    expect(lines(blocks).slice(2, 5)).toEqual([
      '2 critical in api:latest, 2 new · CVE-2026-1001 and 1 other · sha256:020202020202 · 111122223333 eu-west-1',
      '1 critical in api:latest, 1 new · CVE-2026-1001 · sha256:010101010101 · 111122223333 us-east-1',
      `2 notices in one message, ${MARK}`,
    ]);
  });

  test('of what waited says since when it is', () => {
    const waited = [open('api', 2), open('web', 1)].map((it) => ({ ...it, notBefore: it.subject.pushedAt }));
    const { blocks } = slackDigest(entries([...waited, open('core', 3)]), MARK);
    expect(lines(blocks)).toContain(
      `111122223333 eu-west-1 · 3 notices in one message, ${MARK} · gathered since 2026-11-20 02:01 UTC`,
    );
  });

  test('marks what may be a repeat, and only that', () => {
    const [first, second] = [open('api', 2), open('web', 1)];
    const { text, blocks } = slackDigest(entries([first, second], [second]), MARK);
    expect(lines(blocks).filter((line) => /repeat/i.test(line))).toEqual([
      '1 critical in web:latest, 1 new · CVE-2026-1001 · sha256:010101010101 · possible repeat',
      'Possible repeat: of the marked ones an earlier try got no answer, so they may be here already.',
    ]);
    expect(text).toMatch(/^Possible repeat: 2 images/);
  });
});
