import { list } from './template.ts';

/** One statement of a policy, intrinsics resolved. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Conditions;
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Somebody who asks AWS for something. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** A role's or user's ARN, the name of a service, or `undefined` for a request that nobody signed. */
  readonly principal: string | undefined;
  /** What AWS knows of the request: `aws:SourceArn` and the like. */
  readonly context: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly allowed: boolean;
  /** The statement that decided, or `nobody` when none allows. */
  readonly by: string;
}

const READ = new Set(['Sid', 'Effect', 'Principal', 'Action', 'Resource', 'Condition']);

/**
 * What IAM would answer by the texts of two policies: that of the resource, and that of the principal, who is of the
 * resource's account or has none. A Deny anywhere wins; else one Allow is enough. Covers what this project's
 * policies use, and throws for a statement's element or a condition's operator that it does not know.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function answer(
  request: Request,
  ofResource: readonly PolicyStatement[],
  ofPrincipal: readonly PolicyStatement[] = [],
): Answer {
  const applying = [
    ...ofResource.filter((statement) => names(statement, request.principal)),
    ...ofPrincipal,
  ].filter((statement) => applies(statement, request));
  const denying = applying.find(({ Effect }) => Effect === 'Deny');
  const deciding = denying ?? applying.find(({ Effect }) => Effect === 'Allow');
  return { allowed: !denying && deciding !== undefined, by: deciding?.Sid ?? 'nobody' };
}

function names({ Principal }: PolicyStatement, principal: string | undefined): boolean {
  if (Principal === undefined) throw new Error("A resource's statement names a Principal.");
  if (Principal === '*') return true;
  return Object.values(Principal)
    .flatMap(list)
    .includes(principal ?? 'nobody');
}

function applies(statement: PolicyStatement, { action, resource, context }: Request): boolean {
  const unread = Object.keys(statement).find((element) => !READ.has(element));
  if (unread) throw new Error(`${statement.Sid}: ${unread} is not evaluated here.`);
  // Every condition is looked at, so that an unknown operator never hides behind a false one.
  const conditions = conditionsHold(statement.Condition ?? {}, context);
  return (
    list(statement.Action).some((pattern) => glob(pattern, action)) &&
    list(statement.Resource).some((pattern) => glob(pattern, resource)) &&
    conditions
  );
}

function conditionsHold(conditions: Conditions, context: Request['context']): boolean {
  const results = Object.entries(conditions).flatMap(([operator, keys]) => {
    const holds = OPERATORS[operator];
    if (!holds) throw new Error(`The operator ${operator} is not evaluated here.`);
    return Object.entries(keys).map(([key, values]) => holds(list(values), context[key]));
  });
  return results.every(Boolean);
}

/** Takes the policy's values and the request's; the latter may be absent. */
type Operator = (values: readonly string[], value: string | undefined) => boolean;

const matchesArn: Operator = (values, value) =>
  value !== undefined && values.some((pattern) => arnMatches(pattern, value));

const equals: Operator = (values, value) => value !== undefined && values.includes(value);

/** A negated operator holds for a key that is not there.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: equals,
  Bool: equals,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  ArnNotEquals: (values, value) => !matchesArn(values, value),
};

/** Each of the six parts of an ARN is compared for itself: no wildcard reaches over a colon before the last one. */
function arnMatches(pattern: string, arn: string): boolean {
  const parts = partsOf(arn);
  return partsOf(pattern).every((part, index) => glob(part, parts[index] ?? ''));
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function glob(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);
}
