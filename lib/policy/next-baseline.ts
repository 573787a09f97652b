import type { Instant } from '../instant.ts';
import type { Scan } from '../scan/scan.ts';
import type { Decision } from './decide.ts';
import type { Subject } from './notice.ts';
import type { Seen } from './notice-key.ts';
import type { OpenFindings } from './open-findings.ts';
import type { Policy } from './policy.ts';
import { type Shown, shownAfter, shownNoMore } from './shown.ts';
import type { Baseline } from './tracked.ts';

/** A subject that was read and decided about. */
export interface Answered extends Seen {
  readonly subject: Subject;
  readonly scan: Scan;
  readonly tracked: readonly Baseline[];
  readonly decision: Decision;
  readonly readAt: Instant;
}

/** What the baseline of a reference is after an answer. */
export function nextBaseline(
  { reference, open: before }: Baseline,
  { subject, scan, scanKey, ids, tracked, decision, readAt }: Answered,
  policy: Policy,
): OpenFindings {
  const isTracked = tracked.some((it) => it.reference === reference);
  const shown = showing(before?.shown, scan, isTracked, policy, readAt);
  const { toldAt, toldAs } =
    decision.kind === 'notice' && isTracked ? { toldAt: readAt, toldAs: decision.key } : (before ?? {});
  return {
    ...{ reference, digest: subject.image.digest, pushedAt: subject.pushedAt, scanKey, ids, readAt },
    ...(toldAt && { toldAt }),
    ...(toldAs && { toldAs }),
    ...(shown && { shown }),
  };
}

/** What the gauges of a reference show from now on. */
function showing(
  before: Shown | undefined,
  scan: Scan,
  isTracked: boolean,
  { notifyAt }: Policy,
  at: Instant,
): Shown | undefined {
  if (isTracked) return shownAfter(scan, before, { notifyAt, at });
  return before && shownNoMore(before, at);
}
