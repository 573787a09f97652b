import type { Provenance } from '../image/provenance.ts';
import type { Image, Tag } from '../image/reference.ts';
import type { Untrusted } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';
import type { Finding } from '../scan/finding.ts';
import type { PlatformState, ScanType } from '../scan/scan.ts';
import type { Severity, SeverityCounts } from '../scan/severity.ts';
import type { Background } from './background.ts';
import type { Route } from './route.ts';

/** Why we speak. */
export type NoticeReason =
  | 'first-scan'
  /** Another image brought findings. */
  | 'new-findings'
  /** The image is the same, and more is known of it. */
  | 'worse'
  /** Some of what was open is no more, and nothing is new. */
  | 'better'
  | 'resolved'
  | 'not-scanned'
  | 'reminder-due';

/** Why we do not. Silence has a name too: it goes into the log and the time line. */
export type SilenceReason =
  | 'below-threshold'
  /** All that is at or above the threshold is ignored by rules. */
  | 'ignored'
  /** Nothing that is at or above the threshold can be fixed, and the policy asks for what can. */
  | 'not-fixable'
  | 'unchanged'
  | 'untracked'
  | 'already-answered'
  | 'never-a-subject'
  | 'gone';

/** What people push and name: a tagged image or image index. */
export interface Subject {
  readonly image: Image;
  readonly tags: readonly Tag[];
  readonly pushedAt: Instant;
  readonly provenance?: Provenance;
}

/** One message about one subject. The same for every sink; each renders it its own way. */
export interface Notice {
  readonly kind: 'notice';
  /** With the subject's image, the identity of the notice: the same key is told once per sink. */
  readonly key: string;
  readonly reason: NoticeReason;
  readonly subject: Subject;
  /** The tracked references that point to the subject. */
  readonly references: readonly string[];
  /** Absent where the policy names nobody. */
  readonly route?: Route;
  /** Absent when there was nothing to read. */
  readonly found?: ScanSummary;
  /** Why there is nothing to read. */
  readonly unscannable?: { readonly status: string; readonly description?: Untrusted };
  readonly platforms: readonly PlatformState[];
  /** Fewer findings could be read than are counted or were announced: counts are lower bounds. */
  readonly listIncomplete?: true;
  /** Absent in messages of earlier releases. */
  readonly background?: Background;
  /** Sinks for people tell it then, or later; absent: at once. */
  readonly notBefore?: Instant;
}

/** What the scan found, and what of it is new since the image that the reference pointed to before. */
export interface ScanSummary {
  readonly scanType: ScanType;
  readonly completedAt?: Instant;
  readonly counts: SeverityCounts;
  readonly fixable?: SeverityCounts;
  /** The threshold: the notice is about findings of this severity or worse. */
  readonly notifyAt: Severity;
  /** The worst findings at or above the threshold, new ones first; at most `MAX_SHOWN`. */
  readonly shown: readonly ShownFinding[];
  readonly newCount: number;
  /** Ids of new findings that are not among `shown`, worst first, at most `MAX_IDS`; absent when there are none. */
  readonly otherNewIds?: readonly Untrusted[];
  readonly stillOpenCount: number;
  /** How many were open before on one of the references and are no more; absent in messages of earlier releases. */
  readonly closedCount?: number;
  /** How many at or above the threshold are ignored by rules, in no other number here; absent when none is. */
  readonly ignoredCount?: number;
}

export interface ShownFinding extends Finding {
  readonly isNew: boolean;
}

export const MAX_SHOWN = 5;

/** As many new findings are named by their id alone. */
export const MAX_IDS = 50;

/** Our own status of a scan that says less than was announced, and nothing at all of what the notice is about. */
export const LIST_INCOMPLETE = 'LIST_INCOMPLETE';
