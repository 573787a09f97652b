import type { Instant } from '../instant.ts';
import type { Reading } from './scan.ts';

/** How far the scan of an image is, without what it found. */
export interface ScanPeek {
  readonly state: Reading['state'];
  readonly completedAt?: Instant;
}
