import { at, type Operand, readOperand, type Values, valueAt } from './condition.ts';
import { invalid } from './refusal.ts';
import { type Path, type Placeholders, readTokens, type Tokens, unreadable } from './tokens.ts';
import { copy, type Item, typeOf, type Value } from './value.ts';

type Right =
  | Operand
  | { readonly ifNotExists: Path; readonly otherwise: Operand }
  | { readonly append: readonly [Operand, Operand] }
  | { readonly sign: 1 | -1; readonly left: Operand; readonly right: Operand };

interface Change {
  readonly op: 'SET' | 'REMOVE' | 'ADD' | 'DELETE';
  readonly path: Path;
  readonly right?: Right;
}

/** An update expression, read. */
export type Update = readonly Change[];

/** Reads an update expression; throws ValidationException for what is none, and for paths that overlap. */
export function readUpdate(expression: string, placeholders: Placeholders): Update {
  const tokens = readTokens(expression, placeholders);
  const changes: Change[] = [];
  while (tokens.peek() !== '') {
    const op = tokens.next().toUpperCase();
    if (op !== 'SET' && op !== 'REMOVE' && op !== 'ADD' && op !== 'DELETE') throw unreadable(expression);
    do changes.push(readChange(op, tokens));
    while (tokens.takes(','));
  }
  refuseOverlaps(changes.map(({ path }) => path));
  return changes;
}

function readChange(op: Change['op'], tokens: Tokens): Change {
  const path = tokens.path();
  if (op === 'REMOVE') return { op, path };
  if (op !== 'SET') return { op, path, right: { value: tokens.value() } };
  tokens.expects('=');
  return { op, path, right: readRight(tokens) };
}

function readRight(tokens: Tokens): Right {
  const left = readTerm(tokens);
  const isSum = tokens.takes('+');
  if (!isSum && !tokens.takes('-')) return left;
  return { sign: isSum ? 1 : -1, left: left as Operand, right: readTerm(tokens) as Operand };
}

function readTerm(tokens: Tokens): Right {
  if (tokens.takes('if_not_exists')) {
    tokens.expects('(');
    const ifNotExists = tokens.path();
    tokens.expects(',');
    const otherwise = readOperand(tokens);
    tokens.expects(')');
    return { ifNotExists, otherwise };
  }
  if (!tokens.takes('list_append')) return readOperand(tokens);
  tokens.expects('(');
  const left = readOperand(tokens);
  tokens.expects(',');
  const right = readOperand(tokens);
  tokens.expects(')');
  return { append: [left, right] };
}

function refuseOverlaps(paths: readonly Path[]): void {
  for (const [index, one] of paths.entries())
    for (const other of paths.slice(index + 1)) {
      const shared = Math.min(one.length, other.length);
      if (one.slice(0, shared).join('.') === other.slice(0, shared).join('.'))
        throw invalid('Two document paths overlap with each other');
    }
}

/** The item after the update; every right side is read before anything is written. */
export function updated(update: Update, item: Readonly<Item>, values: Values): Item {
  const results = update.map((change) => ({ change, value: result(change, item, values) }));
  const next: Item = { ...item };
  for (const { change, value } of results) write(next, change.path, value);
  return next;
}

function result({ op, path, right }: Change, item: Readonly<Item>, values: Values): Value {
  if (op === 'REMOVE' || !right) return undefined;
  if (op === 'SET') {
    const value = rightSide(right, item, values);
    if (value === undefined) throw invalid('an operand is not there');
    return copy(value);
  }
  const value = valueAt(right as Operand, item, values);
  return op === 'ADD' ? sum(at(item, path), value) : difference(at(item, path), value);
}

function rightSide(right: Right, item: Readonly<Item>, values: Values): Value {
  if ('ifNotExists' in right) {
    const known = at(item, right.ifNotExists);
    return known === undefined ? valueAt(right.otherwise, item, values) : known;
  }
  if ('append' in right) return right.append.flatMap((it) => valueAt(it, item, values) as Value[]);
  if (!('sign' in right)) return valueAt(right, item, values);
  const [left, other] = [valueAt(right.left, item, values), valueAt(right.right, item, values)];
  if (typeof left !== 'number' || typeof other !== 'number') throw invalid('only numbers can be added up');
  return left + right.sign * other;
}

function sum(known: Value, added: Value): Value {
  if (typeof added === 'number' && (known === undefined || typeof known === 'number'))
    return (known ?? 0) + added;
  if (isSet(added) && (known === undefined || typeOf(known) === typeOf(added)))
    return new Set([...((known as Set<unknown>) ?? []), ...added]);
  throw invalid('ADD takes a number to a number, or a set to a set of its type');
}

function difference(known: Value, taken: Value): Value {
  if (!isSet(taken) || (known !== undefined && typeOf(known) !== typeOf(taken)))
    throw invalid('DELETE takes a set from a set of its type');
  const left = [...((known as Set<unknown>) ?? [])].filter((it) => !taken.has(it));
  return left.length > 0 ? new Set(left) : undefined;
}

function isSet(value: Value): value is Set<unknown> {
  return value instanceof Set && value.size > 0;
}

/** Writes at a path; undefined removes. What is changed inside a map is copied first. */
function write(item: Item, [name = '', ...rest]: Path, value: Value): void {
  if (rest.length > 0) {
    const inner = item[name];
    if (typeOf(inner) !== 'M') throw invalid('the path leads through what is no map');
    const changed = { ...(inner as Item) };
    write(changed, rest, value);
    item[name] = changed;
  } else if (value === undefined) delete item[name];
  else item[name] = value;
}
