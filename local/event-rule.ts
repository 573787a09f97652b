import { type Condition, compileCondition, isObject, isOperator } from './event-condition.ts';
import { refusal } from './event-refusal.ts';

/** An EventBridge event pattern: fields hold arrays of conditions, or nested patterns. */
export type EventPattern = Readonly<Record<string, unknown>>;

/** Conditions by the path of the field that must meet one of them. */
type Demands = ReadonlyMap<string, readonly Condition[]>;

/** For each array on the way to a leaf, which of its elements was taken. */
type Elements = ReadonlyMap<unknown, number>;

/** EventBridge sees leaves only: an object or an array that holds none counts as absent. */
interface Leaf {
  readonly path: string;
  readonly value: unknown;
  readonly elements: Elements;
}

/**
 * Says whether an EventBridge rule with this pattern would deliver the event. Every field of the pattern must
 * match, all of them within the same elements of arrays; within a field any condition will do. Throws for a
 * pattern that EventBridge would refuse. Held against AWS's own matcher: docs/decisions/0002-oracles.md.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: EventPattern, event: object): boolean {
  const leaves = leavesOf(event, '', new Map());
  return alternatives(pattern, '').some((demands) => areMet(sorted(demands), leaves, new Map()));
}

/** In the order of their paths: absence is asked of those elements that the fields before it have settled on. */
function sorted(demands: Demands): readonly (readonly [path: string, conditions: readonly Condition[]])[] {
  return [...demands].sort(([one], [other]) => (one < other ? -1 : 1));
}

function areMet(demands: ReturnType<typeof sorted>, leaves: readonly Leaf[], taken: Elements): boolean {
  const [demand, ...others] = demands;
  if (!demand) return true;
  const [path, conditions] = demand;
  const here = leaves.filter((leaf) => leaf.path === path && agree(leaf.elements, taken));
  if (here.length === 0) return conditions.includes('absent') && areMet(others, leaves, taken);
  return here.some(
    ({ value, elements }) =>
      conditions.some((condition) => condition !== 'absent' && condition(value)) &&
      areMet(others, leaves, new Map([...taken, ...elements])),
  );
}

function agree(elements: Elements, taken: Elements): boolean {
  return [...elements].every(([array, index]) => (taken.get(array) ?? index) === index);
}

function leavesOf(value: unknown, path: string, elements: Elements): readonly Leaf[] {
  if (Array.isArray(value))
    return value.flatMap((each, index) =>
      leavesOf(each, path, isContainer(each) ? new Map([...elements, [value, index]]) : elements),
    );
  if (isObject(value))
    return Object.entries(value).flatMap(([name, each]) => leavesOf(each, `${path}.${name}`, elements));
  return value === undefined ? [] : [{ path, value, elements }];
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

const NO_DEMANDS: Demands = new Map();

/** The pattern without its `$or`: as many as there are ways to choose. */
function alternatives(pattern: EventPattern, path: string): readonly Demands[] {
  if (Object.keys(pattern).length === 0) throw refusal('a pattern names at least one field');
  return Object.entries(pattern)
    .map(([name, expected]) => demandsOf(name, expected, path))
    .reduce((all, more) => all.flatMap((one) => more.map((other) => joined(one, other))), [NO_DEMANDS]);
}

/** Where a choice and what is beside it name the same field, EventBridge hears only what is written last. */
function joined(one: Demands, other: Demands): Demands {
  return new Map([...one, ...other]);
}

function demandsOf(name: string, expected: unknown, path: string): readonly Demands[] {
  const here = `${path}.${name}`;
  if (isObject(expected)) return alternatives(expected, here);
  if (!Array.isArray(expected)) throw refusal(`"${name}" must hold an array of values or a nested pattern`);
  if (name === '$or' && isChoice(expected)) return expected.flatMap((each) => alternatives(each, path));
  if (expected.length === 0) throw refusal(`"${name}" must hold at least one value`);
  return [new Map([[here, expected.map(compileCondition)]])];
}

/** What is no choice between patterns is a field that happens to be called `$or`. */
function isChoice(expected: readonly unknown[]): expected is readonly EventPattern[] {
  const isPattern = (each: unknown) =>
    isObject(each) && Object.keys(each).length > 0 && !Object.keys(each).some(isOperator);
  return expected.length > 1 && expected.every(isPattern);
}
