import { BadReference } from '../errors.ts';
import { looksLikeNumber } from '../image/commit.ts';
import { parseTag, type Tag } from '../image/reference.ts';
import { tagForm } from '../image/tag-form.ts';
import { type Checkout, isDirty } from './checkout.ts';

/** Names beside those that git has. */
export interface Wishes {
  /** An environment: its `<env>-latest` is to point here. */
  readonly env?: string;
  /** The number of the build. */
  readonly build?: string;
}

/** A version as SemVer writes it, of a length that leaves room for the commit. */
const VERSION = /^v?(\d{1,6}\.\d{1,9}\.\d{1,9}(?:[-+][0-9A-Za-z.+-]{1,60})?)$/;
const ENV = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;
const BUILD = /^\d{1,18}$/;

/** The versions that the commit was tagged with, as `v1.2.3`, in the order of the checkout. A tag has no `+`. */
export function versionsOf({ tags }: Checkout): readonly string[] {
  const versions = tags.flatMap((tag) => VERSION.exec(tag)?.[1] ?? []);
  return [...new Set(versions.map((version) => `v${version.replaceAll('+', '-')}`))];
}

/**
 * The tags of an image that is built from a checkout: `<commit>`, `v1.2.3-<short>`, `<env>-latest`, `build-N`, in this
 * order and the first one always. Of a dirty tree those that name the commit end in `-dirty`. None of them is `latest`
 * alone, and none leads `who` to another commit. Throws BadReference for a name that cannot be a part of a tag.
 */
export function tagsOf(checkout: Checkout, { env, build }: Wishes): readonly Tag[] {
  if (build !== undefined && !BUILD.test(build)) throw new BadReference('--build takes a number: 57');
  const { commit } = checkout;
  const short = unmistakable(checkout);
  const mark = isDirty(checkout) ? '-dirty' : '';
  const texts = [
    `${commit}${mark}`,
    ...versionsOf(checkout).map((version) => `${version}-${short}${mark}`),
    ...(env === undefined ? [] : [moving(env)]),
    ...(build === undefined ? [] : [`build-${build}`]),
  ];
  return texts.map(parseTag);
}

/** `v1.2.3-latest` would be read as a version, `buildcache-latest` as no image at all. */
function moving(env: string): string {
  if (!ENV.test(env)) throw new BadReference('--env takes letters, digits, _, . and -, 100 at most: prod');
  const tag = parseTag(`${env}-latest`);
  if (tagForm(tag).kind === 'mutable') return tag;
  throw new BadReference(`--env takes the name of an environment: ${tag} would be read as something else`);
}

/** Only digits would be read as a number or a date. */
function unmistakable({ commit, short }: Checkout): string {
  const ends = Array.from({ length: commit.length - short.length }, (_, more) => short.length + more);
  const end = ends.find((length) => !looksLikeNumber(commit.slice(0, length)));
  return commit.slice(0, end ?? commit.length);
}
