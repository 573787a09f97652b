import type { Digest } from '../image/digest.ts';
import type { Instant } from '../instant.ts';
import { type Mark, marksOf } from './mark.ts';
import type { Rule } from './rule.ts';
import type { Listings, StoredImage } from './stored-image.ts';

type Fate = 'kept' | 'expires' | 'archived';

/** What becomes of an image, by which rule, and why. */
export interface Verdict extends Mark {
  readonly image: StoredImage;
  readonly fate: Fate;
  /** A rule marks it, and these indexes that list it stay. */
  readonly heldBy: readonly Digest[];
  /** It goes, and these indexes that list it go first. */
  readonly after: readonly Digest[];
  /** It goes with the image that it is about. */
  readonly follows?: Digest;
}

/**
 * What a lifecycle policy does to the images of a repository at an instant. ECR acts within 24 hours of it.
 * Two things hold what the rules alone say: "If an image is referenced by a manifest list, it cannot be expired or
 * archived without the manifest list being deleted or archived first", and reference artifacts go with their subject.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
 */
export function evaluate(
  rules: readonly Rule[],
  images: readonly StoredImage[],
  listings: Listings,
  now: Instant,
): readonly Verdict[] {
  const marks = marksOf(rules, images, now);
  const byDigest = new Map(images.map((image) => [image.digest, image]));
  const indexesOf = parentsOf(listings, byDigest);
  const own = images.map((image): Surroundings => {
    const mark = marks.get(image) ?? { isMarked: false, isTied: false };
    const indexes = (indexesOf.get(image.digest) ?? []).filter((it) => it.storageClass === 'standard');
    const subject = image.subject && byDigest.get(image.subject);
    return { image, mark, indexes, ...(subject && { subject }) };
  });
  const fates = fatesOf(own);
  return own.map((it) => verdictOf(it, fates));
}

/** An image with what holds it and what takes it with it. */
interface Surroundings {
  readonly image: StoredImage;
  readonly mark: Mark;
  readonly indexes: readonly StoredImage[];
  readonly subject?: StoredImage;
}

/** What goes, one after the other, until nothing more can go: an index may be about an image that it lists. */
function fatesOf(all: readonly Surroundings[]): ReadonlyMap<Digest, Fate> {
  const fates = new Map<Digest, Fate>();
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (const { image, mark, indexes, subject } of all) {
      const isHeld = indexes.some(({ digest }) => isKept(fates, digest));
      const fate = isHeld
        ? 'kept'
        : worse(fateBy(mark), (subject && fates.get(subject.digest)) ?? 'kept', image);
      hasChanged ||= fate !== (fates.get(image.digest) ?? 'kept');
      fates.set(image.digest, fate);
    }
  }
  return fates;
}

function verdictOf(
  { image, mark, indexes, subject }: Surroundings,
  fates: ReadonlyMap<Digest, Fate>,
): Verdict {
  const fate = fates.get(image.digest) ?? 'kept';
  const isGoing = fate !== 'kept';
  return {
    ...{ ...mark, image, fate },
    heldBy: mark.isMarked ? digestsOf(indexes).filter((it) => isKept(fates, it)) : [],
    after: isGoing ? digestsOf(indexes) : [],
    ...(subject && isGoing && fate !== fateBy(mark) && { follows: subject.digest }),
  };
}

function isKept(fates: ReadonlyMap<Digest, Fate>, digest: Digest): boolean {
  return (fates.get(digest) ?? 'kept') === 'kept';
}

function fateBy({ isMarked, rule }: Mark): Fate {
  if (!isMarked) return 'kept';
  return rule?.action === 'archive' ? 'archived' : 'expires';
}

/** Of what becomes of an image and of its subject the one that leaves less; what is archived already stays so. */
function worse(own: Fate, subject: Fate, { storageClass }: StoredImage): Fate {
  const fates = [own, subject];
  if (fates.includes('expires')) return 'expires';
  return storageClass === 'standard' && fates.includes('archived') ? 'archived' : 'kept';
}

function digestsOf(images: readonly StoredImage[]): readonly Digest[] {
  return images.map(({ digest }) => digest);
}

/** The indexes that list each image, of those that are there. */
function parentsOf(listings: Listings, byDigest: ReadonlyMap<Digest, StoredImage>) {
  const parents = new Map<Digest, StoredImage[]>();
  for (const [index, listed] of listings) {
    const parent = byDigest.get(index);
    if (!parent) continue;
    for (const digest of new Set(listed)) {
      const known = parents.get(digest);
      if (known) known.push(parent);
      else parents.set(digest, [parent]);
    }
  }
  return parents;
}
