import type { Instant } from '../instant.ts';
import type { Sifted } from '../policy/ignore.ts';
import type { Subject } from '../policy/notice.ts';
import { ignoredGauge } from '../policy/shown.ts';
import type { Baseline } from '../policy/tracked.ts';
import { fingerprint } from '../scan/compare.ts';
import { doubtfulZeros } from '../scan/scan.ts';
import type { Measurement } from './delivery.ts';

/** The gauges of a subject as it is seen now, without what is ignored. */
export function measure(
  { image }: Subject,
  key: string,
  { scan, ignored }: Sifted,
  tracked: readonly Baseline[],
  measuredAt: Instant,
): Measurement {
  const references = tracked.map(({ reference }) => reference);
  const { counts, fixable } = scan;
  const unknown = doubtfulZeros(scan);
  return {
    kind: 'measurement',
    key: `scan-${key}-${fingerprint([...references, replacedSince(tracked)])}`,
    image,
    measuredAt,
    scanType: scan.type,
    gauges: tracked.map(({ reference, open }) => {
      const gauge = ignoredGauge(ignored, open?.shown?.ignored);
      return { reference, counts, ...(fixable && { fixable }), ...(gauge && { ignored: gauge }) };
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
