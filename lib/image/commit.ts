/** A commit as somebody wrote it down. */
export interface WrittenCommit {
  /** 7 to 40 hex characters, or 64 of a SHA-256 repository. */
  readonly commit: string;
  /** Built with changes that are in no commit. */
  readonly isDirty?: true;
}

const COMMIT = /^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/;
const DIRTY = '-dirty';
/** What git and its forges write where there is no commit. */
const NONE = /^0+$/;

/** The commit that a text consists of, `-dirty` taken off and kept as a flag; undefined when it is anything else. */
export function parseCommit(text: string | undefined): WrittenCommit | undefined {
  if (text === undefined || text.length > 64 + DIRTY.length) return undefined;
  const isDirty = text.endsWith(DIRTY);
  const commit = isDirty ? text.slice(0, -DIRTY.length) : text;
  return COMMIT.test(commit) && !NONE.test(commit) ? { commit, ...(isDirty && { isDirty }) } : undefined;
}

/** True when one is a prefix of the other. */
export function sameCommit(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** True for a short commit that may as well be a build number or a date: one in 27 of 7 characters is all digits. */
export function looksLikeNumber(commit: string): boolean {
  return commit.length < 40 && /^\d+$/.test(commit);
}
