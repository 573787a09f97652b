import { type Condition, readCondition, type Values } from './condition.ts';
import { invalid } from './refusal.ts';
import { type Path, readTokens } from './tokens.ts';
import { readUpdate, type Update } from './update.ts';
import { typeOf } from './value.ts';

/** The expressions of a request, as the document client's commands carry them. */
export interface Expressions {
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Values | undefined;
}

/** The expressions of a request, read. */
export interface Plan {
  readonly condition?: Condition;
  readonly update?: Update;
  readonly keyCondition?: Condition;
  readonly filter?: Condition;
  readonly projection?: readonly Path[];
  readonly usedValues: ReadonlySet<string>;
}

const NO_VALUES: Values = {};
const NO_NAMES: Readonly<Record<string, string>> = {};
interface Known extends Expressions {
  readonly plan: Plan;
}

/** By the expression that tells most requests apart: texts of the code, whose hash V8 keeps. */
const plans = new Map<string, Known[]>();

/** Reads a request's expressions, each combination once. Throws ValidationException as DynamoDB does. */
export function planOf(request: Expressions): { readonly plan: Plan; readonly values: Values } {
  const values = request.ExpressionAttributeValues ?? NO_VALUES;
  const plan = knownPlan(request) ?? readAndKeep(request);
  checkValues(plan.usedValues, values);
  return { plan, values };
}

function knownPlan(request: Expressions): Plan | undefined {
  return plans.get(firstOf(request))?.find((known) => isSame(known, request))?.plan;
}

function readAndKeep(request: Expressions): Plan {
  const plan = readPlan(request);
  const first = firstOf(request);
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: _, ...expressions } = request;
  const known: Known = { ...expressions, ExpressionAttributeNames: names && { ...names }, plan };
  plans.set(first, [...(plans.get(first) ?? []), known]);
  return plan;
}

function firstOf(request: Expressions): string {
  return request.UpdateExpression ?? request.KeyConditionExpression ?? request.ConditionExpression ?? '';
}

function isSame(one: Expressions, other: Expressions): boolean {
  return (
    one.UpdateExpression === other.UpdateExpression &&
    one.ConditionExpression === other.ConditionExpression &&
    one.KeyConditionExpression === other.KeyConditionExpression &&
    one.FilterExpression === other.FilterExpression &&
    one.ProjectionExpression === other.ProjectionExpression &&
    areSame(one.ExpressionAttributeNames ?? NO_NAMES, other.ExpressionAttributeNames ?? NO_NAMES)
  );
}

function areSame(some: Readonly<Record<string, string>>, others: Readonly<Record<string, string>>): boolean {
  for (const name in some) if (some[name] !== others[name]) return false;
  for (const name in others) if (!(name in some)) return false;
  return true;
}

function readPlan(request: Expressions): Plan {
  const names = request.ExpressionAttributeNames ?? {};
  const placeholders = { names, usedNames: new Set<string>(), usedValues: new Set<string>() };
  const condition = (expression: string | undefined) =>
    expression === undefined ? undefined : readCondition(expression, placeholders);
  const plan = {
    condition: condition(request.ConditionExpression),
    update:
      request.UpdateExpression === undefined ? undefined : readUpdate(request.UpdateExpression, placeholders),
    keyCondition: condition(request.KeyConditionExpression),
    filter: condition(request.FilterExpression),
    projection:
      request.ProjectionExpression === undefined
        ? undefined
        : request.ProjectionExpression.split(',').map((it) => readTokens(it, placeholders).path()),
    usedValues: placeholders.usedValues,
  };
  const unused = Object.keys(names).filter((name) => !placeholders.usedNames.has(name));
  if (unused.length > 0) throw invalid(`no expression uses ${unused.join(', ')}`);
  return plan as Plan;
}

function checkValues(used: ReadonlySet<string>, values: Values): void {
  let given = 0;
  for (const name in values) {
    if (values[name] === undefined) continue;
    if (!used.has(name)) throw invalid(`no expression uses ${name}`);
    if (typeOf(values[name]) === 'an empty set') throw invalid(`${name}: an empty set`);
    given += 1;
  }
  if (given !== used.size) throw invalid('an expression uses a value that is not given');
}
