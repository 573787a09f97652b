import type { Scan } from '../scan/scan.ts';
import { mayBeClean } from './decide.ts';
import { type Sifted, sift } from './ignore.ts';
import { readingKey, type Seen } from './notice-key.ts';
import { openIds } from './open-ids.ts';
import type { Policy } from './policy.ts';

/** A scan as a policy has it seen: without what is ignored, and what of it is open. */
export type View = Sifted & Seen;

/** Undefined for a scan that finds nothing at or above the threshold, and cannot be taken for clean either. */
export function viewOf(scan: Scan, policy: Policy): View | undefined {
  const sifted = sift(scan, policy.ignore);
  const ids = openIds(sifted.scan, policy.notifyAt, policy.onlyFixable);
  if (ids.length === 0 && !mayBeClean(scan, policy.notifyAt)) return undefined;
  return { ...sifted, ids, scanKey: readingKey(scan, policy) };
}
