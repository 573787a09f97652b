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
const plans = new Map<string, Plan>();

/** Reads a request's expressions, each combination once. Throws ValidationException as DynamoDB does. */
export function planOf(request: Expressions): { readonly plan: Plan; readonly values: Values } {
  const values = request.ExpressionAttributeValues ?? NO_VALUES;
  const names = request.ExpressionAttributeNames;
  const key = `${request.UpdateExpression}|${request.ConditionExpression}|${request.KeyConditionExpression}|${request.FilterExpression}|${request.ProjectionExpression}${names ? JSON.stringify(names) : ''}`;
  const known = plans.get(key);
  const plan = known ?? readPlan(request);
  if (!known) plans.set(key, plan);
  checkValues(plan.usedValues, values);
  return { plan, values };
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
