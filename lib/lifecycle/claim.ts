import { raw, type Untrusted } from '../image/untrusted.ts';
import { matchesGlob } from '../policy/glob.ts';
import type { Rule, TagSelection } from './rule.ts';
import type { StoredImage } from './stored-image.ts';

/** What the rules of a policy see of images, before any of them is counted or told its age. */
export interface Seen {
  /**
   * The one rule that may act on an image: the first one that identifies it, even if that one keeps it. "An image that
   * matches the tagging requirements of a rule cannot be expired or archived by a rule with a lower priority."
   * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
   */
  readonly claims: ReadonlyMap<StoredImage, Rule>;
  /** All images that a counting rule identifies, those of other rules with them. */
  readonly counted: ReadonlyMap<Rule, readonly StoredImage[]>;
}

/** Holds every rule against every image, by storage class and tags. */
export function seenBy(rules: readonly Rule[], images: readonly StoredImage[]): Seen {
  const claims = new Map<StoredImage, Rule>();
  const counted = new Map<Rule, readonly StoredImage[]>();
  for (const rule of [...rules].sort((a, b) => a.priority - b.priority)) {
    const hasTags = tagsTest(rule.tags);
    const isCount = rule.criterion.by === 'count';
    const sees = (image: StoredImage) => image.storageClass === rule.storageClass && hasTags(image.tags);
    const identified = images.filter((image) => (isCount || !claims.has(image)) && sees(image));
    if (isCount) counted.set(rule, identified);
    for (const image of identified) if (!claims.has(image)) claims.set(image, rule);
  }
  return { claims, counted };
}

/** Every pattern, or every prefix, must match one of the tags; not all of them the same. */
function tagsTest(selection: TagSelection): (tags: readonly Untrusted[]) => boolean {
  if (selection.status === 'any') return () => true;
  if (selection.status === 'untagged') return (tags) => tags.length === 0;
  const tests =
    'patterns' in selection ? selection.patterns.map(globTest) : selection.prefixes.map(prefixTest);
  return (tags) => tests.every((test) => tags.some((tag) => test(raw(tag))));
}

/** What a pattern begins with is looked at first: a repository has a hundred thousand images, a policy fifty rules. */
function globTest(pattern: string): (text: string) => boolean {
  const [head = ''] = pattern.split('*', 1);
  return (text) => text.startsWith(head) && matchesGlob(pattern, text);
}

function prefixTest(prefix: string): (text: string) => boolean {
  return (text) => text.startsWith(prefix);
}
