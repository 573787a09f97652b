import type { Digest } from '../image/digest.ts';
import type { Platform } from '../image/platform.ts';
import type { Untrusted } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';
import type { Finding } from './finding.ts';
import type { Severity, SeverityCounts } from './severity.ts';

/** Basic is Amazon ECR's own scanner, enhanced is Amazon Inspector. Their counts cannot be compared. */
export type ScanType = 'basic' | 'enhanced';

/** Findings that can be read. */
export interface Scanned {
  readonly state: 'scanned';
  readonly type: ScanType;
  readonly completedAt?: Instant;
  readonly counts: SeverityCounts;
  readonly findings: readonly Finding[];
  /** Listed, but suppressed or closed: in no count, though an event may have counted them. Absent when there are none. */
  readonly dismissed?: SeverityCounts;
  /** Severities of which fewer findings are listed than are counted or were announced; absent when the list is whole. */
  readonly short?: readonly Severity[];
}

/** No findings to read yet: not scanned so far, scanning, or scanned and not readable. Never a zero. */
export interface Pending {
  readonly state: 'pending';
  readonly status: string;
}

/** The scan ended, or was refused, without findings. Never clean. */
export interface Unscannable {
  readonly state: 'unscannable';
  readonly status: string;
  readonly description?: Untrusted;
}

/** The image is not there any more. */
interface Gone {
  readonly state: 'gone';
}

/** What reading the scan of one image can give. */
export type Reading = Scanned | Pending | Unscannable | Gone;

/** One platform of a subject and how far its scan is. */
export interface PlatformState {
  readonly digest: Digest;
  /** Absent for an image that is not part of an index. */
  readonly platform?: Platform;
  readonly state: Reading['state'];
  readonly status?: string;
}

/** The scan of a subject: an image, or all platforms of an index with their findings merged. */
export interface Scan {
  readonly type: ScanType;
  readonly completedAt?: Instant;
  readonly counts: SeverityCounts;
  /** Findings with a fix, by severity; absent where the scanner does not say (basic scanning). */
  readonly fixable?: SeverityCounts;
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly platforms: readonly PlatformState[];
  /** As in Scanned, of any platform: these counts are lower bounds, and a zero among them is not known to be one. */
  readonly short?: readonly Severity[];
}

/** What the ledger tells of a scan without unpacking its findings. */
export type ScanFact = Pick<Scan, 'type' | 'completedAt' | 'counts' | 'platforms' | 'short'>;

/** True when every platform that is still there has been read. */
export function isComplete({ platforms }: Scan): boolean {
  return platforms.every(({ state }) => state === 'scanned' || state === 'gone');
}

/** The severities whose count is zero although findings were announced: never to be shown as zero. */
export function doubtfulZeros({ counts, short = [] }: Pick<Scan, 'counts' | 'short'>): readonly Severity[] {
  return short.filter((severity) => counts[severity] === 0);
}
