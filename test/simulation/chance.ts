/** Chance that can be repeated: the same seed gives the same numbers. */
export interface Chance {
  /** At least 0 and less than 1. */
  readonly next: () => number;
  /** True as often as the rate says, 0 never. */
  readonly hits: (rate: number) => boolean;
  /** A whole number, at least `from` and less than `to`. */
  readonly between: (from: number, to: number) => number;
}

/** Mulberry32: 32 bits of state are enough for a million draws, and it is fast. */
export function chance(seed: number): Chance {
  let state = Math.imul(seed, 0x9e3779b9) >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  return {
    next,
    hits: (rate) => rate > 0 && next() < rate,
    between: (from, to) => from + Math.floor(next() * (to - from)),
  };
}
