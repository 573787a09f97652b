import type { Stay } from './stays.ts';

/** A part of time, drawn over so many pixels. */
export interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  readonly width: number;
}

/** One stay, or several that are too short to be told apart: `first` is the newest of them. */
export interface Block {
  readonly x: number;
  readonly width: number;
  readonly first: number;
  readonly last: number;
}

const NARROWEST = 4;
/** Stays too short for a block of their own share one that is no wider than this: it still says when it was busy. */
const WIDEST_SHARED = 12;

/** Where an instant is; outside of the part of time, at its edge. */
export function xAt({ fromMs, toMs, width }: Scale, ms: number): number {
  return (Math.min(Math.max((ms - fromMs) / (toMs - fromMs), 0), 1) || 0) * width;
}

/** The blocks from right to left. However many stays there are, no more than fit side by side. */
export function blocksOf(stays: readonly Stay[], scale: Scale): readonly Block[] {
  const blocks: Block[] = [];
  for (const [nth, { fromMs, toMs = scale.toMs }] of stays.entries()) {
    if (toMs < scale.fromMs || fromMs > scale.toMs) continue;
    const [x, end] = [xAt(scale, fromMs), xAt(scale, toMs)];
    const last = blocks.at(-1);
    const isNarrow = end - x < NARROWEST;
    if (last && isNarrow && isShared(last, stays, scale) && last.x + last.width - x <= WIDEST_SHARED)
      blocks[blocks.length - 1] = { ...last, x, width: last.x + last.width - x, last: nth };
    else blocks.push({ x, width: end - x, first: nth, last: nth });
  }
  return blocks;
}

function isShared({ first, last }: Block, stays: readonly Stay[], scale: Scale): boolean {
  const { fromMs = 0, toMs = scale.toMs } = stays[first] ?? {};
  return first !== last || xAt(scale, toMs) - xAt(scale, fromMs) < NARROWEST;
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const STEPS = [
  ...[MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
  ...[DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 180 * DAY, 365 * DAY, 1825 * DAY],
];
const BETWEEN_TICKS = 110;
/** The words of a tick stand to its right. */
const WORDS = 90;

/**
 * Round instants for an axis, from left to right, as many as have room for their words. `aheadMs` is what the clock of
 * the reader is ahead of UTC: a day begins at their midnight.
 */
export function ticksOf({ fromMs, toMs, width }: Scale, aheadMs = 0): readonly number[] {
  const most = Math.max(2, Math.floor(width / BETWEEN_TICKS));
  const step = STEPS.find((it) => (toMs - fromMs) / it <= most) ?? (STEPS.at(-1) as number);
  const first = Math.ceil((fromMs + aheadMs) / step) * step - aheadMs;
  const lastMs = toMs - ((toMs - fromMs) * WORDS) / width;
  const ticks = Array.from(
    { length: Math.max(0, Math.floor((lastMs - first) / step) + 1) },
    (_, nth) => first + nth * step,
  );
  return ticks.slice(0, most);
}

/** A part of time that is moved by a share of itself, or made as many times as long around its middle. */
export function moved(
  { fromMs, toMs }: Pick<Scale, 'fromMs' | 'toMs'>,
  { by = 0, times = 1 }: { readonly by?: number; readonly times?: number },
): Pick<Scale, 'fromMs' | 'toMs'> {
  const half = Math.max(((toMs - fromMs) * times) / 2, MINUTE);
  const middle = (fromMs + toMs) / 2 + by * (toMs - fromMs);
  return { fromMs: middle - half, toMs: middle + half };
}
