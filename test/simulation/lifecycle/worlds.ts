import fc from 'fast-check';
import type { Digest } from '../../../lib/image/digest.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { toInstant } from '../../../lib/instant.ts';
import type { Listings, StoredImage } from '../../../lib/lifecycle/stored-image.ts';
import { NOW, named } from '../../build/stored.ts';
import type { PlainImage, PlainPolicy, PlainRule } from './naive.ts';

const HALF_DAY_MS = 43_200_000;
const TAGS = ['v1', 'v2', 'prod', 'prod-1', 'beta-1', 'alpha-1', 'repo-prod', 'a.b', 'latest'];
const PATTERNS = ['v*', '*', 'prod*', '*prod*', 'beta*', 'prod', '*-1', 'a.b', 'a*b', '*o*d*', 'v1'];
const PREFIXES = ['v', 'prod', 'beta', 'alpha-', 'a.', 'repo'];

/** A time so many half days before now: few of them, so that some are the same and some on the very edge of a rule. */
const past = (most: number) =>
  fc.integer({ min: 0, max: most }).map((halves) => new Date(Date.parse(NOW) - halves * HALF_DAY_MS));
const maybe = <T>(it: fc.Arbitrary<T>) => fc.option(it, { nil: undefined, freq: 2 });

const image = fc.record({
  tags: fc.subarray(TAGS, { maxLength: 3 }),
  isArchived: fc.integer({ min: 0, max: 3 }).map((it) => it === 0),
  pushed: past(12),
  pulled: maybe(past(12)),
  archived: maybe(past(200)),
  activated: fc.option(past(12), { nil: undefined, freq: 4 }),
  /** How far before it stand what it lists, and what it is about. */
  lists: fc.oneof(
    { weight: 3, arbitrary: fc.constant<number[]>([]) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }) },
  ),
  subject: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
  ),
});

const images = fc.array(image, { maxLength: 8 }).map((drafts) =>
  drafts.map(
    ({ isArchived, pulled, archived, activated, lists, subject, ...it }, nth): PlainImage => ({
      ...it,
      name: `image-${nth}`,
      status: isArchived ? 'ARCHIVED' : 'ACTIVE',
      // What a digest names was there before it: nothing goes round in a circle.
      lists: lists.filter((back) => back <= nth).map((back) => `image-${nth - back}`),
      ...(pulled && { pulled }),
      ...(archived && { archived }),
      ...(activated && { activated }),
      ...(subject > 0 && subject <= nth && { subject: `image-${nth - subject}` }),
    }),
  ),
);

const tags = fc.oneof(
  fc.constant({ tagStatus: 'untagged' as const }),
  fc.constant({ tagStatus: 'any' as const }),
  fc
    .subarray(PATTERNS, { minLength: 1, maxLength: 2 })
    .map((tagPatternList) => ({ tagStatus: 'tagged' as const, tagPatternList })),
  fc
    .subarray(PREFIXES, { minLength: 1, maxLength: 2 })
    .map((tagPrefixList) => ({ tagStatus: 'tagged' as const, tagPrefixList })),
);
const EXPIRE = { type: 'expire' } as const;
const ARCHIVE = { type: 'transition', targetStorageClass: 'archive' } as const;
const days = { countUnit: 'days' } as const;
const some = fc.integer({ min: 1, max: 5 });
const standard = fc.constantFrom({}, { storageClass: 'standard' as const });

const rule: fc.Arbitrary<Omit<PlainRule, 'rulePriority'>> = fc.oneof(
  fc.tuple(tags, standard, some, fc.constantFrom(EXPIRE, ARCHIVE)).map(([tag, of, countNumber, action]) => ({
    selection: { ...tag, ...of, countType: 'imageCountMoreThan', countNumber },
    action,
  })),
  fc.tuple(tags, standard, some, fc.constantFrom(EXPIRE, ARCHIVE)).map(([tag, of, countNumber, action]) => ({
    selection: { ...tag, ...of, ...days, countType: 'sinceImagePushed', countNumber },
    action,
  })),
  fc.tuple(tags, standard, some).map(([tag, of, countNumber]) => ({
    selection: { ...tag, ...of, ...days, countType: 'sinceImagePulled', countNumber },
    action: ARCHIVE,
  })),
  fc.tuple(tags, fc.integer({ min: 90, max: 99 })).map(([tag, countNumber]) => ({
    selection: {
      ...tag,
      ...days,
      storageClass: 'archive' as const,
      countType: 'sinceImageTransitioned',
      countNumber,
    },
    action: EXPIRE,
  })),
);

/** Rules that ECR takes together: one without tags and one for all of each class, the latter last; no list twice. */
const policy = fc
  .tuple(fc.array(rule, { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([drafts, isReversed]): PlainPolicy => {
    const once = drafts.filter(
      (it, nth) => drafts.findIndex((other) => kindOf(other) === kindOf(it)) === nth,
    );
    const inOrder = [
      ...once.filter((it) => it.selection.tagStatus !== 'any'),
      ...once.filter((it) => it.selection.tagStatus === 'any'),
    ];
    const rules = inOrder.map((it, nth) => ({ rulePriority: 3 * nth + 1, ...it }));
    return { rules: isReversed ? rules.reverse() : rules };
  });

function kindOf({ selection }: Pick<PlainRule, 'selection'>): string {
  const { storageClass = 'standard', tagStatus, tagPatternList = [], tagPrefixList = [] } = selection;
  return [storageClass, tagStatus, ...tagPatternList, '|', ...tagPrefixList].join(' ');
}

/** A repository and a policy for it. */
export const worlds = fc.record({ images, policy });

/** The same images as the product reads them. */
export function asStored(plain: readonly PlainImage[]): {
  readonly images: readonly StoredImage[];
  readonly listings: Listings;
} {
  const images = plain.map(
    ({ name, tags: texts, status, pushed, pulled, archived, activated, subject, lists }): StoredImage => ({
      digest: digestOf(name),
      kind: lists.length > 0 ? 'index' : 'image',
      tags: texts.map(untrusted),
      sizeBytes: 1,
      storageClass: status === 'ARCHIVED' ? 'archive' : 'standard',
      pushedAt: toInstant(pushed),
      ...(pulled && { pulledAt: toInstant(pulled) }),
      ...(archived && { archivedAt: toInstant(archived) }),
      ...(activated && { restoredAt: toInstant(activated) }),
      ...(subject && { subject: digestOf(subject) }),
    }),
  );
  return { images, listings: new Map(plain.map(({ name, lists }) => [digestOf(name), lists.map(digestOf)])) };
}

const digests = new Map<string, Digest>();

/** Hashing the same eight names again and again would take most of the time. */
function digestOf(name: string): Digest {
  const known = digests.get(name) ?? named(name);
  digests.set(name, known);
  return known;
}
