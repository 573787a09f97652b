import type { Tag } from '../image/reference.ts';
import { isReferrerTag } from '../image/tag-form.ts';
import type { Severity } from '../scan/severity.ts';
import type { DigestTime } from './digest-time.ts';
import { matchesGlob } from './glob.ts';
import type { IgnoreRule } from './ignore.ts';
import type { QuietHours } from './quiet-hours.ts';
import type { Route } from './route.ts';

/** What we do about the scans of a repository, at a moment. */
export interface Policy {
  /** Patterns of tags that move and that people care about; `*` stands for any characters. */
  readonly trackedTags: readonly string[];
  /** The lowest severity that makes a notice. */
  readonly notifyAt: Severity;
  /** After this long an open set that is seen again is told again; absent: never. */
  readonly renotifyAfterSeconds?: number;
  /** Only findings that can be fixed make a notice. Basic scanning does not say what can: that counts as fixable. */
  readonly onlyFixable?: boolean;
  /** The rules that are in force for the repository. */
  readonly ignore?: readonly IgnoreRule[];
  readonly route?: Route;
  /** What can wait is told to people when they are over. */
  readonly quietHours?: QuietHours;
  /** What can wait is told to people then. */
  readonly digest?: DigestTime;
  /**
   * Names all of this that changes what a scan says: seen under another mark, the same scan is another reading. Absent
   * where nothing differs from the environment's settings.
   */
  readonly mark?: string;
}

/**
 * The tracked reference of an image whose tags are all immutable: whatever was pushed last to the repository.
 * No tag can be called so, since a tag has no slash.
 */
export const NEWEST_PUSH = '/newest-push';

/**
 * The names under which an image is followed: its tags that match the policy's patterns, or else the
 * repository's newest push. A group keyed by an immutable tag could never recover.
 */
export function trackedReferences(tags: readonly Tag[], policy: Policy): readonly string[] {
  const tracked = tags.filter((tag) => !isReferrerTag(tag) && isFollowed(tag, policy));
  return tracked.length > 0 ? [...tracked].sort() : [NEWEST_PUSH];
}

/** True while the policy wants to know about a reference. */
export function isFollowed(reference: string, { trackedTags }: Pick<Policy, 'trackedTags'>): boolean {
  return reference === NEWEST_PUSH || trackedTags.some((it) => matchesGlob(it, reference));
}
