import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { raw, safeText, type Untrusted, untrusted } from '../../../lib/image/untrusted.ts';

const safe = (text: string, maxCharacters?: number) => safeText(untrusted(text), maxCharacters);

/** What a person cannot see, by the Unicode properties of it and not by our list. */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u;

describe('untrusted, to the compiler', () => {
  // `tsc` fails when one of these lines compiles: an unused @ts-expect-error is an error. None of them is run.
  test('is not a string', () => {
    const found = 'found ';
    const wrong: ((text: Untrusted) => unknown)[] = [
      // @ts-expect-error assigning it to a string
      (text): string => text,
      // @ts-expect-error a template
      (text) => `found ${text}`,
      // @ts-expect-error JSON by template
      (text) => `{"id": "${text}"}`,
      // @ts-expect-error concatenation
      (text) => found + text,
      // @ts-expect-error concatenation, the other way round
      (text) => text + found,
      // @ts-expect-error a method of strings
      (text) => text.toUpperCase(),
      // @ts-expect-error an argument that wants a string
      (text) => encodeURIComponent(text),
    ];
    expect(wrong.every((it) => typeof it === 'function')).toBe(true);
  });

  test('and a string is not untrusted by itself', () => {
    // @ts-expect-error only `untrusted` makes one
    const text: Untrusted = 'from outside';
    expect(typeof text).toBe('string');
  });
});

test('raw gives back what went in', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => raw(untrusted(text)) === text));
});

describe('safeText', () => {
  test.each([
    ['C0: newline', '\n'],
    ['C0: carriage return', '\r'],
    ['C0: tab', '\t'],
    ['C0: null', '\u0000'],
    ['C0: escape', '\u001b'],
    ['DEL', '\u007f'],
    ['C1: CSI', '\u009b'],
    ['C1: next line', '\u0085'],
    ['line separator', '\u2028'],
    ['paragraph separator', '\u2029'],
    ['bidi: right-to-left override', '\u202e'],
    ['bidi: isolate', '\u2066'],
    ['bidi: mark', '\u200f'],
    ['bidi: Arabic letter mark', '\u061c'],
    ['zero width space', '\u200b'],
    ['zero width joiner', '\u200d'],
    ['word joiner', '\u2060'],
    ['byte order mark', '\ufeff'],
    ['soft hyphen', '\u00ad'],
    ['Hangul filler', '\u3164'],
    ['variation selector', '\ufe01'],
    ['variation selector supplement', '\u{e0100}'],
    ['tag block', '\u{e0041}'],
    ['interlinear annotation', '\ufff9'],
    ['lone high surrogate', '\ud800'],
    ['lone low surrogate', '\udfff'],
  ])('shows %s as U+FFFD', (_, character) => {
    expect(safe(`a${character}b`)).toBe('a\ufffdb');
  });

  test.each([
    'openssl 3.0.2',
    'naïve – façade',
    '漏洞',
    'уязвимость',
    'ثغرة',
    '🐳',
    'e\u0301',
    '<!channel> *b* `c`',
  ])('leaves %s alone', (text) => {
    expect(safe(text)).toBe(text);
  });

  test('leaves as many marks on a letter as languages stack, and no tower', () => {
    const marks = '\u0302\u0323\u0304\u0331\u0306\u0330';
    expect(safe(`a${marks}b`)).toBe(`a${marks}b`);
    expect(safe(`a${marks}\u0336\u0336b${marks}`)).toBe(`a${marks}\ufffdb${marks}`);
  });

  test('cuts by code points and says that it did', () => {
    expect(safe('🐳🐳🐳🐳', 4)).toBe('🐳🐳🐳🐳');
    expect(safe('🐳🐳🐳🐳', 3)).toBe('🐳🐳…');
    expect(safe('abc', 1)).toBe('…');
    expect([...safe('x'.repeat(300))]).toHaveLength(200);
  });

  test('is one line of visible characters, never longer than asked, and stays what it is', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 50 }), (it, max) => {
        const printed = safe(it, max);
        expect(printed).not.toMatch(UNSEEN);
        expect([...printed].length).toBeLessThanOrEqual(max);
        expect(safe(printed, max)).toBe(printed);
      }),
      { numRuns: 2000 },
    );
  });

  test('knows every character that cannot be seen', () => {
    const kept: string[] = [];
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const character = String.fromCodePoint(point);
      if (UNSEEN.test(character) && safe(character) !== '\ufffd') kept.push(`U+${point.toString(16)}`);
    }
    expect(kept).toEqual([]);
  });
});
