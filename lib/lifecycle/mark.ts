import type { Instant } from '../instant.ts';
import { dueAt } from './age.ts';
import { seenBy } from './claim.ts';
import { type Place, placesOf } from './place.ts';
import type { Rule } from './rule.ts';
import type { StoredImage } from './stored-image.ts';

/** What the rules say of one image by itself, before what lists it is looked at. */
export interface Mark {
  /** The rule that takes it; absent when none does. */
  readonly rule?: Rule;
  readonly isMarked: boolean;
  /** Of a rule about age: when it is, was or will be due. */
  readonly due?: Instant;
  /** Of a rule that counts. */
  readonly place?: Place;
  /** It would be kept if others of the same time went first. */
  readonly isTied: boolean;
}

/**
 * Marks each image by the rule that takes it. A rule counts all that it identifies: "Rules can never mark images that
 * are marked by higher priority rules, but can still identify them as if they haven't been expired or archived."
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
 */
export function marksOf(
  rules: readonly Rule[],
  images: readonly StoredImage[],
  now: Instant,
): ReadonlyMap<StoredImage, Mark> {
  const { claims, counted } = seenBy(rules, images);
  const places = new Map([...counted].map(([rule, identified]) => [rule, placesOf(identified)]));
  return new Map(
    images.map((image) => {
      const rule = claims.get(image);
      return [image, rule ? markBy(rule, image, places.get(rule)?.get(image), now) : UNTOUCHED] as const;
    }),
  );
}

const UNTOUCHED: Mark = { isMarked: false, isTied: false };

function markBy(rule: Rule, image: StoredImage, place: Place | undefined, now: Instant): Mark {
  const { criterion } = rule;
  if (criterion.by === 'age') {
    const due = dueAt(criterion, image);
    return { rule, isMarked: due !== undefined && due < now, isTied: false, ...(due && { due }) };
  }
  if (!place) return { rule, isMarked: false, isTied: false };
  const isMarked = place.rank > criterion.keeps;
  const isTied = isMarked && place.rank - place.tied <= criterion.keeps;
  return { rule, isMarked, isTied, place };
}
