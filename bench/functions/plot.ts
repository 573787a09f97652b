import { type Spread, spread } from './figure.ts';
import { ALERT_PATH, FLOOR, OBVIOUS } from './programs.ts';
import { round } from './report.ts';
import { figureOf, type Results } from './results.ts';

interface Panel {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly value: Spread }[];
}

const PANELS = [
  { title: 'Cold start: load and first event, ms', sample: 'cold', value: 'coldMs' },
  { title: 'The same at the CPU share of 256 MB, ms', sample: 'cold at 256 MB', value: 'coldMs' },
  { title: 'Peak memory, MiB', sample: 'cold', value: 'peakMiB' },
] as const;

const WIDTH = 720;
const LABELS = 150;
const BAR = 16;
const GAP = 6;
const FONT = 'font-family="system-ui, sans-serif"';

/** Bars beside each other, one panel below the next; what was not measured is not drawn. */
export function plot(results: Results): string {
  const panels = PANELS.flatMap(({ title, sample, value }) => {
    const bars = [FLOOR, ...ALERT_PATH, OBVIOUS].flatMap((name) => {
      const figure = figureOf(results, sample, name, value);
      return figure ? [{ name, value: spread(figure) }] : [];
    });
    return bars.length > 0 ? [{ title, bars }] : [];
  });
  let top = 8;
  const drawn = panels.map((panel) => {
    const text = draw(panel, top);
    top += heightOf(panel);
    return text;
  });
  const { node, at, rounds } = results;
  const under = `<text x="8" y="${top + 14}" font-size="11" opacity="0.7">Medians of ${rounds} rounds, Node ${node}, ${at.slice(0, 10)}; the thin line is from the least to the most.</text>`;
  const height = top + 26;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="What a cold start costs beside a floor and an obvious build" ${FONT}>
<style>:root{color:#1f2328}text{fill:currentColor}@media(prefers-color-scheme:dark){:root{color:#e6edf3}}</style>
${drawn.join('\n')}
${under}
</svg>
`;
}

function heightOf({ bars }: Panel): number {
  return 30 + bars.length * (BAR + GAP) + 10;
}

function draw({ title, bars }: Panel, top: number): string {
  const most = Math.max(...bars.map(({ value }) => value.most));
  const scale = (WIDTH - LABELS - 70) / most;
  const rows = bars.map(({ name, value }, nth) => {
    const y = top + 30 + nth * (BAR + GAP);
    const [length, from, to] = [value.median, value.least, value.most].map((it) => it * scale) as [
      number,
      number,
      number,
    ];
    const middle = y + BAR / 2;
    const end = LABELS + Math.max(length, to) + 6;
    return [
      `<text x="${LABELS - 8}" y="${middle + 4}" font-size="12" text-anchor="end">${name}</text>`,
      `<rect x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2" fill="${colorOf(name)}"/>`,
      `<path d="M${(LABELS + from).toFixed(1)} ${middle}H${(LABELS + to).toFixed(1)}" stroke="currentColor"/>`,
      `<text x="${end.toFixed(1)}" y="${middle + 4}" font-size="12">${round(value.median)}</text>`,
    ].join('');
  });
  return `<text x="8" y="${top + 18}" font-size="13" font-weight="600">${title}</text>\n${rows.join('\n')}`;
}

function colorOf(name: string): string {
  if (name === FLOOR) return '#8b949e';
  return name === OBVIOUS ? '#cf6a4c' : '#2f81f7';
}
