/** An EventBridge event pattern: fields hold arrays of conditions, or nested patterns. */
export type EventPattern = Readonly<Record<string, unknown>>;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Says whether an EventBridge rule with this pattern would deliver the event. Every field of the pattern must
 * match; within a field any condition will do, and any element when the event holds an array. Throws for a
 * pattern that EventBridge would refuse, or that uses an operator not played here (`cidr`).
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: EventPattern, event: object): boolean {
  const fields = event as Fields;
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or' && Array.isArray(expected)) {
      return expected.some((alternative: EventPattern) => matches(alternative, event));
    }
    if (Array.isArray(expected)) return leafMatches(expected, scalars(fields[field]));
    if (isObject(expected)) return nestedMatches(expected, fields[field]);
    throw new Error(`Event pattern: "${field}" must hold an array of values or a nested pattern.`);
  });
}

/** All fields of a nested pattern must match within the same element of an array. */
function nestedMatches(pattern: EventPattern, value: unknown): boolean {
  const candidates = [value].flat(Number.POSITIVE_INFINITY).filter(isObject);
  // Nothing there: only a pattern that asks for absence can still match.
  return candidates.length === 0 ? matches(pattern, {}) : candidates.some((each) => matches(pattern, each));
}

/** EventBridge sees leaves only: an object or an empty array at this place counts as absent. */
function scalars(value: unknown): readonly unknown[] {
  return [value].flat(Number.POSITIVE_INFINITY).filter((each) => each !== undefined && !isObject(each));
}

function leafMatches(conditions: readonly unknown[], values: readonly unknown[]): boolean {
  return conditions.some((condition) => {
    if (isObject(condition) && 'exists' in condition) return condition.exists === values.length > 0;
    const accepts = compile(condition);
    return values.some(accepts);
  });
}

type Accepts = (value: unknown) => boolean;

function compile(condition: unknown): Accepts {
  if (!isObject(condition)) return (value) => value === condition;
  const [operator, operand] = Object.entries(condition)[0] ?? ['{}', undefined];
  if (operator === 'numeric' && Array.isArray(operand)) return numeric(operand);
  if (operator === 'anything-but') {
    const excluded = isObject(operand) ? [compile(operand)] : list(operand).map(compile);
    return (value) => !excluded.some((accepts) => accepts(value));
  }
  return text(operator, operand);
}

const TEXT_TESTS: Readonly<Record<string, (value: string, operand: string) => boolean>> = {
  prefix: (value, operand) => value.startsWith(operand),
  suffix: (value, operand) => value.endsWith(operand),
  'equals-ignore-case': (value, operand) => fold(value) === fold(operand),
  wildcard: (value, operand) => wildcard(operand).test(value),
};

/** Operators on strings; inside `anything-but` they also take a list, of which any may match. */
function text(operator: string, operand: unknown): Accepts {
  const test = TEXT_TESTS[operator];
  if (!test)
    throw new Error(`Event pattern: the operator "${operator}" is not played by the embedded stack.`);
  if (isObject(operand)) {
    const folded = text(operator, fold(operand['equals-ignore-case']));
    return (value) => folded(fold(value));
  }
  return (value) => typeof value === 'string' && list(operand).some((each) => test(value, String(each)));
}

/** `*` is any run of characters; `\*` and `\\` are the characters themselves. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(/\\([*\\])|[*.+?^${}()|[\]\\/]/g, (token, escaped?: string) =>
    token === '*' ? '.*' : `\\${escaped ?? token}`,
  );
  return new RegExp(`^${source}$`, 's');
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** One or two comparisons, such as `[">", 0, "<=", 5]`; all of them must hold. */
function numeric([sign, bound, ...rest]: readonly unknown[]): Accepts {
  const compare = COMPARISONS[String(sign)];
  if (!compare) throw new Error(`Event pattern: "${sign}" is not a comparison; use one of = < <= > >=.`);
  const others = rest.length > 0 ? numeric(rest) : () => true;
  return (value) => typeof value === 'number' && compare(value, Number(bound)) && others(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function fold(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
