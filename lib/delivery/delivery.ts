import type { Image } from '../image/reference.ts';
import type { Notice } from '../policy/notice.ts';
import type { ScanType } from '../scan/scan.ts';
import type { Severity, SeverityCounts } from '../scan/severity.ts';

/** The counts of one tracked reference, as they are now. */
interface Gauge {
  readonly reference: string;
  readonly counts: SeverityCounts;
  /** Absent where the scanner does not say what has a fix. */
  readonly fixable?: SeverityCounts;
}

/** The gauges that one scan of one subject gave. */
export interface Measurement {
  readonly kind: 'measurement';
  /** With the image, the identity of the measurement: the same reading is posted once. */
  readonly key: string;
  readonly image: Image;
  readonly scanType: ScanType;
  readonly gauges: readonly Gauge[];
  /** Severities whose zero is not known to be one: they have no gauge. */
  readonly unknown?: readonly Severity[];
}

/** What travels to a sink. */
export type Delivery = Notice | Measurement;

export const SINKS = ['datadog', 'slack', 'sns'] as const;
export type SinkName = (typeof SINKS)[number];

/** The image that a delivery is about. */
export function imageOf(delivery: Delivery): Image {
  return delivery.kind === 'notice' ? delivery.subject.image : delivery.image;
}
