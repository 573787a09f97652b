import { type Instant, secondsBetween } from '../instant.ts';
import type { Policy } from './policy.ts';
import type { Baseline } from './tracked.ts';

/**
 * When people last heard of these references, if that is so long ago that an open set which is seen again speaks
 * again; undefined when no reminder is due. The last telling counts, of whichever reference.
 */
export function reminderDue(
  tracked: readonly Baseline[],
  { renotifyAfterSeconds }: Policy,
  now: Instant,
): Instant | undefined {
  if (renotifyAfterSeconds === undefined) return undefined;
  const told = tracked.flatMap(({ open }) => open?.toldAt ?? []).sort();
  const last = told.at(-1);
  return last && secondsBetween(last, now) >= renotifyAfterSeconds ? last : undefined;
}
