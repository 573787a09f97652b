import { describe, expect, test } from 'vitest';
import type { Run } from '../../../lib/picture/paragraphs.ts';
import { widthOf } from '../../../lib/picture/width.ts';
import { lineWidth, wrap } from '../../../lib/picture/wrap.ts';

const plain = (text: string): Run => ({ text, style: 'plain' });
const texts = (lines: readonly (readonly Run[])[]) =>
  lines.map((line) => line.map(({ text }) => text).join(''));
const measure = (widthPx: number) => ({ widthPx, sizePx: 10 });

test('a width grows with the text, its size and its weight; what is drawn over a letter takes none', () => {
  expect(widthOf('iiii', 10, false)).toBeLessThan(widthOf('mmmm', 10, false));
  expect(widthOf('m', 20, false)).toBeCloseTo(2 * widthOf('m', 10, false));
  expect(widthOf('m', 10, true)).toBeGreaterThan(widthOf('m', 10, false));
  expect(widthOf('e\u0301', 10, false)).toBe(widthOf('e', 10, false));
  expect(widthOf('漢', 10, false)).toBeGreaterThan(widthOf('é', 10, false));
  expect(widthOf('💥', 10, false)).toBe(widthOf('漢', 10, false));
});

describe('breaking lines', () => {
  test('what fits is one line, with neighbours of one style as one run', () => {
    expect(wrap([plain('a '), plain('b'), { text: 'c', style: 'bold' }], measure(100))).toEqual([
      [plain('a b'), { text: 'c', style: 'bold' }],
    ]);
  });

  test('at spaces, which begin no line', () => {
    expect(texts(wrap([plain('one two three four')], measure(45)))).toEqual(['one two ', 'three ', 'four']);
    expect(texts(wrap([plain('word'), plain(' next')], measure(26)))).toEqual(['word', 'next']);
  });

  test('a word that is too wide anywhere, between whole characters', () => {
    const lines = texts(wrap([plain(`a ${'💥'.repeat(7)}`)], measure(36)));
    expect(lines.join('')).toBe(`a ${'💥'.repeat(7)}`);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every((line) => line.isWellFormed())).toBe(true);
  });

  test('no line is wider than it may be, and nothing is lost', () => {
    const words = Array.from({ length: 60 }, (_, n) => `${'w'.repeat(n % 13)} ${'i'.repeat(n % 7)}`).join(
      ' ',
    );
    for (const widthPx of [30, 57, 200]) {
      const lines = wrap([plain(words), { text: words, style: 'bold' }], measure(widthPx));
      expect(lines.every((line) => lineWidth(line, measure(widthPx)) <= widthPx)).toBe(true);
      expect(texts(lines).join('').replaceAll(' ', '')).toBe(`${words}${words}`.replaceAll(' ', ''));
    }
  });
});
