import type { WallMs } from '../wall-clock.ts';

/** In the order of `Date`. */
export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Day = (typeof DAYS)[number];

export const MINUTE_MS = 60_000;

/** The day of the week that a clock on the wall shows. */
export function dayOf(wall: WallMs): Day {
  return DAYS[new Date(wall).getUTCDay()] as Day;
}

/** The midnight that a clock on the wall showed last. */
export function midnightBefore(wall: WallMs): WallMs {
  return new Date(wall).setUTCHours(0, 0, 0, 0);
}

/** Minutes since midnight of `07:30`. */
export function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
