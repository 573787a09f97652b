import type { Life } from '../../../lookup/life.ts';
import { svg } from '../dom.ts';
import { BARRED, barClass, barHeight } from '../severity.ts';
import { short, strengthOf } from '../words.ts';
import type { Lane } from './deployments.ts';
import type { Gap } from './gaps.ts';
import { type Block, blocksOf, type Scale, xAt } from './scale.ts';
import type { Stay } from './stays.ts';

/** All that a time line shows. */
export interface Scene {
  readonly stays: readonly Stay[];
  readonly lives: ReadonlyMap<string, Life>;
  readonly lanes: readonly Lane[];
  readonly gaps: readonly Gap[];
  readonly chosen: ReadonlySet<string>;
  /** What happened before is not known here. */
  readonly beginsMs: number;
}

const LANE = 26;
const STAY = 34;
const BARS = 40;
const SPACE = 8;
/** A character of the labels, at most. */
const LETTER = 7.2;

/** How high the drawing is, and where its parts are. */
export function rowsOf(lanes: number): {
  readonly stays: number;
  readonly bars: number;
  readonly height: number;
} {
  const stays = lanes * LANE + SPACE;
  const bars = stays + STAY + SPACE;
  return { stays, bars, height: bars + BARS };
}

/** The drawing: deployments above, the images of the tag, and what their scans count. */
export function drawn(scene: Scene, scale: Scale): readonly SVGElement[] {
  const rows = rowsOf(scene.lanes.length);
  const blocks = blocksOf(scene.stays, scale);
  return [
    hatching(),
    ...scene.lanes.flatMap((lane, nth) => laneShapes(lane, nth, scale)),
    ...blocks.map((block) => blockShape(block, scene, rows.stays)),
    ...blocks.flatMap((block) => barShapes(block, scene, rows.bars)),
    svg('line', { class: 'ground', x1: 0, x2: scale.width, y1: rows.height - 0.5, y2: rows.height - 0.5 }),
    ...gapShapes(scene, scale, rows),
  ];
}

function hatching(): SVGElement {
  const line = svg('path', { d: 'M-2 10 L10 -2 M4 12 L12 4 M-2 4 L4 -2' });
  const size = { width: 8, height: 8, patternUnits: 'userSpaceOnUse' };
  return svg('defs', {}, svg('pattern', { id: 'hatch', ...size }, line));
}

function laneShapes({ name, bars }: Lane, nth: number, scale: Scale): readonly SVGElement[] {
  const y = nth * LANE + 15;
  const shapes = bars
    .filter(({ fromMs, toMs }) => toMs >= scale.fromMs && fromMs <= scale.toMs)
    .map(({ fromMs, toMs, isOpen, tasks }) => {
      const x = xAt(scale, fromMs);
      const width = Math.max(xAt(scale, toMs) - x, 3);
      const words = isOpen ? 'no end was told' : tasks > 0 ? `${tasks} tasks now` : 'ended';
      const style = isOpen ? 'run open' : 'run';
      return svg(
        'rect',
        { class: style, x, y, width, height: 9, rx: 2 },
        svg('title', {}, `${name}: ${words}`),
      );
    });
  return shapes.length > 0 ? [...shapes, svg('text', { class: 'lane', x: 2, y: y - 3 }, name)] : [];
}

function blockShape({ x, width, first, last }: Block, { stays, chosen }: Scene, y: number): SVGElement {
  const stay = stays[first] as Stay;
  const { digest, provenance } = stay.entry;
  const isOne = first === last;
  const isChosen = stays.slice(first, last + 1).some(({ key }) => chosen.has(key));
  const commit = provenance ? short(provenance.best.commit) : digest ? short(digest) : '';
  const label = isOne ? commit : `${last - first + 1} moves`;
  const shown = Math.max(width - 1, 1.5);
  const size = { x, y, width: shown, height: STAY, rx: Math.min(3, shown / 2) };
  return svg(
    'g',
    { class: `block ${styleOf(stay, isOne)}${isChosen ? ' chosen' : ''}`, 'data-first': first },
    svg('rect', size, svg('title', {}, isOne && !digest ? 'deleted' : label)),
    shown > label.length * LETTER + 8 && svg('text', { x: x + 6, y: y + 21 }, label),
    isOne && isInConflict(stay) && svg('path', { class: 'conflict', d: flag(x, y, shown) }),
  );
}

/** By how well the commit is known; images of one tag that follow each other have two shades in turn. */
function styleOf({ entry: { digest, provenance } }: Stay, isOne: boolean): string {
  if (!isOne) return 'many';
  if (!digest) return 'deleted';
  return `${provenance ? strengthOf(provenance.best.tier) : 'unknown'} shade-${Number.parseInt(digest.slice(7, 9), 16) % 2}`;
}

function isInConflict({ entry: { provenance }, isTied }: Stay): boolean {
  return isTied || (provenance?.conflicts.length ?? 0) > 0;
}

/** A corner that is folded down. */
function flag(x: number, y: number, width: number): string {
  const size = Math.min(12, Math.max(width, 4));
  return `M${x + width - size} ${y} h${size} v${size} z`;
}

function barShapes(
  { x, width, first, last }: Block,
  { stays, lives }: Scene,
  y: number,
): readonly SVGElement[] {
  const digest = stays[first]?.entry.digest;
  const life = digest && lives.get(digest);
  if (first !== last || !life || width < 6) return [];
  const { scan } = life;
  if (!scan)
    return [
      svg('rect', {
        class: 'unscanned',
        x: x + 1,
        y: y + BARS - 12,
        width: Math.min(width - 2, 20),
        height: 11,
      }),
    ];
  const each = Math.min(6, (width - 2) / BARRED.length);
  return BARRED.map((severity, nth) => {
    const height = Math.max(barHeight(scan.counts[severity]) * BARS, 1.5);
    const style = barClass(severity, scan.counts);
    return svg('rect', {
      class: style,
      x: x + 1 + nth * each,
      y: y + BARS - height,
      width: Math.max(each - 1, 1),
      height,
    });
  });
}

function gapShapes(
  { gaps, beginsMs }: Scene,
  scale: Scale,
  rows: ReturnType<typeof rowsOf>,
): readonly SVGElement[] {
  const shape = (fromMs: number, toMs: number, why: string) => {
    const x = xAt(scale, fromMs);
    const size = { x, y: rows.stays - 4, width: Math.max(xAt(scale, toMs) - x, 0), height: STAY + 8 };
    return svg('rect', { class: 'gap', fill: 'url(#hatch)', ...size }, svg('title', {}, why));
  };
  const before =
    beginsMs > scale.fromMs
      ? [shape(scale.fromMs, beginsMs, 'nothing is known here of the time before')]
      : [];
  return [
    ...before,
    ...gaps
      .filter((it) => it.toMs > scale.fromMs && it.fromMs < scale.toMs)
      .map((it) => shape(it.fromMs, it.toMs, it.why)),
  ];
}

/** The drawing in a sentence. */
export function description(
  { stays, gaps }: Scene,
  { fromMs, toMs }: Pick<Scale, 'fromMs' | 'toMs'>,
): string {
  const seen = stays.filter((it) => (it.toMs ?? toMs) >= fromMs && it.fromMs <= toMs).length;
  const doubts = gaps.length > 0 ? `; ${gaps.length} times of which not everything is known` : '';
  return `Time line: ${seen} of ${stays.length} stays of the tag${doubts}. The list below has the same.`;
}
