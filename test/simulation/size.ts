import { isFull } from './report/row.ts';

/** `SEED=7` runs that one alone. */
export const SEEDS: readonly number[] = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: isFull ? 10 : 2 }, (_, index) => index + 1);

/** Scans of one seed; `SCANS=100000` for another number of them. */
export const SCANS = Number(process.env.SCANS ?? (isFull ? 5_000 : 300));
