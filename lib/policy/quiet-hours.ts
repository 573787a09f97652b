import { changeBetween, type WallMs, wallAt } from '../wall-clock.ts';
import { type Day, dayOf, MINUTE_MS, midnightBefore, minutesOf } from './day.ts';

/** When people are not to be told what can wait. */
export interface QuietHours {
  /** Every day from then until `to`, as a clock on the wall shows it: `22:00`. Both, or neither. */
  readonly from?: string;
  /** The first minute that is not quiet any more; when it is not after `from`, that of the next day. */
  readonly to?: string;
  /** Days that are quiet from midnight to midnight, as the weekend. */
  readonly allDay?: readonly Day[];
  /** The time zone of that clock: `Asia/Tokyo`. */
  readonly zone: string;
}

/**
 * The first instant at or after this one (epoch milliseconds) that is not quiet.
 *
 * It is quiet whenever a clock on the wall there shows a time from `from` until before `to`, or a day of `allDay`. So a
 * time that the clocks leave out is nobody's, and an hour that they show twice is quiet twice. Undefined where it
 * never ends: `policy check` refuses that.
 */
export function endOfQuiet(quiet: QuietHours, fromMs: number): number | undefined {
  let ms = fromMs;
  // Each step goes to the next midnight, `to` or change of the clocks: a week has 14 of them, and one or two changes.
  for (let step = 0; step < 20; step += 1) {
    const wall = wallAt(ms, quiet.zone);
    if (!isQuietAt(quiet, wall)) return ms;
    const straight = ms + (nextEdge(quiet, wall) - wall);
    ms = changeBetween(ms, straight, quiet.zone) ?? straight;
  }
  return undefined;
}

function isQuietAt({ from, to, allDay = [] }: QuietHours, wall: WallMs): boolean {
  if (allDay.includes(dayOf(wall))) return true;
  if (from === undefined || to === undefined) return false;
  const minute = (wall - midnightBefore(wall)) / MINUTE_MS;
  const [first, end] = [minutesOf(from), minutesOf(to)];
  return first < end ? minute >= first && minute < end : minute >= first || minute < end;
}

/** When quiet hours may end next on that day, or the day itself does. */
function nextEdge({ to }: QuietHours, wall: WallMs): WallMs {
  const midnight = midnightBefore(wall);
  const end = midnight + (to === undefined ? 0 : minutesOf(to) * MINUTE_MS);
  return end > wall ? end : midnight + 24 * 60 * MINUTE_MS;
}
