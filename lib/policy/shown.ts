import type { Repository } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { doubtfulZeros, type Scan, type ScanType } from '../scan/scan.ts';
import { atLeast, NO_FINDINGS, SEVERITIES, type Severity, type SeverityCounts } from '../scan/severity.ts';

/** What the gauges of a tracked reference show, from the first open finding on. */
export interface Shown {
  readonly scanType: ScanType;
  readonly counts: SeverityCounts;
  /** Absent where the scanner does not say what has a fix. */
  readonly fixable?: SeverityCounts;
  /** Severities whose zero is not known to be one: they get no gauge. */
  readonly unknown?: readonly Severity[];
  /** Since when nothing at or above the threshold is open; absent while something is. */
  readonly closedAt?: Instant;
}

/** A tracked reference whose gauges show, or showed lately, that something is open. */
export interface ShownReference {
  readonly repository: Repository;
  readonly reference: string;
  readonly shown: Shown;
}

type Counted = Pick<Scan, 'type' | 'counts' | 'fixable' | 'short'>;

/**
 * What the gauges of a reference show after a scan; `before` is what they showed. Undefined when they never showed
 * anything open: such gauges need nobody to repeat them. What was closed keeps the time when it was.
 */
export function shownAfter(
  scan: Counted,
  before: Shown | undefined,
  { notifyAt, at }: { readonly notifyAt: Severity; readonly at: Instant },
): Shown | undefined {
  const { type, counts, fixable } = scan;
  const unknown = doubtfulZeros(scan);
  const now = {
    ...{ scanType: type, counts },
    ...(fixable && { fixable }),
    ...(unknown.length > 0 && { unknown }),
  };
  if (SEVERITIES.some((severity) => atLeast(severity, notifyAt) && counts[severity] > 0)) return now;
  return before && { ...now, closedAt: before.closedAt ?? at };
}

/**
 * The gauges of a name that stands for nothing any more: zeros. Deleted, or the newest push, which is shown under its
 * tag when it has one that is followed. A group of a monitor that just falls silent stays in alert.
 */
export function shownNoMore(before: Shown, at: Instant): Shown {
  const { scanType, fixable, closedAt = at } = before;
  return { scanType, counts: NO_FINDINGS, ...(fixable && { fixable: NO_FINDINGS }), closedAt };
}
