import type { WrittenRule } from './schema.ts';

/** Something that keeps a text from being a policy, and where: `rules[1].selection.countUnit`. */
export interface Remark {
  readonly where: string;
  readonly says: string;
}

/** Sooner, ECR does not let a policy delete what was archived, and the 90 days are paid for anyway. */
const LEAST_ARCHIVED_DAYS = 90;

type Check = readonly [isWrong: boolean, where: string, says: string];

/** What a rule says that does not go together. Source: lifecycle_policy_parameters.html and lifecycle_policy_examples.html */
export function contradictions({ selection, action }: WrittenRule): readonly Remark[] {
  return [
    ...tagContradictions(selection),
    ...countContradictions(selection),
    ...actionContradictions(selection.countType, action),
  ].flatMap(([isWrong, where, says]) => (isWrong ? [{ where, says }] : []));
}

function countContradictions({
  countType,
  countUnit,
  countNumber,
  storageClass,
}: WrittenRule['selection']): readonly Check[] {
  const isCount = countType === 'imageCountMoreThan';
  const ofArchive = countType === 'sinceImageTransitioned';
  const [unit, where] = ['selection.countUnit', 'selection.storageClass'];
  const isShort = countNumber < LEAST_ARCHIVED_DAYS;
  return [
    [isCount && countUnit !== undefined, unit, `goes with days, not with ${countType}`],
    [!isCount && countUnit === undefined, unit, `is missing: ${countType} takes days`],
    [ofArchive && storageClass !== 'archive', where, `must be archive for ${countType}`],
    [!ofArchive && storageClass === 'archive', where, `must be standard for ${countType}`],
    [
      ofArchive && isShort,
      'selection.countNumber',
      `takes ${LEAST_ARCHIVED_DAYS} or more: so long an archived image stays at least`,
    ],
  ];
}

function actionContradictions(
  countType: WrittenRule['selection']['countType'],
  { type, targetStorageClass }: WrittenRule['action'],
): readonly Check[] {
  const isExpiry = type === 'expire';
  const target = 'action.targetStorageClass';
  return [
    [
      countType === 'sinceImagePulled' && isExpiry,
      'action.type',
      'must be transition for sinceImagePulled; sinceImageTransitioned expires what was archived',
    ],
    [
      countType === 'sinceImageTransitioned' && !isExpiry,
      'action.type',
      'must be expire for sinceImageTransitioned',
    ],
    [!isExpiry && targetStorageClass === undefined, target, 'is missing: transition takes archive'],
    [isExpiry && targetStorageClass !== undefined, target, 'goes with transition, not with expire'],
  ];
}

function tagContradictions({
  tagStatus,
  tagPatternList,
  tagPrefixList,
}: WrittenRule['selection']): readonly Check[] {
  const lists = Number(tagPatternList !== undefined) + Number(tagPrefixList !== undefined);
  const where = 'selection.tagStatus';
  return [
    [
      tagStatus === 'tagged' && lists === 0,
      where,
      'is tagged: say which, with tagPatternList or tagPrefixList',
    ],
    [tagStatus === 'tagged' && lists === 2, where, 'takes tagPatternList or tagPrefixList, not both'],
    [tagStatus !== 'tagged' && lists > 0, where, 'must be tagged for tagPatternList or tagPrefixList'],
  ];
}

/**
 * What keeps rules from being one policy. Source: "Lifecycle policy evaluation rules" in LifecyclePolicies.html. `any`
 * must be last among the rules of its storage class: AWS's own example has one for each of the two.
 */
export function conflicts(rules: readonly WrittenRule[]): readonly Remark[] {
  return rules.flatMap((rule, nth) => {
    const before = rules.slice(0, nth);
    const beside = rules.filter((it) => it !== rule && classOf(it) === classOf(rule));
    const { tagStatus, tagPrefixList } = rule.selection;
    const found: readonly Check[] = [
      [
        before.some((it) => it.rulePriority === rule.rulePriority),
        'rulePriority',
        `is ${rule.rulePriority}, as another rule's: each needs its own`,
      ],
      [
        tagStatus === 'any' && beside.some((it) => it.rulePriority > rule.rulePriority),
        'rulePriority',
        'must be the highest: a rule with tagStatus any goes last',
      ],
      [
        tagStatus === 'untagged' &&
          before.some((it) => beside.includes(it) && it.selection.tagStatus === 'untagged'),
        'selection.tagStatus',
        'is untagged in another rule of this storage class: one is allowed',
      ],
      [
        tagPrefixList !== undefined &&
          before.some((it) => beside.includes(it) && sameSet(it.selection.tagPrefixList, tagPrefixList)),
        'selection.tagPrefixList',
        'is the list of another rule of this storage class: each needs its own',
      ],
    ];
    return found.flatMap(([isWrong, where, says]) =>
      isWrong ? [{ where: `rules[${nth}].${where}`, says }] : [],
    );
  });
}

function classOf({ selection }: WrittenRule): string {
  return selection.storageClass ?? 'standard';
}

function sameSet(one: readonly string[] | undefined, other: readonly string[]): boolean {
  const [a, b] = [new Set(one), new Set(other)];
  return a.size === b.size && [...a].every((it) => b.has(it));
}
