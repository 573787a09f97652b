import type { Tag } from '../image/reference.ts';
import { isReferrerTag } from '../image/tag-form.ts';
import type { Severity } from '../scan/severity.ts';

/** What we do about scans. */
export interface Policy {
  /** Patterns of tags that move and that people care about; `*` stands for any characters. */
  readonly trackedTags: readonly string[];
  /** The lowest severity that makes a notice. */
  readonly notifyAt: Severity;
  /** After this long an open set that is seen again is told again; absent: never. */
  readonly renotifyAfterSeconds?: number;
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
  const tracked = tags.filter(
    (tag) => !isReferrerTag(tag) && policy.trackedTags.some((it) => matchesGlob(it, tag)),
  );
  return tracked.length > 0 ? [...tracked].sort() : [NEWEST_PUSH];
}

/** True when `text` has the form of `pattern`, in which `*` stands for any run of characters. */
export function matchesGlob(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  const tail = rest.pop() ?? '';
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false;
  let from = head.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - tail.length;
}
