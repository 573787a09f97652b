import type { Instant } from '../instant.ts';
import { openTimeOf } from '../policy/background.ts';
import type { Decision } from '../policy/decide.ts';
import type { Sifted } from '../policy/ignore.ts';
import type { Subject } from '../policy/notice.ts';
import { ignoredGauge } from '../policy/shown.ts';
import type { Baseline } from '../policy/tracked.ts';
import { fingerprint } from '../scan/compare.ts';
import { doubtfulZeros } from '../scan/scan.ts';
import type { Measurement } from './delivery.ts';

/** A reading without what is ignored, its key, and what was decided about it. */
interface Measured extends Sifted, Pick<Decision, 'reason'> {
  readonly scanKey: string;
}

/**
 * The gauges that one scan gives its references. Its key is the same for the same reading in the place of the same ones.
 */
export function measure(
  { image }: Subject,
  { scanKey, scan, ignored, reason }: Measured,
  tracked: readonly Baseline[],
  measuredAt: Instant,
): Measurement {
  const references = tracked.map(({ reference }) => reference);
  const { counts, fixable } = scan;
  const unknown = doubtfulZeros(scan);
  return {
    kind: 'measurement',
    key: `scan-${scanKey}-${fingerprint([...references, replacedSince(tracked)])}`,
    image,
    measuredAt,
    scanType: scan.type,
    reason,
    gauges: tracked.map((it) => {
      const gauge = ignoredGauge(ignored, it.open?.shown?.ignored);
      const remediatedAfterSeconds = reason === 'resolved' ? openTimeOf(it, measuredAt)?.seconds : undefined;
      return {
        ...{ reference: it.reference, counts, ...(fixable && { fixable }), ...(gauge && { ignored: gauge }) },
        ...(remediatedAfterSeconds !== undefined && { remediatedAfterSeconds }),
      };
    }),
    ...(unknown.length > 0 && { unknown }),
  };
}

/**
 * When the oldest was read of what a measurement takes the place of: a tag that comes back to an image shows the same
 * reading again, and that is another measurement. A repeat after a crash with some baselines written may be one more:
 * gauges replace each other.
 */
function replacedSince(tracked: readonly Baseline[]): string {
  const [oldest = ''] = tracked.map(({ open }) => open?.readAt ?? '').sort();
  return `after ${oldest}`;
}
