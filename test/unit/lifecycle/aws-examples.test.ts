import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../lib/lifecycle/evaluate.ts';
import { parseLifecyclePolicy } from '../../../lib/lifecycle/parse.ts';
import type { Listings, StoredImage } from '../../../lib/lifecycle/stored-image.ts';
import { daysAgo, NOW, named, policyText, stored } from '../../build/stored.ts';

const GUIDE = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide';
const RULES = `${GUIDE}/LifecyclePolicies.html#lp_evaluation_rules`;
const EXAMPLES = `${GUIDE}/lifecycle_policy_examples.html`;
const PARAMETERS = `${GUIDE}/lifecycle_policy_parameters.html`;
const ARCHIVE = { action: { type: 'transition', targetStorageClass: 'archive' } };

const tagged = (tagPatternList: readonly string[]) => ({ tagStatus: 'tagged', tagPatternList });
const count = (countNumber: number) => ({ countType: 'imageCountMoreThan', countNumber });
const since = (what: string, countNumber: number) => ({
  countType: `since${what}`,
  countUnit: 'days',
  countNumber,
});
const rule = (...parts: readonly object[]) => ({ selection: Object.assign({}, ...parts) });
const ANY = { tagStatus: 'any' };
const UNTAGGED = { tagStatus: 'untagged' };
const OF_ARCHIVE = { storageClass: 'archive' };

const BETAS = [
  stored('A', ['beta-1', 'prod-1'], 10),
  stored('B', ['beta-2', 'prod-2'], 9),
  stored('C', ['beta-3'], 8),
];
const ARCHIVED = { storageClass: 'archive' } as const;

interface Case {
  readonly source: string;
  readonly rules: readonly object[];
  readonly images: readonly StoredImage[];
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  /** Names of what goes, and how. */
  readonly goes: Readonly<Record<string, 'expires' | 'archived'>>;
}

const CASES: Readonly<Record<string, Case>> = {
  'tags that begin with prod, older than 14 days': {
    source: `${EXAMPLES}#lifecycle_policy_example_age`,
    rules: [rule(tagged(['prod*']), since('ImagePushed', 14))],
    images: [stored('A', ['prod-1'], 15), stored('B', ['prod-2'], 14), stored('C', ['dev-1'], 99)],
    goes: { A: 'expires' },
  },
  'archived when not pulled for 90 days': {
    source: `${EXAMPLES}#lifecycle_policy_example_last_pulled`,
    rules: [{ ...rule(ANY, since('ImagePulled', 90)), ...ARCHIVE }],
    images: [
      stored('A', ['v1'], 400, { pulledAt: daysAgo(91) }),
      stored('B', ['v2'], 400, { pulledAt: daysAgo(89) }),
    ],
    goes: { A: 'archived' },
  },
  'expired after 365 days in the archive': {
    source: `${EXAMPLES}#lifecycle_policy_example_transitioned`,
    rules: [rule(ANY, OF_ARCHIVE, since('ImageTransitioned', 365))],
    images: [
      stored('A', ['v1'], 900, { ...ARCHIVED, archivedAt: daysAgo(366) }),
      stored('B', ['v2'], 900, { ...ARCHIVED, archivedAt: daysAgo(364) }),
      stored('C', ['v3'], 900),
    ],
    goes: { A: 'expires' },
  },
  'one untagged image is kept': {
    source: `${EXAMPLES}#lifecycle_policy_example_number`,
    rules: [rule(UNTAGGED, count(1))],
    images: [stored('A', [], 3), stored('B', [], 2), stored('C', ['v1'], 9), stored('D', [], 1)],
    goes: { A: 'expires', B: 'expires' },
  },
  'multiple rules, example A: B is safe from rule 2 because rule 1 saw it': {
    source: `${EXAMPLES}#lp_example_multiple_a`,
    rules: [rule(tagged(['prod*']), count(1)), rule(tagged(['beta*']), count(1))],
    images: BETAS,
    goes: { A: 'expires' },
  },
  'multiple rules, example B: the order the other way': {
    source: `${EXAMPLES}#lp_example_multiple_b`,
    rules: [rule(tagged(['beta*']), count(1)), rule(tagged(['prod*']), count(1))],
    images: BETAS,
    goes: { A: 'expires', B: 'expires' },
  },
  'multiple tags in a rule, example A: an image needs both': {
    source: `${EXAMPLES}#lp_example_difftype_a`,
    rules: [rule(tagged(['alpha*', 'beta*']), since('ImagePushed', 5))],
    images: [
      ...[stored('A', ['alpha-1'], 12), stored('B', ['beta-1'], 11), stored('C', ['alpha-2', 'beta-2'], 10)],
      ...[stored('D', ['alpha-3'], 4), stored('E', ['beta-3'], 3), stored('F', ['alpha-4', 'beta-4'], 2)],
    ],
    goes: { C: 'expires' },
  },
  'multiple tags in a rule, example B: tags are not exclusive': {
    source: `${EXAMPLES}#lp_example_difftype_b`,
    rules: [rule(tagged(['alpha*', 'beta*']), count(1))],
    images: [
      stored('A', ['alpha-1', 'beta-1', 'gamma-1'], 10),
      stored('B', ['alpha-2', 'beta-2'], 9),
      stored('C', ['alpha-3', 'beta-3', 'gamma-2'], 8),
    ],
    goes: { A: 'expires', B: 'expires' },
  },
  'all images, example A: the newest is kept': {
    source: `${EXAMPLES}#lp_example_allimages`,
    rules: [rule(ANY, count(1))],
    images: [
      stored('A', ['alpha-1'], 4),
      stored('B', ['beta-1'], 3),
      stored('C', [], 2),
      stored('D', ['alpha-2'], 1),
    ],
    goes: { A: 'expires', B: 'expires', C: 'expires' },
  },
  'all images, example B: every type of rule; E is the newest and counts for rule 3': {
    source: `${EXAMPLES}#lp_example_allimages`,
    rules: [rule(tagged(['alpha*']), count(1)), rule(UNTAGGED, since('ImagePushed', 1)), rule(ANY, count(1))],
    images: [
      ...[stored('A', ['alpha-1', 'beta-1'], 4), stored('B', [], 3), stored('C', ['alpha-2'], 2)],
      // Both are called "1 day ago": which is the newer is not said, and nothing depends on it.
      ...[stored('D', ['git hash'], 1), stored('E', [], 1)],
    ],
    goes: { A: 'expires', B: 'expires', D: 'expires' },
  },
  'production images are archived after 30 days': {
    source: `${EXAMPLES}#lp_example_archive_age`,
    rules: [{ ...rule(tagged(['prod*']), since('ImagePushed', 30)), ...ARCHIVE }],
    images: [stored('A', ['prod-1'], 31), stored('B', ['prod-2'], 29)],
    goes: { A: 'archived' },
  },
  'never pulled: the push counts': {
    source: RULES,
    rules: [{ ...rule(ANY, since('ImagePulled', 90)), ...ARCHIVE }],
    images: [stored('A', ['v1'], 91), stored('B', ['v2'], 89)],
    goes: { A: 'archived' },
  },
  'restored and not pulled since: the restoration counts': {
    source: RULES,
    rules: [{ ...rule(ANY, since('ImagePulled', 90)), ...ARCHIVE }],
    images: [
      stored('A', ['v1'], 900, { pulledAt: daysAgo(300), restoredAt: daysAgo(5) }),
      stored('B', ['v2'], 900, { pulledAt: daysAgo(95), restoredAt: daysAgo(200) }),
    ],
    goes: { B: 'archived' },
  },
  'archived after 30 days, expired after a year there: each rule has its storage class': {
    source: `${EXAMPLES}#lp_example_archive_delete`,
    rules: [
      { ...rule(ANY, since('ImagePushed', 30)), ...ARCHIVE },
      rule(ANY, OF_ARCHIVE, since('ImageTransitioned', 365)),
    ],
    images: [
      stored('A', ['v1'], 31),
      stored('B', ['v2'], 900, { ...ARCHIVED, archivedAt: daysAgo(366) }),
      stored('C', ['v3'], 900, { ...ARCHIVED, archivedAt: daysAgo(100) }),
    ],
    goes: { A: 'archived', B: 'expires' },
  },
  'a restored image is as new as its restoration': {
    source: RULES,
    rules: [rule(ANY, count(1))],
    images: [stored('A', ['v1'], 900, { restoredAt: daysAgo(1) }), stored('B', ['v2'], 2)],
    goes: { B: 'expires' },
  },
  'what a manifest list names stays as long as the list': {
    source: RULES,
    rules: [rule(UNTAGGED, since('ImagePushed', 7))],
    images: [stored('I', ['v1'], 30, { kind: 'index' }), stored('A', [], 30), stored('B', [], 30)],
    lists: { I: ['A'] },
    goes: { B: 'expires' },
  },
  'what a manifest list names goes after the list': {
    source: RULES,
    rules: [rule(tagged(['v*']), since('ImagePushed', 7)), rule(UNTAGGED, since('ImagePushed', 7))],
    images: [stored('I', ['v1'], 30, { kind: 'index' }), stored('A', [], 30)],
    lists: { I: ['A'] },
    goes: { I: 'expires', A: 'expires' },
  },
  'a signature goes with the image that it is about': {
    source: RULES,
    rules: [rule(tagged(['v*']), count(1))],
    images: [
      ...[stored('A', ['v1'], 2), stored('B', ['v2'], 1)],
      stored('S', [], 2, { kind: 'artifact', subject: named('A') }),
      stored('T', [], 1, { kind: 'artifact', subject: named('B') }),
    ],
    goes: { A: 'expires', S: 'expires' },
  },
  '*prod* is anywhere, prod* is the beginning': {
    source: RULES,
    rules: [rule(tagged(['prod*']), count(1)), rule(tagged(['*prod*']), count(1))],
    images: [
      ...[stored('A', ['prod'], 9), stored('B', ['production-team1'], 8)],
      ...[stored('C', ['repo-production'], 7), stored('D', ['prod-team'], 6), stored('E', ['x'], 5)],
    ],
    // C is the only one that rule 1 does not take, and rule 2 sees D, which is newer.
    goes: { A: 'expires', B: 'expires', C: 'expires' },
  },
  'several prefixes: all of them, each on any tag': {
    source: `${PARAMETERS}#lp_tag_prefix_list`,
    rules: [rule({ tagStatus: 'tagged', tagPrefixList: ['prod', 'v'] }, since('ImagePushed', 1))],
    images: [stored('A', ['prod-1', 'v1'], 5), stored('B', ['prod-2'], 5), stored('C', ['v3', 'other'], 5)],
    goes: { A: 'expires' },
  },
};

describe('what AWS’s documentation says comes out', () => {
  test('of twenty cases and more', () => {
    expect(Object.keys(CASES).length).toBeGreaterThanOrEqual(20);
  });

  test.each(Object.entries(CASES))('%s', (_, { source, rules, images, lists = {}, goes }) => {
    const parsed = parseLifecyclePolicy(policyText(...rules));
    if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
    const listings: Listings = new Map(
      Object.entries(lists).map(([index, names]) => [named(index), names.map(named)]),
    );
    const expected = Object.entries(goes).map(([name, fate]) => [named(name), fate]);
    const going = evaluate(parsed.rules, images, listings, NOW)
      .filter(({ fate }) => fate !== 'kept')
      .map(({ image, fate }) => [image.digest, fate]);
    expect(Object.fromEntries(going), source).toEqual(Object.fromEntries(expected));
  });
});
