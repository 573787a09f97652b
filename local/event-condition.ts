import { BlockList, isIP } from 'node:net';
import { numeric } from './event-numeric.ts';
import { refusal } from './event-refusal.ts';

/** What one leaf of an event must be; `absent` when the event must have no leaf there at all. */
export type Condition = 'absent' | ((leaf: unknown) => boolean);

type Accepts = (leaf: unknown) => boolean;
type Operator = (operand: unknown) => Accepts;

/**
 * One element of a pattern's list as EventBridge reads it. Throws for what EventBridge refuses, and says what it
 * wants instead.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compileCondition(written: unknown): Condition {
  if (!isObject(written)) return literal(written);
  const [operator, operand] = onlyEntry(written);
  if (operator !== 'exists') return operatorNamed(operator)(operand);
  if (typeof operand !== 'boolean') throw refusal('"exists" takes true or false');
  return operand ? () => true : 'absent';
}

/** Whether a field of this name, inside `$or`, would make EventBridge read the whole as conditions. */
export function isOperator(name: string): boolean {
  return name === 'exists' || Object.hasOwn(OPERATORS, name);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  prefix: (operand) => textOrFolded(operand, (leaf, text) => leaf.startsWith(text)),
  suffix: (operand) => textOrFolded(operand, (leaf, text) => leaf.endsWith(text)),
  'equals-ignore-case': (operand) => ignoringCase(text(operand), (leaf, it) => leaf === it),
  wildcard: (operand) => like(wildcard(text(operand))),
  numeric,
  cidr,
  'anything-but': anythingBut,
};

function operatorNamed(name: string): Operator {
  const operator = OPERATORS[name];
  if (!operator) throw refusal(`"${name}" is no operator; use exists, ${Object.keys(OPERATORS).join(', ')}`);
  return operator;
}

function onlyEntry(written: Readonly<Record<string, unknown>>): readonly [string, unknown] {
  const [entry, ...others] = Object.entries(written);
  if (!entry || others.length > 0) throw refusal('a condition has exactly one operator');
  return entry;
}

function literal(value: unknown): Accepts {
  if (Array.isArray(value)) throw refusal('a list holds values and conditions, no lists');
  return (leaf) => leaf === value;
}

/** Everything but a value, a list of values of one kind, or what one of four operators accepts. */
function anythingBut(operand: unknown): Accepts {
  const excluded = isObject(operand) ? excludedBy(...onlyEntry(operand)) : sameKind(operand).map(literal);
  return (leaf) => !excluded.some((accepts) => accepts(leaf));
}

function excludedBy(operator: string, operand: unknown): readonly Accepts[] {
  const isAffix = operator === 'prefix' || operator === 'suffix';
  if (!isAffix && operator !== 'wildcard' && operator !== 'equals-ignore-case')
    throw refusal(`"anything-but" takes no "${operator}"`);
  const texts = list(operand).map(text);
  if (texts.length === 0 || (isAffix && texts.includes('')))
    throw refusal(`"${operator}" inside "anything-but" must name something`);
  return texts.map(operatorNamed(operator));
}

function sameKind(operand: unknown): readonly unknown[] {
  const values = list(operand);
  const kinds = new Set(values.map((value) => typeof value));
  if (kinds.size !== 1 || !(kinds.has('string') || kinds.has('number')))
    throw refusal('"anything-but" takes texts or numbers, not both');
  return values;
}

function textOrFolded(operand: unknown, test: (leaf: string, text: string) => boolean): Accepts {
  if (!isObject(operand)) {
    const wanted = text(operand);
    return (leaf) => typeof leaf === 'string' && test(leaf, wanted);
  }
  const [operator, folded] = onlyEntry(operand);
  if (operator !== 'equals-ignore-case') throw refusal(`"${operator}" inside "prefix" or "suffix"`);
  return ignoringCase(text(folded), test);
}

function ignoringCase(wanted: string, test: (leaf: string, text: string) => boolean): Accepts {
  return (leaf) => typeof leaf === 'string' && test(leaf.toLowerCase(), wanted.toLowerCase());
}

function like(expression: RegExp): Accepts {
  return (leaf) => typeof leaf === 'string' && expression.test(leaf);
}

/** `*` is any run of characters; `\*` and `\\` are the characters themselves. */
function wildcard(pattern: string): RegExp {
  const tokens = pattern.match(/\\.?|[^\\]/gsu) ?? [];
  if (tokens.some((token, index) => token === '*' && tokens[index + 1] === '*'))
    throw refusal(`the wildcard "${pattern}" has two * in a row`);
  const bad = tokens.find((token) => token.startsWith('\\') && token !== '\\*' && token !== '\\\\');
  if (bad) throw refusal(`the wildcard "${pattern}" may escape * and \\ only`);
  const source = tokens.map((token) => (token === '*' ? '.*' : quoted(token.replace(/^\\/, ''))));
  return new RegExp(`^${source.join('')}$`, 'su');
}

function quoted(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
}

function cidr(operand: unknown): Accepts {
  const [network = '', bits = ''] = text(operand).split('/');
  const version = isIP(network);
  const isNetwork = version !== 0 && /^\d+$/.test(bits) && Number(bits) < (version === 4 ? 32 : 128);
  if (!isNetwork) throw refusal('"cidr" takes a network of several addresses, such as 10.0.0.0/24');
  const networks = new BlockList();
  const family = version === 4 ? 'ipv4' : 'ipv6';
  networks.addSubnet(network, Number(bits), family);
  return (leaf) => typeof leaf === 'string' && isIP(leaf) === version && networks.check(leaf, family);
}

function text(operand: unknown): string {
  if (typeof operand !== 'string') throw refusal(`${JSON.stringify(operand)} where a text belongs`);
  return operand;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
