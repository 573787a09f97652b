import * as v from 'valibot';
import { conflicts, contradictions, type Remark } from './constraints.ts';
import type { Criterion, Rule, TagSelection } from './rule.ts';
import { MAX_CHARACTERS, PolicyText, type WrittenRule } from './schema.ts';

/** The rules of a policy by their priority, or all that keeps the text from being one. */
export type Parsed = { readonly rules: readonly Rule[] } | { readonly errors: readonly Remark[] };

/** Reads a lifecycle policy as ECR takes it: JSON, 30,720 characters at most. Every error is told, with its place. */
export function parseLifecyclePolicy(text: string): Parsed {
  if (text.length > MAX_CHARACTERS)
    return wrong(`takes ${MAX_CHARACTERS} characters at most, and has ${text.length}`);
  const value = fromJson(text);
  if (value === undefined) return wrong('is not JSON');
  const result = v.safeParse(PolicyText, value);
  if (!result.success) return { errors: result.issues.map(toRemark) };
  const { rules } = result.output;
  const errors = [
    ...rules.flatMap((rule, nth) =>
      contradictions(rule).map(({ where, says }) => ({ where: `rules[${nth}].${where}`, says })),
    ),
    ...conflicts(rules),
  ];
  return errors.length > 0
    ? { errors }
    : { rules: rules.map(toRule).sort((a, b) => a.priority - b.priority) };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function wrong(says: string): Parsed {
  return { errors: [{ where: 'the policy', says }] };
}

function toRemark({ path, type, expected, message }: v.BaseIssue<unknown>): Remark {
  const name = (path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
  return { where: name === '' ? 'the policy' : name, says: wordsOf(type, expected, message) };
}

function wordsOf(type: string, expected: string | null, message: string): string {
  if (type === 'strict_object' && expected === 'never') return 'is no field of a lifecycle policy';
  if (type === 'strict_object' && expected?.startsWith('"')) return 'is missing';
  return message.startsWith('Invalid') ? `takes ${expected === 'Object' ? 'an object' : expected}` : message;
}

function toRule({ rulePriority, description, selection, action }: WrittenRule): Rule {
  return {
    priority: rulePriority,
    ...(description !== undefined && { description }),
    storageClass: selection.storageClass ?? 'standard',
    tags: toTags(selection),
    criterion: toCriterion(selection),
    action: action.type === 'expire' ? 'expire' : 'archive',
  };
}

function toTags({ tagStatus, tagPatternList, tagPrefixList = [] }: WrittenRule['selection']): TagSelection {
  if (tagStatus !== 'tagged') return { status: tagStatus };
  return tagPatternList
    ? { status: 'tagged', patterns: tagPatternList }
    : { status: 'tagged', prefixes: tagPrefixList };
}

const SINCE = {
  sinceImagePushed: 'pushed',
  sinceImagePulled: 'pulled',
  sinceImageTransitioned: 'archived',
} as const;

function toCriterion({ countType, countNumber }: WrittenRule['selection']): Criterion {
  return countType === 'imageCountMoreThan'
    ? { by: 'count', keeps: countNumber }
    : { by: 'age', since: SINCE[countType], days: countNumber };
}
