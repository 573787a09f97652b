import { looksLikeNumber } from './commit.ts';
import type { Evidence } from './evidence.ts';
import type { Tag } from './reference.ts';

/** What a tag's text says by the conventions that people and CI tools follow. */
export type TagForm =
  /** It names a commit, as far as a text can. */
  | { readonly kind: 'commit'; readonly commit: string; readonly isDirty?: true }
  /** It may name a commit and may be a number, a date or a hash of content: for other evidence to confirm. */
  | { readonly kind: 'ambiguous'; readonly commit: string; readonly isDirty?: true }
  | { readonly kind: 'version' | 'floating-version' | 'build-number' | 'mutable' | 'referrer' | 'cache' };

const REFERRER_TAG = /^sha256-[0-9a-f]{64}(\.(sig|att|sbom))?$/;
const CACHE = /^(?:(?:build)?cache|.*[-_.]buildcache|buildcache[-_.].*)$/;
const HEX_64 = /^(?:(?:sha|git|commit)-)?([0-9a-f]{64})$/;
const DESCRIBED = /-g([0-9a-f]{7,40})(-dirty)?$/;
const PREFIXED = /^(?:sha|git|commit)-([0-9a-f]{7,40})(-dirty)?$/;
const BUILD_NUMBER = /^(?:(?:build|run)[-_.]?\d+|b[-_.]?\d{1,5}|b[-_.]\d+)$/;
/** `b` and digits: a short commit as well. One in 250 short commits looks so, and many build numbers do. */
const BUILD_OR_COMMIT = /^b\d{6,38}$/;
const VERSION = /^v?\d{1,6}\.\d{1,9}\.\d{1,9}$/;
/** Flux and others write the time behind the commit, in seconds, milliseconds, or as a date. */
const ENDING = /(?:^|[-_.])([0-9a-f]{7,40})(?:-\d{8,14})?(-dirty)?$/;
const PRE_RELEASE = /^v?\d{1,6}\.\d{1,9}\.\d{1,9}[-+_.]/;
const FLOATING = /^v?(?:\d{1,3}|\d{1,4}\.\d{1,6})$/;
const NUMBER = /^\d+$/;

/** Tags that a client writes where the referrers API is missing; never a name that people gave an image. */
export function isReferrerTag(tag: Tag): boolean {
  return REFERRER_TAG.test(tag);
}

/** Says what a tag is. Nothing is looked up: `deadbeef` is a commit here, and stays unverified for that. */
export function tagForm(tag: Tag): TagForm {
  if (REFERRER_TAG.test(tag)) return { kind: 'referrer' };
  if (CACHE.test(tag)) return { kind: 'cache' };
  const ambiguous = HEX_64.exec(tag)?.[1] ?? BUILD_OR_COMMIT.exec(tag)?.[0];
  if (ambiguous) return { kind: 'ambiguous', commit: ambiguous };
  if (VERSION.test(tag)) return { kind: 'version' };
  if (BUILD_NUMBER.test(tag)) return { kind: 'build-number' };
  const marked = PREFIXED.exec(tag) ?? DESCRIBED.exec(tag);
  if (marked?.[1]) return { kind: 'commit', commit: marked[1], ...(marked[2] && { isDirty: true }) };
  return endingIn(tag) ?? { kind: versionKind(tag) };
}

/** What a tag says of the commit; undefined when it says nothing. */
export function tagEvidence(tag: Tag): Evidence | undefined {
  const form = tagForm(tag);
  if (!('commit' in form)) return undefined;
  const { commit, isDirty } = form;
  return {
    commit,
    tier: commit.length >= 40 ? 'tag-full' : 'tag-short',
    source: { from: 'tag', tag },
    ...(isDirty && { isDirty }),
    ...(form.kind === 'ambiguous' && {
      doubt: commit.length === 64 ? 'looks-like-a-hash' : 'looks-like-a-number',
    }),
  };
}

function endingIn(tag: Tag): TagForm | undefined {
  const [, commit, dirty] = ENDING.exec(tag) ?? [];
  if (!commit) return undefined;
  return { kind: looksLikeNumber(commit) ? 'ambiguous' : 'commit', commit, ...(dirty && { isDirty: true }) };
}

function versionKind(tag: Tag): 'version' | 'floating-version' | 'build-number' | 'mutable' {
  if (PRE_RELEASE.test(tag)) return 'version';
  if (FLOATING.test(tag)) return 'floating-version';
  return NUMBER.test(tag) ? 'build-number' : 'mutable';
}
