import type { KnownBlock } from '@slack/types';
import { type Paragraph, paragraphsOf, plainLine, type Run } from './paragraphs.ts';
import { THEME } from './theme.ts';
import { type Measure, wrap } from './wrap.ts';
import { xmlText } from './xml.ts';

/** In pixels. */
const WIDTH = 820;
const LEFT = 72;
const RIGHT = 24;
const INDENT = 20;
const FIRST_BASELINE = 34;
const BETWEEN_BLOCKS = 9;
const BELOW = 20;

interface Look {
  readonly sizePx: number;
  readonly lineHeightPx: number;
  readonly isBold?: boolean;
}

const LOOKS: Readonly<Record<Paragraph['kind'], Look>> = {
  header: { sizePx: 18, lineHeightPx: 27, isBold: true },
  text: { sizePx: 15, lineHeightPx: 22 },
  bullet: { sizePx: 15, lineHeightPx: 22 },
  small: { sizePx: 12.5, lineHeightPx: 18 },
};

/** What a line of a paragraph may hold. */
export function measureOf(kind: Paragraph['kind']): Measure {
  const { sizePx, isBold = false } = LOOKS[kind];
  return { widthPx: WIDTH - LEFT - RIGHT - (kind === 'bullet' ? INDENT : 0), sizePx, isBold };
}

/**
 * Draws a message as a picture: SVG with its text as text, light and dark, without scripts, links, fonts or requests.
 * The same message is the same picture. Throws RangeError as `paragraphsOf` does.
 */
export function slackPicture(blocks: readonly KnownBlock[]): string {
  const drawn: string[] = [sender()];
  let y = FIRST_BASELINE;
  const paragraphs = blocks.map(paragraphsOf);
  for (const block of paragraphs) {
    y += BETWEEN_BLOCKS;
    for (const paragraph of block) {
      const lines = linesOf(paragraph, y);
      drawn.push(...lines);
      y += lines.length * LOOKS[paragraph.kind].lineHeightPx;
    }
  }
  const height = Math.ceil(y + BELOW);
  const [title = 'an empty message', ...rest] = paragraphs.flat().map(plainLine);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${xmlText(title)}</title>`,
    `<desc id="desc">${xmlText(rest.join('\n'))}</desc>`,
    `<style>${THEME}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** Who speaks: an app, under a shield. */
function sender(): string {
  return [
    '<rect class="face" x="20" y="20" width="36" height="36" rx="8"/>',
    '<path class="mark" d="M38 27l9 3.4v6.2c0 5.6-3.7 9.6-9 12-5.3-2.4-9-6.4-9-12v-6.2z"/>',
    '<path class="face" d="M36.7 43.4l-4.300-4.300 1.900-1.900 2.400 2.400 5.200-5.200 1.900 1.900z"/>',
    `<text class="text" x="${LEFT}" y="${FIRST_BASELINE}"><tspan class="bold">scan-response</tspan><tspan class="small" dx="8">APP</tspan></text>`,
  ].join('\n');
}

function linesOf({ kind, runs }: Paragraph, top: number): readonly string[] {
  const { lineHeightPx } = LOOKS[kind];
  const className = kind === 'bullet' ? 'text' : kind;
  return wrap(runs, measureOf(kind)).map((line, nth) => {
    const y = top + (nth + 1) * lineHeightPx;
    const bullet =
      kind === 'bullet' && nth === 0 ? `<text class="text" x="${LEFT + 4}" y="${y}">•</text>` : '';
    const x = kind === 'bullet' ? LEFT + INDENT : LEFT;
    return `${bullet}<text class="${className}" x="${x}" y="${y}">${line.map(span).join('')}</text>`;
  });
}

function span({ text, style }: Run): string {
  return style === 'plain' ? xmlText(text) : `<tspan class="${style}">${xmlText(text)}</tspan>`;
}
