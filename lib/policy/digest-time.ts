import { gapAt, readingsOf, type WallMs, wallAt } from '../wall-clock.ts';
import { DAYS, type Day, dayOf, MINUTE_MS, midnightBefore, minutesOf } from './day.ts';

/** When people are told at once what has gathered. */
export interface DigestTime {
  /** As a clock on the wall shows it: `09:00`. */
  readonly at: string;
  /** The days that have one; absent: all. */
  readonly days?: readonly Day[];
  /** The time zone of that clock: `Europe/Berlin`. */
  readonly zone: string;
}

/**
 * The first digest at or after an instant, in epoch milliseconds. Each of its days has one: at a time that the clocks
 * leave out it comes as soon as they have gone forward, and where they show the time twice, at the first of the two.
 */
export function nextDigest({ at, days = DAYS, zone }: DigestTime, fromMs: number): number | undefined {
  const today = midnightBefore(wallAt(fromMs, zone));
  for (let day = 0; day <= DAYS.length; day += 1) {
    const wall = today + day * 24 * 60 * MINUTE_MS + minutesOf(at) * MINUTE_MS;
    const ms = firstReading(wall, zone);
    if (days.includes(dayOf(wall)) && ms >= fromMs) return ms;
  }
  return undefined;
}

function firstReading(wall: WallMs, zone: string): number {
  return readingsOf(wall, zone)[0]?.epochMs ?? gapAt(wall, zone).epochMs;
}
