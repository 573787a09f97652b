import type { Instant } from '../instant.ts';
import type { Finding } from '../scan/finding.ts';
import type { Scan } from '../scan/scan.ts';
import type { Decision } from './decide.ts';
import type { Subject } from './notice.ts';
import type { Seen } from './notice-key.ts';
import { FORGOTTEN, type OpenFindings } from './open-findings.ts';
import type { Policy } from './policy.ts';
import { countedIn, ignoredGauge, type Shown, shownAfter, shownNoMore } from './shown.ts';
import type { Baseline } from './tracked.ts';

/** A subject that was read and decided about. */
export interface Answered extends Seen {
  readonly subject: Subject;
  /** Without what is ignored. */
  readonly scan: Scan;
  readonly ignored: readonly Finding[];
  readonly tracked: readonly Baseline[];
  readonly decision: Decision;
  readonly readAt: Instant;
}

/** What the baseline of a reference is after an answer. */
export function nextBaseline(
  { reference, open: before }: Baseline,
  answered: Answered,
  policy: Policy,
): OpenFindings {
  const { subject, scanKey, ids, tracked, decision, readAt } = answered;
  const isTracked = tracked.some((it) => it.reference === reference);
  const { toldAt, toldAs } =
    decision.kind === 'notice' && isTracked ? { toldAt: readAt, toldAs: decision.key } : (before ?? {});
  const openedAt = openedAfter(before, ids, readAt);
  return {
    ...{ reference, digest: subject.image.digest, pushedAt: subject.pushedAt, scanKey, ids, readAt },
    ...(policy.mark && { policyMark: policy.mark }),
    ...(openedAt && { openedAt }),
    ...(toldAt && { toldAt }),
    ...(toldAs && { toldAs }),
    ...(isTracked ? showing(before?.shown, answered, policy) : aside(before?.shown, answered)),
  };
}

/** What is gone with its image was not open in between; what was open before this was written down has no beginning. */
function openedAfter(
  before: OpenFindings | undefined,
  ids: readonly string[],
  readAt: Instant,
): Instant | undefined {
  if (ids.length === 0) return undefined;
  const wasOpen = before !== undefined && before.ids.length > 0 && before.scanKey !== FORGOTTEN;
  return wasOpen ? before.openedAt : readAt;
}

/** What the gauges of a reference show from now on; what was counted, where they show nothing. */
function showing(
  before: Shown | undefined,
  answered: Answered,
  { notifyAt }: Policy,
): Pick<OpenFindings, 'shown' | 'counted'> {
  const { scan, ignored, readAt } = answered;
  const shown = shownAfter(scan, before, {
    ...{ notifyAt, at: readAt },
    ignored: ignoredGauge(ignored, before?.ignored),
  });
  return shown ? { shown } : { counted: countedIn(scan, ignoredGauge(ignored)) };
}

/** The newest push that is shown under its tags: its gauges go to zero, and what was counted stands beside them. */
function aside(
  before: Shown | undefined,
  { scan, ignored, readAt }: Answered,
): Pick<OpenFindings, 'shown' | 'counted'> {
  const counted = countedIn(scan, ignoredGauge(ignored));
  return { counted, ...(before && { shown: shownNoMore(before, readAt) }) };
}
