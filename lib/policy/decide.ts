import { raw, type Untrusted } from '../image/untrusted.ts';
import type { Finding } from '../scan/finding.ts';
import { doubtfulZeros, isComplete, type PlatformState, type Scan, type Unscannable } from '../scan/scan.ts';
import { atLeast, type Severity } from '../scan/severity.ts';
import { type Sifted, sift } from './ignore.ts';
import {
  LIST_INCOMPLETE,
  MAX_IDS,
  MAX_SHOWN,
  type Notice,
  type NoticeReason,
  type ScanSummary,
  type SilenceReason,
  type Subject,
} from './notice.ts';
import { noticeKey, readingKey } from './notice-key.ts';
import type { OpenFindings } from './open-findings.ts';
import { closedIds, mayBeFixed, openIds } from './open-ids.ts';
import type { Policy } from './policy.ts';
import type { Route } from './route.ts';
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
 * A set that is still open speaks again when a reminder `isDue`. What rules ignore is counted and says nothing.
 */
export function decide(
  subject: Subject,
  scan: Scan,
  tracked: readonly Baseline[],
  policy: Policy,
  isDue = false,
): Decision {
  if (tracked.length === 0) return silence('untracked');
  const sifted = sift(scan, policy.ignore);
  const ids = openIds(sifted.scan, policy.notifyAt, policy.onlyFixable);
  const added = new Set(ids.filter((id) => tracked.some(({ open }) => !open?.ids.includes(id))));
  const closed = closedIds(tracked, sifted, ids, policy);
  const quiet = ids.length === 0 && closed.size === 0 ? whyQuiet(sifted, tracked, policy) : undefined;
  if (quiet) return silence(quiet);
  const isLess = closed.size > 0 && isWhole(scan);
  if (ids.length > 0 && added.size === 0 && !isLess && !isDue) return silence('unchanged');
  const { mark, route } = policy;
  return {
    kind: 'notice',
    key: noticeKey(subject, { scanKey: readingKey(scan, policy), ids }, tracked, { isDue, mark }),
    reason: reasonOf(subject, tracked, mark, { open: ids.length, added: added.size, isLess }),
    subject,
    references: tracked.map(({ reference }) => reference),
    ...(route && { route }),
    found: found(sifted, policy, added, { openCount: ids.length, closedCount: closed.size }),
    platforms: scan.platforms,
    ...(scan.short && { listIncomplete: true }),
  };
}

/** Why nothing is said where nothing is open and nothing was; undefined where people may have heard that something is. */
function whyQuiet(
  { scan, ignored }: Sifted,
  tracked: readonly Baseline[],
  { notifyAt }: Policy,
): SilenceReason | undefined {
  const isHigh = ({ severity }: Finding) => atLeast(severity, notifyAt);
  if (ignored.some(isHigh)) return 'ignored';
  if (scan.findings.some(isHigh)) return 'not-fixable';
  return tracked.some(({ isTelling }) => isTelling) ? undefined : 'below-threshold';
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

/** What another policy lets speak is new to people, and not worse in itself. */
function reasonOf(
  { image }: Subject,
  tracked: readonly Baseline[],
  mark: string | undefined,
  { open, added, isLess }: { readonly open: number; readonly added: number; readonly isLess: boolean },
): NoticeReason {
  if (open === 0) return 'resolved';
  if (added === 0) return isLess ? 'better' : 'reminder-due';
  const before = tracked.flatMap((it) => it.open ?? []);
  if (before.length === 0) return 'first-scan';
  const isSame = (it: OpenFindings) => it.digest === image.digest && it.policyMark === mark;
  return before.every(isSame) ? 'worse' : 'new-findings';
}

/** Nothing could be read, for good: said once per image and status, never shown as clean. */
export function decideUnscannable(
  subject: Subject,
  unscannable: Pick<Unscannable, 'status' | 'description'>,
  platforms: readonly PlatformState[],
  references: readonly string[],
  route?: Route,
): Notice {
  const { status, description } = unscannable;
  return {
    kind: 'notice',
    key: `not-scanned-${status}`,
    reason: 'not-scanned',
    subject,
    references,
    ...(route && { route }),
    unscannable: { status, ...(description && { description }) },
    platforms,
    ...(status === LIST_INCOMPLETE && { listIncomplete: true }),
  };
}

function found(
  { scan, ignored }: Sifted,
  { notifyAt, onlyFixable }: Policy,
  added: ReadonlySet<string>,
  { openCount, closedCount }: { readonly openCount: number; readonly closedCount: number },
): ScanSummary {
  const isNew = ({ id }: Finding) => added.has(raw(id));
  const isHigh = ({ severity }: Finding) => atLeast(severity, notifyAt);
  const open = scan.findings.filter((it) => isHigh(it) && (!onlyFixable || mayBeFixed(it)));
  const shown = [...open.filter(isNew), ...open.filter((finding) => !isNew(finding))].slice(0, MAX_SHOWN);
  const ignoredCount = ignored.filter(isHigh).length;
  const others = otherNew(open.filter(isNew), shown);
  return {
    scanType: scan.type,
    ...(scan.completedAt && { completedAt: scan.completedAt }),
    counts: scan.counts,
    ...(scan.fixable && { fixable: scan.fixable }),
    notifyAt,
    shown: shown.map((finding) => ({ ...finding, isNew: isNew(finding) })),
    newCount: added.size,
    ...(others.length > 0 && { otherNewIds: others }),
    stillOpenCount: openCount - added.size,
    ...(isWhole(scan) && { closedCount }),
    ...(ignoredCount > 0 && { ignoredCount }),
  };
}

/** New ids that nothing of what is shown has; each once. */
function otherNew(fresh: readonly Finding[], shown: readonly Finding[]): readonly Untrusted[] {
  const named = new Set(shown.map(({ id }) => raw(id)));
  const others = new Map(fresh.map(({ id }) => [raw(id), id]));
  return [...others].flatMap(([name, id]) => (named.has(name) ? [] : id)).slice(0, MAX_IDS);
}

export function silence(reason: SilenceReason): Silence {
  return { kind: 'silence', reason };
}
