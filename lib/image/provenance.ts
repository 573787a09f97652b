import type { Tag } from './reference.ts';

/** How strongly a source names a commit; lower is stronger. Annotations and attestations will take 0 to 6. */
export const TIERS = { 'tag-full': 7, 'tag-short': 8 } as const;
export type Tier = keyof typeof TIERS;

/** One source that names a commit. */
export interface Evidence {
  /** 7 to 40 hex characters. */
  readonly commit: string;
  readonly tier: Tier;
  /** The tag that says so. */
  readonly tag: Tag;
}

/** The strongest evidence, and the evidence that names another commit than it. */
export interface Provenance {
  readonly best: Evidence;
  readonly conflicts: readonly Evidence[];
}

const REFERRER_TAG = /^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$/;
const FULL = /^[0-9a-f]{40}$/;
const DESCRIBED = /-g([0-9a-f]{7,40})(?:-dirty)?$/;
const PREFIXED = /^(?:sha|git|commit)-([0-9a-f]{7,40})$/;
const ENDING = /(?:^|[-_.])([0-9a-f]{7,40})(?:-\d{9,13})?$/;

/** Tags that a client writes where the referrers API is missing; never a name that people gave an image. */
export function isReferrerTag(tag: Tag): boolean {
  return REFERRER_TAG.test(tag);
}

/**
 * The commit that a tag's text names, by the conventions that CI tools use (full or short SHA, `sha-` prefix,
 * `v1.2.3-abc1234`, `git describe`, `branch-sha-timestamp`). A short run of digits without a mark looks the
 * same as a build number or a date, so it names nothing.
 */
export function commitInTag(tag: Tag): Evidence | undefined {
  if (isReferrerTag(tag)) return undefined;
  if (FULL.test(tag)) return { commit: tag, tier: 'tag-full', tag };
  const marked = DESCRIBED.exec(tag)?.[1] ?? PREFIXED.exec(tag)?.[1];
  const commit = marked ?? ENDING.exec(tag)?.[1];
  if (!commit || (!marked && /^\d{7,39}$/.test(commit))) return undefined;
  return { commit, tier: commit.length === 40 ? 'tag-full' : 'tag-short', tag };
}

/** Weighs what all tags of one digest say: CI often pushes `latest` and `<sha>` together. */
export function provenanceOf(tags: readonly Tag[]): Provenance | undefined {
  const evidence = tags.flatMap((tag) => commitInTag(tag) ?? []).sort(byStrength);
  const [best] = evidence;
  return best && { best, conflicts: evidence.filter(({ commit }) => !sameCommit(commit, best.commit)) };
}

/** True when one is a prefix of the other. */
export function sameCommit(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function byStrength(a: Evidence, b: Evidence): number {
  return TIERS[a.tier] - TIERS[b.tier] || b.commit.length - a.commit.length || (a.tag < b.tag ? -1 : 1);
}
