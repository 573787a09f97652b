import * as v from 'valibot';

// What a lifecycle policy may say, field by field:
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
export const MAX_CHARACTERS = 30_720;
/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MAX_RULES = 50;
const MAX_STARS = 4;

const Whole = (says: string) =>
  v.pipe(v.number(says), v.integer(says), v.minValue(1, says), v.maxValue(Number.MAX_SAFE_INTEGER, says));

const Prefix = v.pipe(
  v.string('takes the beginning of a tag'),
  v.minLength(1, 'takes the beginning of a tag, not an empty text'),
  v.check((it) => !it.includes('*'), 'takes the beginning of a tag: * has a meaning in tagPatternList only'),
);

const Pattern = v.pipe(
  v.string('takes a tag, in which * stands for any characters'),
  v.minLength(1, 'takes a tag, in which * stands for any characters, not an empty text'),
  v.check((it) => it.split('*').length - 1 <= MAX_STARS, `takes ${MAX_STARS} * at most`),
);

const listOf = (item: typeof Prefix | typeof Pattern) =>
  v.optional(v.pipe(v.array(item, 'takes a list'), v.minLength(1, 'takes one entry at least')));

const Selection = v.strictObject({
  tagStatus: v.picklist(['tagged', 'untagged', 'any'], 'takes tagged, untagged or any'),
  tagPatternList: listOf(Pattern),
  tagPrefixList: listOf(Prefix),
  storageClass: v.optional(v.picklist(['standard', 'archive'], 'takes standard or archive')),
  countType: v.picklist(
    ['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'],
    'takes imageCountMoreThan, sinceImagePushed, sinceImagePulled or sinceImageTransitioned',
  ),
  countUnit: v.optional(v.picklist(['days'], 'takes days')),
  countNumber: Whole('takes a whole number from 1'),
});

const PolicyRule = v.strictObject({
  rulePriority: Whole('takes a whole number from 1'),
  description: v.optional(v.string('takes a text')),
  selection: Selection,
  action: v.strictObject({
    type: v.picklist(['expire', 'transition'], 'takes expire or transition'),
    targetStorageClass: v.optional(v.picklist(['archive'], 'takes archive')),
  }),
});

/** A policy as it is written; what its rules may be together is checked apart. */
export const PolicyText = v.strictObject({
  rules: v.pipe(
    v.array(PolicyRule, 'takes a list of rules'),
    v.minLength(1, 'takes one rule at least'),
    v.maxLength(MAX_RULES, `takes ${MAX_RULES} rules at most`),
  ),
});

export type WrittenRule = v.InferOutput<typeof PolicyRule>;
