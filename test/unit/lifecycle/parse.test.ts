import { describe, expect, test } from 'vitest';
import { parseLifecyclePolicy } from '../../../lib/lifecycle/parse.ts';
import { policyText } from '../../build/stored.ts';

const UNTAGGED = { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 1 };
const ARCHIVED = {
  ...{ tagStatus: 'any', storageClass: 'archive', countType: 'sinceImageTransitioned' },
  ...{ countUnit: 'days', countNumber: 90 },
};
const PULLED = { tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber: 30 };
const TO_ARCHIVE = { action: { type: 'transition', targetStorageClass: 'archive' } };

const FIFTY_ONE = Array.from({ length: 51 }, (_, nth) => ({
  selection: { ...UNTAGGED, tagStatus: 'tagged', tagPrefixList: [`v${nth}`] },
}));

function errorsOf(text: string): readonly string[] {
  const parsed = parseLifecyclePolicy(text);
  return 'errors' in parsed ? parsed.errors.map(({ where, says }) => `${where} ${says}`) : [];
}

const one = (selection: object, more: object = {}) =>
  policyText({ selection: { ...UNTAGGED, ...selection }, ...more });
const tagged = (more: object) => one({ tagStatus: 'tagged', ...more });

test('a policy as ECR takes it becomes rules in the order of their priority', () => {
  const text = policyText(
    { rulePriority: 9, selection: ARCHIVED },
    { rulePriority: 7, selection: PULLED, ...TO_ARCHIVE, description: 'cold' },
    { rulePriority: 2, selection: { ...UNTAGGED, tagStatus: 'tagged', tagPrefixList: ['v'] } },
    { rulePriority: 3, selection: { ...UNTAGGED, tagStatus: 'tagged', tagPatternList: ['*test*1*2*3'] } },
  );
  expect(parseLifecyclePolicy(text)).toEqual({
    rules: [
      {
        ...{ priority: 2, storageClass: 'standard', tags: { status: 'tagged', prefixes: ['v'] } },
        ...{ criterion: { by: 'count', keeps: 1 }, action: 'expire' },
      },
      {
        ...{ priority: 3, storageClass: 'standard', tags: { status: 'tagged', patterns: ['*test*1*2*3'] } },
        ...{ criterion: { by: 'count', keeps: 1 }, action: 'expire' },
      },
      {
        ...{ priority: 7, description: 'cold', storageClass: 'standard', tags: { status: 'any' } },
        ...{ criterion: { by: 'age', since: 'pulled', days: 30 }, action: 'archive' },
      },
      {
        ...{ priority: 9, storageClass: 'archive', tags: { status: 'any' } },
        ...{ criterion: { by: 'age', since: 'archived', days: 90 }, action: 'expire' },
      },
    ],
  });
});

describe('every documented constraint is told, with its place', () => {
  test.each<[string, string, string]>([
    ['no JSON', '{', 'the policy is not JSON'],
    ['no object', 'null', 'the policy takes an object'],
    ['too long', ' '.repeat(30_721), 'the policy takes 30720 characters at most, and has 30721'],
    ['no rules', '{}', 'rules is missing'],
    ['an empty list of rules', '{"rules":[]}', 'rules takes one rule at least'],
    ['51 rules', policyText(...FIFTY_ONE), 'rules takes 50 rules at most'],
    [
      'a field that is none',
      one({}, { ruleName: 'x' }),
      'rules[0].ruleName is no field of a lifecycle policy',
    ],
    ['no selection', policyText({}), 'rules[0].selection is missing'],
    ['a priority of 0', one({}, { rulePriority: 0 }), 'rules[0].rulePriority takes a whole number from 1'],
    [
      'no tag status',
      one({ tagStatus: 'some' }),
      'rules[0].selection.tagStatus takes tagged, untagged or any',
    ],
    ['0 images', one({ countNumber: 0 }), 'rules[0].selection.countNumber takes a whole number from 1'],
    ['half a day', one({ countNumber: 0.5 }), 'rules[0].selection.countNumber takes a whole number from 1'],
    ['hours', one({ countUnit: 'hours' }), 'rules[0].selection.countUnit takes days'],
    [
      'days of a count',
      one({ countUnit: 'days' }),
      'rules[0].selection.countUnit goes with days, not with imageCountMoreThan',
    ],
    [
      'an age without days',
      one({ countType: 'sinceImagePushed' }),
      'rules[0].selection.countUnit is missing: sinceImagePushed takes days',
    ],
    [
      'tagged without a list',
      tagged({}),
      'rules[0].selection.tagStatus is tagged: say which, with tagPatternList or tagPrefixList',
    ],
    [
      'both lists',
      tagged({ tagPatternList: ['a'], tagPrefixList: ['b'] }),
      'rules[0].selection.tagStatus takes tagPatternList or tagPrefixList, not both',
    ],
    [
      'a list of untagged',
      one({ tagPrefixList: ['b'] }),
      'rules[0].selection.tagStatus must be tagged for tagPatternList or tagPrefixList',
    ],
    [
      'an empty list',
      tagged({ tagPatternList: [] }),
      'rules[0].selection.tagPatternList takes one entry at least',
    ],
    [
      'five stars',
      tagged({ tagPatternList: ['test*1*2*3*4*5*6'] }),
      'rules[0].selection.tagPatternList[0] takes 4 * at most',
    ],
    [
      'a star in a prefix',
      tagged({ tagPrefixList: ['prod*'] }),
      'rules[0].selection.tagPrefixList[0] takes the beginning of a tag: * has a meaning in tagPatternList only',
    ],
    [
      'pulled, expired',
      policyText({ selection: PULLED }),
      'rules[0].action.type must be transition for sinceImagePulled; sinceImageTransitioned expires what was archived',
    ],
    [
      'archived, archived again',
      policyText({ selection: ARCHIVED, ...TO_ARCHIVE }),
      'rules[0].action.type must be expire for sinceImageTransitioned',
    ],
    [
      'archived for 89 days',
      policyText({ selection: { ...ARCHIVED, countNumber: 89 } }),
      'rules[0].selection.countNumber takes 90 or more: so long an archived image stays at least',
    ],
    [
      'transitioned of standard',
      policyText({ selection: { ...ARCHIVED, storageClass: 'standard' } }),
      'rules[0].selection.storageClass must be archive for sinceImageTransitioned',
    ],
    [
      'a count of archived ones',
      one({ storageClass: 'archive' }),
      'rules[0].selection.storageClass must be standard for imageCountMoreThan',
    ],
    [
      'to nowhere',
      one({}, { action: { type: 'transition' } }),
      'rules[0].action.targetStorageClass is missing: transition takes archive',
    ],
    [
      'expired to the archive',
      one({}, { action: { type: 'expire', targetStorageClass: 'archive' } }),
      'rules[0].action.targetStorageClass goes with transition, not with expire',
    ],
  ])('%s', (_, text, error) => {
    expect(errorsOf(text)).toContain(error);
  });

  const any = { ...UNTAGGED, tagStatus: 'any' };
  const prefix = (...tagPrefixList: readonly string[]) => ({
    ...UNTAGGED,
    tagStatus: 'tagged',
    tagPrefixList,
  });
  test.each<[string, string, string]>([
    [
      'one priority twice',
      policyText({ rulePriority: 4, selection: UNTAGGED }, { rulePriority: 4, selection: any }),
      "rules[1].rulePriority is 4, as another rule's: each needs its own",
    ],
    [
      'any before others',
      policyText({ selection: any }, { selection: UNTAGGED }),
      'rules[0].rulePriority must be the highest: a rule with tagStatus any goes last',
    ],
    [
      'untagged twice',
      policyText({ selection: UNTAGGED }, { selection: { ...UNTAGGED, countNumber: 2 } }),
      'rules[1].selection.tagStatus is untagged in another rule of this storage class: one is allowed',
    ],
    [
      'a list of prefixes twice',
      policyText({ selection: prefix('a', 'b') }, { selection: prefix('b', 'a') }),
      'rules[1].selection.tagPrefixList is the list of another rule of this storage class: each needs its own',
    ],
  ])('rules together: %s', (_, text, error) => {
    expect(errorsOf(text)).toEqual([error]);
  });

  test('each storage class has rules of its own', () => {
    const text = policyText({ selection: PULLED, ...TO_ARCHIVE }, { selection: ARCHIVED });
    expect(errorsOf(text)).toEqual([]);
  });
});
