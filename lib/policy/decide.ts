import { raw } from '../image/untrusted.ts';
import { idsAtLeast, scanKey } from '../scan/compare.ts';
import type { Finding } from '../scan/finding.ts';
import { doubtfulZeros, isComplete, type PlatformState, type Scan, type Unscannable } from '../scan/scan.ts';
import { atLeast, SEVERITIES, type Severity, type SeverityCounts } from '../scan/severity.ts';
import {
  LIST_INCOMPLETE,
  MAX_SHOWN,
  type Notice,
  type NoticeReason,
  type ScanSummary,
  type SilenceReason,
  type Subject,
} from './notice.ts';
import { noticeKey } from './notice-key.ts';
import type { Policy } from './policy.ts';
import type { Baseline } from './tracked.ts';

/** Speak, or a named silence. */
export type Decision = Notice | Silence;

export interface Silence {
  readonly kind: 'silence';
  readonly reason: SilenceReason;
}

/**
 * The only place that says whether anybody hears about a scan.
 * New are the ids that were not open on every tracked reference before, closed are those that were open on one and
 * are not found again; the same set never speaks twice on the same occasion, since the notice's key is made of both.
 * A set that is still open speaks again when a reminder `isDue`.
 */
export function decide(
  subject: Subject,
  scan: Scan,
  tracked: readonly Baseline[],
  policy: Policy,
  isDue = false,
): Decision {
  if (tracked.length === 0) return silence('untracked');
  const ids = openIds(scan, policy.notifyAt);
  const added = new Set(ids.filter((id) => tracked.some(({ open }) => !open?.ids.includes(id))));
  const closed = new Set(tracked.flatMap(({ open }) => open?.ids ?? []).filter((id) => !ids.includes(id)));
  if (ids.length === 0 && closed.size === 0 && !tracked.some(({ isTelling }) => isTelling))
    return silence('below-threshold');
  const isLess = closed.size > 0 && isWhole(scan);
  if (ids.length > 0 && added.size === 0 && !isLess && !isDue) return silence('unchanged');
  return {
    kind: 'notice',
    key: noticeKey(subject, { scanKey: scanKey(scan), ids }, tracked, isDue),
    reason: reasonOf(subject, tracked, { open: ids.length, added: added.size, isLess }),
    subject,
    references: tracked.map(({ reference }) => reference),
    found: found(scan, policy.notifyAt, added, { openCount: ids.length, closedCount: closed.size }),
    platforms: scan.platforms,
    ...(scan.short && { listIncomplete: true }),
  };
}

/**
 * False when a zero at or above the threshold is not known to be one: a platform was not scanned and may hold
 * anything, or findings were announced that cannot be read. Then nothing found so far is not "clean", nor "resolved".
 */
export function mayBeClean(scan: Scan, threshold: Severity): boolean {
  return isComplete(scan) && !doubtfulZeros(scan).some((severity) => atLeast(severity, threshold));
}

/** False when what is not found may be there all the same: then nothing that was open is known to be closed. */
function isWhole(scan: Scan): boolean {
  return isComplete(scan) && scan.short === undefined;
}

function reasonOf(
  { image }: Subject,
  tracked: readonly Baseline[],
  { open, added, isLess }: { readonly open: number; readonly added: number; readonly isLess: boolean },
): NoticeReason {
  if (open === 0) return 'resolved';
  if (added === 0) return isLess ? 'better' : 'reminder-due';
  const before = tracked.flatMap((it) => it.open ?? []);
  if (before.length === 0) return 'first-scan';
  return before.every(({ digest }) => digest === image.digest) ? 'worse' : 'new-findings';
}

/** Nothing could be read, for good: said once per image and status, never shown as clean. */
export function decideUnscannable(
  subject: Subject,
  unscannable: Pick<Unscannable, 'status' | 'description'>,
  platforms: readonly PlatformState[],
  references: readonly string[],
): Notice {
  const { status, description } = unscannable;
  return {
    kind: 'notice',
    key: `not-scanned-${status}`,
    reason: 'not-scanned',
    subject,
    references,
    unscannable: { status, ...(description && { description }) },
    platforms,
    ...(status === LIST_INCOMPLETE && { listIncomplete: true }),
  };
}

/**
 * The ids at or above the threshold. AWS's counts and its list differ at times: each that is counted but not
 * listed gets an id of its own, so that one more speaks too and one less does not.
 */
export function openIds(scan: Scan, threshold: Severity): readonly string[] {
  const listed = scan.findings.filter(({ severity }) => atLeast(severity, threshold)).length;
  const length = Math.max(0, countAtLeast(scan.counts, threshold) - listed);
  const unlisted = Array.from({ length }, (_, index) => `${index + 1} not listed`);
  return [...idsAtLeast(scan.findings, threshold), ...unlisted];
}

function found(
  scan: Scan,
  threshold: Severity,
  added: ReadonlySet<string>,
  { openCount, closedCount }: { readonly openCount: number; readonly closedCount: number },
): ScanSummary {
  const isNew = ({ id }: Finding) => added.has(raw(id));
  const open = scan.findings.filter(({ severity }) => atLeast(severity, threshold));
  const shown = [...open.filter(isNew), ...open.filter((finding) => !isNew(finding))].slice(0, MAX_SHOWN);
  return {
    scanType: scan.type,
    ...(scan.completedAt && { completedAt: scan.completedAt }),
    counts: scan.counts,
    ...(scan.fixable && { fixable: scan.fixable }),
    notifyAt: threshold,
    shown: shown.map((finding) => ({ ...finding, isNew: isNew(finding) })),
    newCount: added.size,
    stillOpenCount: openCount - added.size,
    ...(isWhole(scan) && { closedCount }),
  };
}

function countAtLeast(counts: SeverityCounts, threshold: Severity): number {
  return SEVERITIES.filter((severity) => atLeast(severity, threshold)).reduce(
    (sum, it) => sum + counts[it],
    0,
  );
}

export function silence(reason: SilenceReason): Silence {
  return { kind: 'silence', reason };
}
