import type { Instant } from '../../instant.ts';

/** When it is, and how times are said. */
export interface Clock {
  readonly now: Date;
  readonly say: (instant: Instant) => string;
}
