import { invalid } from './refusal.ts';
import { type Path, type Placeholders, readTokens, type Tokens, unreadable } from './tokens.ts';
import { compare, type Item, isEqual, sizeOf, typeOf, type Value } from './value.ts';

export type Values = Readonly<Record<string, Value>>;

export type Operand = { readonly path: Path } | { readonly value: string } | { readonly sizeOf: Path };

/** A condition, read. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly of: Operand; readonly from: Operand; readonly to: Operand }
  | { readonly kind: 'in'; readonly of: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'call'; readonly name: string; readonly of: Path; readonly argument?: Operand };

const OPERATORS = new Set(['=', '<>', '<', '<=', '>', '>=']);
const UNARY = new Set(['attribute_exists', 'attribute_not_exists']);
const BINARY = new Set(['begins_with', 'contains', 'attribute_type']);

/** Reads a condition, key condition or filter; throws ValidationException for what is none. */
export function readCondition(expression: string, placeholders: Placeholders): Condition {
  const tokens = readTokens(expression, placeholders);
  const condition = readOr(tokens);
  if (tokens.peek() !== '') throw unreadable(expression);
  return condition;
}

function readOr(tokens: Tokens): Condition {
  let left = readAnd(tokens);
  while (tokens.takes('OR')) left = { kind: 'or', left, right: readAnd(tokens) };
  return left;
}

function readAnd(tokens: Tokens): Condition {
  let left = readNot(tokens);
  while (tokens.takes('AND')) left = { kind: 'and', left, right: readNot(tokens) };
  return left;
}

function readNot(tokens: Tokens): Condition {
  if (tokens.takes('NOT')) return { kind: 'not', of: readNot(tokens) };
  if (tokens.takes('(')) {
    const inner = readOr(tokens);
    tokens.expects(')');
    return inner;
  }
  const word = tokens.peek();
  return UNARY.has(word) || BINARY.has(word) ? readCall(tokens) : readComparison(tokens);
}

function readCall(tokens: Tokens): Condition {
  const name = tokens.next();
  tokens.expects('(');
  const of = tokens.path();
  if (UNARY.has(name)) {
    tokens.expects(')');
    return { kind: 'call', name, of };
  }
  tokens.expects(',');
  const argument = readOperand(tokens);
  tokens.expects(')');
  return { kind: 'call', name, of, argument };
}

function readComparison(tokens: Tokens): Condition {
  const of = readOperand(tokens);
  if (tokens.takes('BETWEEN')) {
    const from = readOperand(tokens);
    tokens.expects('AND');
    return { kind: 'between', of, from, to: readOperand(tokens) };
  }
  if (tokens.takes('IN')) {
    tokens.expects('(');
    const list = [readOperand(tokens)];
    while (tokens.takes(',')) list.push(readOperand(tokens));
    tokens.expects(')');
    return { kind: 'in', of, list };
  }
  const operator = tokens.next();
  if (!OPERATORS.has(operator)) throw invalid(`an operator was expected, not "${operator}"`);
  return { kind: 'compare', operator, left: of, right: readOperand(tokens) };
}

export function readOperand(tokens: Tokens): Operand {
  if (tokens.peek().startsWith(':')) return { value: tokens.value() };
  if (tokens.peek() !== 'size') return { path: tokens.path() };
  tokens.next();
  tokens.expects('(');
  const path = tokens.path();
  tokens.expects(')');
  return { sizeOf: path };
}

/** The value at a path; undefined when there is none. */
export function at(item: Readonly<Item>, path: Path): Value {
  let value: Value = item;
  for (const name of path) {
    if (typeOf(value) !== 'M') return undefined;
    value = (value as Item)[name];
  }
  return value;
}

export function valueAt(operand: Operand, item: Readonly<Item>, values: Values): Value {
  if ('value' in operand) return values[operand.value];
  if ('path' in operand) return at(item, operand.path);
  const measured = at(item, operand.sizeOf);
  return measured === undefined ? undefined : sizeOf(measured);
}

/** Whether the condition holds of an item; an item that is not there is `{}`. */
export function holds(condition: Condition, item: Readonly<Item>, values: Values): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, values) && holds(condition.right, item, values);
    case 'or':
      return holds(condition.left, item, values) || holds(condition.right, item, values);
    case 'not':
      return !holds(condition.of, item, values);
    case 'compare':
      return compares(
        condition.operator,
        valueAt(condition.left, item, values),
        valueAt(condition.right, item, values),
      );
    case 'between':
      return isBetween(condition, item, values);
    case 'in':
      return condition.list.some((it) =>
        compares('=', valueAt(condition.of, item, values), valueAt(it, item, values)),
      );
    case 'call':
      return calls(condition, item, values);
  }
}

function isBetween(
  { of, from, to }: Extract<Condition, { kind: 'between' }>,
  item: Readonly<Item>,
  values: Values,
): boolean {
  const value = valueAt(of, item, values);
  return (
    compares('>=', value, valueAt(from, item, values)) && compares('<=', value, valueAt(to, item, values))
  );
}

/** A comparison with what is not there is false, but for `<>`. */
function compares(operator: string, left: Value, right: Value): boolean {
  const isSame = left !== undefined && right !== undefined && isEqual(left, right);
  if (operator === '=') return isSame;
  if (operator === '<>') return !isSame;
  const order = compare(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function calls(
  { name, of, argument }: Extract<Condition, { kind: 'call' }>,
  item: Readonly<Item>,
  values: Values,
): boolean {
  const value = at(item, of);
  if (name === 'attribute_exists') return value !== undefined;
  if (name === 'attribute_not_exists') return value === undefined;
  const other = argument && valueAt(argument, item, values);
  if (name === 'attribute_type') return typeOf(value) === other;
  if (name === 'begins_with')
    return typeof value === 'string' && typeof other === 'string' && value.startsWith(other);
  return contains(value, other);
}

function contains(value: Value, other: Value): boolean {
  if (typeof value === 'string') return typeof other === 'string' && value.includes(other);
  if (value instanceof Set) return value.has(other);
  return Array.isArray(value) && value.some((it) => isEqual(it, other));
}
