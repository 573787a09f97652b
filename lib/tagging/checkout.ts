import type { RepoUrl } from '../image/repo-url.ts';

/** What a work tree is of. */
export interface Checkout {
  /** 40 or 64 hex characters. */
  readonly commit: string;
  /** As few of them, 7 at least, as tell it from the other commits of the clone. */
  readonly short: string;
  /** The history ends somewhere, and its tags may not be here. */
  readonly isShallow: boolean;
  /** The tags on this very commit, newest version first, as somebody wrote them. */
  readonly tags: readonly string[];
  /** Where `origin` is, without the name and password in its address. */
  readonly source?: RepoUrl;
  /** Files that are not as in the commit. */
  readonly changedCount: number;
  /** Files that git neither knows nor ignores; they are in an image that copies the folder. */
  readonly untrackedCount: number;
}

/** An image that is built from it is not of the commit. */
export function isDirty({ changedCount, untrackedCount }: Checkout): boolean {
  return changedCount + untrackedCount > 0;
}
