import type { Item } from '../../doubles/dynamodb.ts';

/** What an expression stands for in one request. */
export interface Names {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

type Condition = (item: Item | undefined, request: Names) => boolean;
type Change = (item: Record<string, unknown>, request: Names) => void;

const conditions = new Map<string, Condition>();
const changes = new Map<string, readonly Change[]>();

/** The condition that an expression of the ledger writes; throws for grammar that the ledger does not use. */
export function condition(expression: string): Condition {
  const known = conditions.get(expression) ?? parseWhole(expression);
  conditions.set(expression, known);
  return known;
}

/** The assignments of an update expression with SET and ADD. */
export function assignments(expression: string): readonly Change[] {
  const known = changes.get(expression) ?? expression.split(/\s*\b(?=SET |ADD )/).flatMap(clause);
  changes.set(expression, known);
  return known;
}

function clause(text: string): readonly Change[] {
  const kind = text.slice(0, 4);
  if (kind !== 'SET ' && kind !== 'ADD ') throw new Error(`this table knows SET and ADD, not ${text}`);
  return text
    .slice(4)
    .trim()
    .split(/\s*,\s*(?![^(]*\))/)
    .map((part) => {
      const [path = '', value = ''] = part.split(kind === 'SET ' ? /\s*=\s*/ : /\s+/);
      return (item, { names, values }) => {
        const name = names[path] ?? path;
        const [, kept = '', otherwise = value] = /^if_not_exists\((\w+), (:\w+)\)$/.exec(value) ?? [];
        item[name] =
          kind === 'SET '
            ? (item[kept] ?? values[otherwise])
            : Number(item[name] ?? 0) + Number(values[value]);
      };
    });
}

/** Words of an expression that are still to be read. */
type Words = string[];

function parseWhole(expression: string): Condition {
  const words: Words = expression.match(/[#:]?\w+|[()=<,]/g) ?? [];
  const whole = either(words);
  if (words.length > 0) throw new Error(`this table does not know ${words.join(' ')} in ${expression}`);
  return whole;
}

function either(words: Words): Condition {
  const left = both(words);
  if (words[0] !== 'OR') return left;
  words.shift();
  const right = either(words);
  return (item, request) => left(item, request) || right(item, request);
}

function both(words: Words): Condition {
  const left = term(words);
  if (words[0] !== 'AND') return left;
  words.shift();
  const right = both(words);
  return (item, request) => left(item, request) && right(item, request);
}

function term(words: Words): Condition {
  const first = words.shift() ?? '';
  if (first === '(') {
    const inner = either(words);
    words.shift();
    return inner;
  }
  if (first === 'attribute_not_exists') {
    const [, name = ''] = words.splice(0, 3);
    return (item, { names }) => item?.[names[name] ?? name] === undefined;
  }
  const operator = words.shift();
  if (operator === 'IN') return isOneOf(first, words.splice(0, words.indexOf(')') + 1));
  const right = words.shift() ?? '';
  return (item, request) => {
    const [a, b] = [operand(first, item, request), operand(right, item, request)];
    if (operator === '=') return a === b;
    if (operator === '<') return typeof a === 'number' && typeof b === 'number' && a < b;
    throw new Error(`this table knows = and <, not ${operator}`);
  };
}

function isOneOf(name: string, list: Words): Condition {
  const wanted = list.filter((word) => word.startsWith(':'));
  return (item, request) =>
    wanted.some((word) => operand(word, item, request) === operand(name, item, request));
}

function operand(word: string, item: Item | undefined, { names, values }: Names): unknown {
  return word.startsWith(':') ? values[word] : item?.[names[word] ?? word];
}
