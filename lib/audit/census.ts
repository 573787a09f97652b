import type { Digest } from '../image/digest.ts';
import type { ListedImage } from '../image/listed-image.ts';
import { provenanceOf } from '../image/provenance.ts';
import type { Image, Tag } from '../image/reference.ts';
import { isReferrerTag, tagForm } from '../image/tag-form.ts';
import type { Instant } from '../instant.ts';
import { mayMove, type RepositorySettings } from './settings.ts';

/** Images whose records are looked up for a commit: as many as one request to the table takes. */
const MOST_UNNAMED = 100;
const MOST_EXAMPLES = 3;

/** What is kept of the images of a repository, page by page: never all of them. */
export interface Census {
  readonly images: number;
  /** Those that run, as far as they are listed. */
  readonly listed: ReadonlyMap<Digest, Pick<ListedImage, 'isArchived' | 'pushedAt' | 'kind'>>;
  readonly mostTags: { readonly count: number; readonly digest?: Digest };
  /** Tags that name a release or a commit, and can be moved. */
  readonly movable: { readonly count: number; readonly examples: readonly Tag[] };
  /** The newest images with tags none of which names a commit. */
  readonly unnamed: readonly { readonly image: Image; readonly pushedAt: Instant; readonly tag: Tag }[];
}

export const NO_IMAGES: Census = {
  ...{ images: 0, listed: new Map(), mostTags: { count: 0 } },
  ...{ movable: { count: 0, examples: [] }, unnamed: [] },
};

/** The census with one more page; `running` are the digests that run. */
export function counted(
  census: Census,
  page: readonly ListedImage[],
  settings: RepositorySettings,
  running: ReadonlySet<Digest>,
): Census {
  const movable = page.flatMap(({ tags }) => tags.filter((tag) => isFixed(tag) && mayMove(tag, settings)));
  const most = page.reduce(
    (top, { tags, image }) => (tags.length > top.count ? { count: tags.length, digest: image.digest } : top),
    census.mostTags,
  );
  return {
    images: census.images + page.length,
    listed: withRunning(census.listed, page, running),
    mostTags: most,
    movable: {
      count: census.movable.count + movable.length,
      examples: [...census.movable.examples, ...movable].slice(0, MOST_EXAMPLES),
    },
    unnamed: newest([...census.unnamed, ...page.flatMap(unnamedOf)]),
  };
}

/** A name that people take for one image for ever. */
function isFixed(tag: Tag): boolean {
  return ['commit', 'version', 'build-number'].includes(tagForm(tag).kind);
}

function withRunning(
  listed: Census['listed'],
  page: readonly ListedImage[],
  running: ReadonlySet<Digest>,
): Census['listed'] {
  if (running.size === 0) return listed;
  const found = page.filter(({ image }) => running.has(image.digest));
  return found.length === 0
    ? listed
    : new Map([...listed, ...found.map((it) => [it.image.digest, it] as const)]);
}

function unnamedOf({ image, kind, tags, pushedAt, isArchived }: ListedImage): Census['unnamed'] {
  if (isArchived || (kind !== 'image' && kind !== 'index')) return [];
  const own = tags.filter((tag) => !isReferrerTag(tag) && tagForm(tag).kind !== 'cache');
  const [tag] = own;
  return tag === undefined || provenanceOf(own) ? [] : [{ image, pushedAt, tag }];
}

function newest(unnamed: Census['unnamed']): Census['unnamed'] {
  if (unnamed.length <= MOST_UNNAMED) return unnamed;
  return [...unnamed].sort((a, b) => (a.pushedAt < b.pushedAt ? 1 : -1)).slice(0, MOST_UNNAMED);
}
