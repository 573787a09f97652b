import type { Repository } from '../image/reference.ts';
import type { OpenFindings, UnscannedLook } from './open-findings.ts';
import { NEWEST_PUSH } from './policy.ts';

/** What is on record of a reference that people follow, or once did. */
export interface FollowedReference {
  readonly reference: string;
  /** Its last look to the end; absent when there was none, or its image is gone. */
  readonly open?: OpenFindings;
  /** Of a later look that found nothing to read. */
  readonly unscanned?: UnscannedLook;
  /** It is one of those that a list of all repositories begins with. */
  readonly isUrgent: boolean;
}

/** A repository in which something is open, or known as not scanned; with the most of one of its references. */
export interface UrgentRepository {
  readonly repository: Repository;
  readonly critical: number;
  readonly high: number;
}

/** True when a look without a scan came after the one that was kept: of the newest push, that is of a later push. */
export function isAfter(
  look: UnscannedLook,
  kept: Pick<OpenFindings, 'pushedAt' | 'readAt'>,
  reference: string,
): boolean {
  if (reference !== NEWEST_PUSH || look.pushedAt === kept.pushedAt) return look.readAt > kept.readAt;
  return look.pushedAt > kept.pushedAt;
}
