/**
 * How wide the printable characters of ASCII are, from the space on, in thousandths of the font's size. Helvetica's;
 * source: Adobe's "Core 14 AFM files", Helvetica.afm.
 */
const ASCII: readonly number[] = [
  ...[278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278],
  ...[556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556],
  ...[1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778],
  ...[667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556],
  ...[333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556],
  ...[556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584],
];
const FIRST = 32;

/** Scripts of Latin's width; all others are taken for as wide as they are high. */
const NARROW = /[\u00a0-\u052f\u2010-\u2027\u2030-\u205e]/u;
const DRAWN_OVER = /\p{M}/u;

/** The reader's font may be wider than the one that was measured: a line ends early sooner than too late. */
const WIDEST_FONT = 1.1;
const BOLD = 1.08;

/** How wide a text is at most, in pixels. */
export function widthOf(text: string, sizePx: number, isBold: boolean): number {
  let thousandths = 0;
  for (const character of text) thousandths += widthOfOne(character);
  return (thousandths / 1000) * sizePx * WIDEST_FONT * (isBold ? BOLD : 1);
}

function widthOfOne(character: string): number {
  const known = ASCII[(character.codePointAt(0) ?? 0) - FIRST];
  if (known !== undefined) return known;
  if (DRAWN_OVER.test(character)) return 0;
  return NARROW.test(character) ? 600 : 1000;
}
