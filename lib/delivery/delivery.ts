import type { AuditNews } from '../audit/news.ts';
import type { AuditCount } from '../audit/tally.ts';
import type { Image } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import type { Notice, NoticeReason, SilenceReason } from '../policy/notice.ts';
import type { IgnoredCounts, ShownReference } from '../policy/shown.ts';
import type { ScanType } from '../scan/scan.ts';
import type { Severity, SeverityCounts } from '../scan/severity.ts';

/** The counts of one tracked reference, as they are now. */
interface Gauge {
  readonly reference: string;
  readonly counts: SeverityCounts;
  /** Absent where the scanner does not say what has a fix. */
  readonly fixable?: SeverityCounts;
  /** As in Shown. */
  readonly ignored?: IgnoredCounts;
  /** How long something was open that this scan does not find any more; absent in every other measurement. */
  readonly remediatedAfterSeconds?: number;
}

/** The gauges that one scan of one subject gave. */
export interface Measurement {
  readonly kind: 'measurement';
  /** With the image, the identity of the measurement: the same reading in the place of the same one is posted once. */
  readonly key: string;
  readonly image: Image;
  /** When it was decided, right before the baselines were written; absent in messages of earlier versions. */
  readonly measuredAt?: Instant;
  readonly scanType: ScanType;
  /** Why people hear of this scan, or do not; absent in messages of earlier versions. */
  readonly reason?: NoticeReason | SilenceReason;
  readonly gauges: readonly Gauge[];
  /** Severities whose zero is not known to be one: they have no gauge. */
  readonly unknown?: readonly Severity[];
}

/**
 * The gauges of many references as they were at one moment, said again. Posting a point twice leaves one point, so
 * nothing is claimed and nothing is remembered: that is why a heartbeat is no `Delivery`, and has no image to be
 * claimed under. What cannot be posted in time is dropped; the next one comes in minutes and knows better.
 */
export interface Heartbeat {
  readonly kind: 'measurement';
  /** For the log. */
  readonly key: string;
  readonly beatAt: Instant;
  /** Which of our deployments is alive: one of few. */
  readonly deployment: string;
  /** No more than fit into one request; none at all is a sign of life, too. */
  readonly references: readonly ShownReference[];
  /** What the last audit of the registries counted, in a message of its own; absent in every other. */
  readonly audit?: readonly AuditCount[];
  /** What the last audit found otherwise, in a message of its own: an event, which a repeat is folded into. */
  readonly news?: AuditNews;
}

/** What is told once to a sink, and kept in the ledger. */
export type Delivery = Notice | Measurement;

/** What travels to a sink. */
export type SinkMessage = Delivery | Heartbeat;

/** True for what is sent without the ledger. */
export function isHeartbeat(message: SinkMessage): message is Heartbeat {
  return 'beatAt' in message;
}

/** The sinks that have a queue of their own, in every deployment. */
export const SINKS = ['datadog', 'slack', 'sns'] as const;
export type QueuedSink = (typeof SINKS)[number];

/** `chat` is a topic that a deployment may have beside the one of notices; its orders come through the queue of `sns`. */
export type SinkName = QueuedSink | 'chat';

/** The image that a delivery is about. */
export function imageOf(delivery: Delivery): Image {
  return delivery.kind === 'notice' ? delivery.subject.image : delivery.image;
}
