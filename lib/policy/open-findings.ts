import type { Digest } from '../image/digest.ts';
import type { Instant } from '../instant.ts';
import type { Counted, Shown } from './shown.ts';

/** The `scanKey` of a reference that nobody has looked at to the end: there is no baseline yet. */
export const NO_SCAN = 'none';

/** The `scanKey` of a reference whose image is gone: its baseline stays, and any scan under its name is another one. */
export const FORGOTTEN = '';

/** What was open on a tracked reference when it was last looked at: the baseline of "what is new". */
export interface OpenFindings {
  readonly reference: string;
  readonly digest: Digest;
  readonly pushedAt: Instant;
  /** The reading that it comes from: seeing the same one again changes nothing. */
  readonly scanKey: string;
  /** Ids at or above the threshold, sorted. */
  readonly ids: readonly string[];
  readonly readAt: Instant;
  /** The `mark` of the policy under which it was read; absent where that was the environment's. */
  readonly policyMark?: string;
  /**
   * Since when something at or above the threshold has been open without a break; absent while nothing is, and where
   * it was open before a release that wrote this down.
   */
  readonly openedAt?: Instant;
  /** When people last heard of this reference; absent when they never did. */
  readonly toldAt?: Instant;
  /** The key of the notice that they heard; absent when a release without this told it. */
  readonly toldAs?: string;
  /** What its gauges show; absent while they have never shown anything open. */
  readonly shown?: Shown;
  /** What was counted, where the gauges do not show it; absent in baselines of earlier releases. */
  readonly counted?: Counted;
  /**
   * Somebody began to tell of open findings after this: whether or not that was finished, people may have heard of
   * them. The next baseline takes it away.
   */
  readonly isTelling?: true;
}

/** A look that found nothing to read, for good: no baseline comes of it. */
export interface UnscannedLook {
  readonly digest: Digest;
  readonly pushedAt: Instant;
  /** When the look was, as in `OpenFindings`. */
  readonly readAt: Instant;
  /** What AWS calls it, or we do. */
  readonly status: string;
}
