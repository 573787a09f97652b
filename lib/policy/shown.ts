import type { Repository } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { doubtfulZeros, type Scan, type ScanType } from '../scan/scan.ts';
import {
  atLeast,
  countBySeverity,
  NO_FINDINGS,
  SEVERITIES,
  type Severity,
  type SeverityCounts,
} from '../scan/severity.ts';

/** What a scan counts, without what rules ignore. */
export interface Counted {
  readonly scanType: ScanType;
  readonly counts: SeverityCounts;
  /** Absent where the scanner does not say what has a fix. */
  readonly fixable?: SeverityCounts;
  /** How many are ignored by rules, in no other count: of each severity of which one is, or was. */
  readonly ignored?: IgnoredCounts;
  /** Severities whose zero is not known to be one: they get no gauge. */
  readonly unknown?: readonly Severity[];
}

/** What the gauges of a tracked reference show, from the first open finding on. */
export interface Shown extends Counted {
  /** Since when nothing at or above the threshold is open or ignored; absent while something is. */
  readonly closedAt?: Instant;
}

/** Only severities of which there is something to say. */
export type IgnoredCounts = Readonly<Partial<Record<Severity, number>>>;

/** A tracked reference whose gauges show, or showed lately, that something is open. */
export interface ShownReference {
  readonly repository: Repository;
  readonly reference: string;
  readonly shown: Shown;
}

type Counts = Pick<Scan, 'type' | 'counts' | 'fixable' | 'short'>;

/** A gauge that was above zero has to come back to it, or its last value stays. */
export function ignoredGauge(
  ignored: readonly { readonly severity: Severity }[],
  before: IgnoredCounts = {},
): IgnoredCounts | undefined {
  const now = countBySeverity(ignored);
  const told = SEVERITIES.filter((severity) => now[severity] > 0 || before[severity] !== undefined);
  return told.length > 0 ? Object.fromEntries(told.map((it) => [it, now[it]])) : undefined;
}

interface ShowRule {
  readonly notifyAt: Severity;
  readonly at: Instant;
  readonly ignored?: IgnoredCounts | undefined;
}

/**
 * What the gauges of a reference show after a scan; `before` is what they showed. Undefined when they never showed
 * anything open: such gauges need nobody to repeat them. What was closed keeps the time when it was.
 */
export function shownAfter(
  scan: Counts,
  before: Shown | undefined,
  { notifyAt, at, ignored }: ShowRule,
): Shown | undefined {
  const { counts } = scan;
  const now = countedIn(scan, ignored);
  const isOpen = (severity: Severity) => counts[severity] + (ignored?.[severity] ?? 0) > 0;
  if (SEVERITIES.some((severity) => atLeast(severity, notifyAt) && isOpen(severity))) return now;
  return before && { ...now, closedAt: before.closedAt ?? at };
}

/** What a scan counts, and how many of what it found are ignored. */
export function countedIn(scan: Counts, ignored: IgnoredCounts | undefined): Counted {
  const { type, counts, fixable } = scan;
  const unknown = doubtfulZeros(scan);
  return {
    ...{ scanType: type, counts },
    ...(fixable && { fixable }),
    ...(ignored && { ignored }),
    ...(unknown.length > 0 && { unknown }),
  };
}

/**
 * The gauges of a name that stands for nothing any more: zeros. Deleted, or the newest push, which is shown under its
 * tag when it has one that is followed. A group of a monitor that just falls silent stays in alert.
 */
export function shownNoMore(before: Shown, at: Instant): Shown {
  const { scanType, fixable, closedAt = at } = before;
  const ignored = ignoredGauge([], before.ignored);
  return {
    ...{ scanType, counts: NO_FINDINGS, closedAt },
    ...(fixable && { fixable: NO_FINDINGS }),
    ...(ignored && { ignored }),
  };
}
