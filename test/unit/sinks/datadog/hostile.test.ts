import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { untrusted } from '../../../../lib/image/untrusted.ts';
import { SEVERITIES } from '../../../../lib/scan/severity.ts';
import { noticeEvent } from '../../../../lib/sinks/datadog/event.ts';
import { aProvenance, aTagEvidence } from '../../../build/evidence.ts';
import { aFound, aNotice, anImage, aShownFinding, aSubject } from '../../../build/notice.ts';

const NOW = new Date('2026-11-20T02:03:04.567Z');
const { found: _found, ...notScanned } = aNotice({ reason: 'not-scanned' });

describe('hostile text', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          '@',
          '@all',
          '%',
          '%%%',
          '`',
          '```',
          '\n',
          '\u001b[2J',
          '\u202e',
          '](x)',
          '😀',
          '\ud800',
        ),
        { maxLength: 200 },
      )
      .map((parts) => parts.join('')),
    fc.constantFrom('`'.repeat(500), '@'.repeat(500), '%'.repeat(500), '\u2060'.repeat(9)),
  );
  const text = nasty.map(untrusted);
  const finding = fc
    .record({
      id: text,
      severity: fc.constantFrom(...SEVERITIES),
      isNew: fc.boolean(),
      packages: fc.array(fc.record({ name: text, version: text, fixedIn: text }), { maxLength: 8 }),
    })
    .map(aShownFinding);
  const name = fc.stringMatching(/^[a-z0-9]([a-z0-9]|[._-][a-z0-9]){1,127}$/);
  const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
  const repositories = name.map((it) => ({ ...anImage().repository, name: it }));
  const platforms = fc.array(
    nasty.map((status) => ({
      digest: anImage().digest,
      platform: 'linux/arm64',
      state: 'pending' as const,
      status,
    })),
    { maxLength: 30 },
  );
  const notices = fc
    .record({
      repository: repositories,
      references: fc.array(tag, { maxLength: 20 }),
      platforms,
      shown: fc.array(finding, { maxLength: 5 }),
      unscannable: fc.record({ status: nasty, description: text }),
      isScanned: fc.boolean(),
    })
    .map(({ repository, references, platforms, shown, unscannable, isScanned }) => {
      const subject = aSubject({ image: anImage({ repository }) });
      const found = aFound({ shown, newCount: shown.length });
      const scanned = aNotice({ subject, references, platforms, found });
      return isScanned ? scanned : { ...notScanned, subject, references, platforms, unscannable };
    });

  test('never breaks a limit, notifies anybody, ends the frame or hides anything', () => {
    fc.assert(
      fc.property(notices, (notice) => {
        const event = noticeEvent(notice, NOW);
        expect(event.title.length).toBeLessThanOrEqual(100);
        expect(event.title).toMatch(/^[\x20-\x7e]+$/);
        expect(event.title).not.toContain('@');
        expect(event.text.length).toBeLessThanOrEqual(4000);
        expect(event.text).toMatch(/^%%% \n[\s\S]*\n %%%$/);
        expect(event.text.slice(3, -3)).not.toContain('%%%');
        expect(event.text).not.toMatch(/@(?!\u2060)/);
        expect(event.text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
        expect(event.text.isWellFormed()).toBe(true);
        for (const it of event.tags ?? []) expect(it).toMatch(/^[a-z][a-z0-9_:./-]{0,199}(?<!:)$/);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['`', '@', '%', '😀', 'x'])('fits when everything is as long as it can be: %s', (character) => {
    const longest = character.repeat(3000);
    const pack = { name: untrusted(longest), version: untrusted(longest), fixedIn: untrusted(longest) };
    const shown = Array.from({ length: 5 }, () =>
      aShownFinding({ id: untrusted(longest), exploitKnown: true, packages: Array(50).fill(pack) }),
    );
    const repository = { ...anImage().repository, name: 'r'.repeat(256) };
    const conflict = aTagEvidence('t'.repeat(128), { commit: 'a'.repeat(40) });
    const subject = aSubject({
      image: anImage({ repository }),
      provenance: aProvenance(conflict, ...Array(50).fill(conflict)),
    });
    const references = Array(50).fill('t'.repeat(128));
    const platforms = (['pending', 'unscannable', 'gone'] as const).flatMap((state) =>
      Array(20).fill({ digest: anImage().digest, platform: 'p'.repeat(98), state, status: longest }),
    );
    const found = aFound({ shown, newCount: 999_999 });
    const unscannable = { status: longest, description: untrusted(longest) };
    const notice = aNotice({ subject, references, platforms, found });
    for (const it of [notice, { ...notScanned, subject, references, platforms, unscannable }]) {
      const event = noticeEvent(it, NOW);
      expect(event.title.length).toBeLessThanOrEqual(100);
      expect(event.text.length).toBeLessThanOrEqual(4000);
      expect(event.text).toMatch(/^%%% \n[\s\S]*\[open in ECR\]\(\S+\)\n[\s\S]*\n %%%$/);
    }
  });

  test('cannot leave its code span: outside of code, and the one link, only our own words remain', () => {
    fc.assert(
      fc.property(notices, (notice) => {
        const outside = withoutCode(noticeEvent(notice, NOW).text).replace(
          /\[open in ECR\]\(https:\S+\)/,
          '',
        );
        expect(outside).toMatch(/^[\w\s%*.,:;()·→…-]*$/);
      }),
      { numRuns: 500 },
    );
  });
});

/** Markdown without its code spans: a run of backticks up to the next run of the same length. */
function withoutCode(markdown: string): string {
  return markdown.replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
}
