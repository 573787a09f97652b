import type { Instant } from '../instant.ts';

/** A hint about the scan of an image that was sent, because the ledger lacked it. */
export interface ScanHintMark {
  readonly reason: 'scanned' | 'unscannable' | 'never-scanned';
  readonly at: Instant;
  /** Times that the same was hinted. */
  readonly times: number;
  /** When the scan ended that the hint was about. */
  readonly completedAt?: Instant;
}
