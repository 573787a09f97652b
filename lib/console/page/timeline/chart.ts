import type { Instant } from '../../../instant.ts';
import { fill, h, svg } from '../dom.ts';
import { aheadMs, zones } from '../times.ts';
import { description, drawn, rowsOf, type Scene } from './draw.ts';
import { moved, type Scale, ticksOf, xAt } from './scale.ts';

type Part = Pick<Scale, 'fromMs' | 'toMs'>;

interface Chart {
  readonly frame: HTMLElement;
  readonly drawing: SVGElement;
  /** Where the part of time is that the list beneath shows. */
  readonly band: SVGElement;
  readonly shapes: SVGElement;
  readonly axis: HTMLElement;
  readonly nowMs: number;
  part: Part;
  marked: Part;
  scene?: Scene;
}

const DAY = 86_400_000;
const NARROWEST = 200;

/**
 * The drawing with its axis and the buttons that change the part of time. `onPick` is told of a click on a stay.
 * `mark` is cheap, for every frame of scrolling.
 */
export function chart(nowMs: number, onPick: (nth: number) => void) {
  const chart = emptyChart(nowMs);
  const { frame, drawing } = chart;
  frame.addEventListener('keydown', (event) => {
    const change =
      event.target === frame && !event.ctrlKey && !event.metaKey && !event.altKey && KEYS[event.key];
    if (!change) return;
    event.preventDefault();
    look(chart, moved(chart.part, change));
  });
  drawing.addEventListener('click', ({ target }) => {
    const first = target instanceof Element && target.closest<SVGElement>('[data-first]')?.dataset.first;
    if (first) onPick(Number(first));
  });
  new ResizeObserver(() => draw(chart)).observe(frame);
  return {
    element: h('div', { class: 'timeline-chart' }, presets(chart), frame, legend()),
    show(scene: Scene) {
      chart.scene = scene;
      draw(chart);
    },
    mark(marked: Part) {
      chart.marked = marked;
      placeBand(chart);
    },
    look: (part: Part) => look(chart, part),
  };
}

function emptyChart(nowMs: number): Chart {
  const [band, shapes] = [svg('rect', { class: 'band', y: 0 }), svg('g')];
  const drawing = svg('svg', { class: 'chart', role: 'img', 'aria-label': 'Time line' }, band, shapes);
  const axis = h('div', { class: 'axis', 'aria-hidden': 'true' });
  const words = { 'aria-label': 'Time line: arrows move it, plus and minus zoom' };
  const frame = h('div', { class: 'chart-frame', role: 'group', tabindex: 0, ...words }, drawing, axis);
  const part = { fromMs: nowMs - 7 * DAY, toMs: nowMs };
  return { frame, drawing, band, shapes, axis, nowMs, part, marked: { fromMs: nowMs, toMs: nowMs } };
}

const KEYS: Readonly<Record<string, { readonly by?: number; readonly times?: number }>> = {
  ArrowLeft: { by: -0.2 },
  ArrowRight: { by: 0.2 },
  '+': { times: 0.5 },
  '-': { times: 2 },
};

function look(chart: Chart, part: Part): void {
  chart.part = part;
  draw(chart);
}

function scaleOf({ part, frame }: Chart): Scale {
  return { ...part, width: Math.max(frame.clientWidth, NARROWEST) };
}

function draw(chart: Chart): void {
  const { scene, drawing, band, shapes, axis, part } = chart;
  if (!scene) return;
  const scale = scaleOf(chart);
  const { height } = rowsOf(scene.lanes.length);
  drawing.setAttribute('width', String(scale.width));
  drawing.setAttribute('height', String(height));
  drawing.setAttribute('aria-label', description(scene, part));
  band.setAttribute('height', String(height));
  fill(shapes, ...drawn(scene, scale));
  fill(axis, ...ticksOf(scale, aheadMs(part.toMs)).map((ms) => tick(ms, xAt(scale, ms))));
  placeBand(chart);
}

function placeBand(chart: Chart): void {
  const scale = scaleOf(chart);
  const x = xAt(scale, chart.marked.fromMs);
  chart.band.setAttribute('x', String(x));
  chart.band.setAttribute('width', String(Math.max(xAt(scale, chart.marked.toMs) - x, 2)));
}

function tick(ms: number, x: number): HTMLElement {
  const utc = new Date(ms).toISOString();
  const local = zones(utc as Instant);
  const element = h(
    'span',
    { class: 'tick' },
    h('b', {}, local.slice(5, 16)),
    h('i', {}, `${utc.slice(11, 16)}Z`),
  );
  element.style.left = `${x}px`;
  return element;
}

function presets(chart: Chart): HTMLElement {
  const button = (words: string, onclick: () => void, label?: string) =>
    h('button', { type: 'button', onclick, 'aria-label': label }, words);
  const last = (days: number) => () => look(chart, { fromMs: chart.nowMs - days * DAY, toMs: chart.nowMs });
  const all = () =>
    look(chart, { fromMs: (chart.scene?.stays.at(-1)?.fromMs ?? 0) - DAY / 24, toMs: chart.nowMs });
  const by = (key: string) => () => look(chart, moved(chart.part, KEYS[key] ?? {}));
  return h(
    'div',
    { class: 'presets', role: 'group', 'aria-label': 'Part of time' },
    h(
      'span',
      {},
      button('24 h', last(1)),
      button('7 d', last(7)),
      button('30 d', last(30)),
      button('All loaded', all),
    ),
    h('span', {}, button('←', by('ArrowLeft'), 'Earlier'), button('→', by('ArrowRight'), 'Later')),
    h('span', {}, button('−', by('-'), 'More time'), button('+', by('+'), 'Less time')),
  );
}

function legend(): HTMLElement {
  const meanings = {
    ...{ verified: 'commit verified', claimed: 'claimed', tag: 'read from a tag', unknown: 'unknown' },
    ...{ conflict: 'conflict, or same second', gap: 'not known for certain', run: 'ran in a service' },
  };
  const items = Object.entries(meanings).map(([style, words]) =>
    h('li', {}, h('span', { class: `key ${style}` }), words),
  );
  return h('ul', { class: 'legend', 'aria-label': 'What the drawing means' }, items);
}
