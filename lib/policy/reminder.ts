import { type Instant, secondsBetween } from '../instant.ts';
import type { Policy } from './policy.ts';
import type { Baseline } from './tracked.ts';

/**
 * True when people last heard of these references so long ago that an open set which is seen again speaks again.
 * The last telling counts, of whichever reference.
 */
export function isReminderDue(
  tracked: readonly Baseline[],
  { renotifyAfterSeconds }: Policy,
  now: Instant,
): boolean {
  if (renotifyAfterSeconds === undefined) return false;
  const told = tracked.flatMap(({ open }) => open?.toldAt ?? []).sort();
  const last = told.at(-1);
  return last !== undefined && secondsBetween(last, now) >= renotifyAfterSeconds;
}
