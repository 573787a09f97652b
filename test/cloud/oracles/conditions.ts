import fc from 'fast-check';
import { type Leaf, someLeaf } from './sample-event.ts';

/** What a pattern may say of a field with these leaves: a little more often anything than what holds. */
export function conditionsOn(values: readonly Leaf[]): fc.Arbitrary<unknown[]> {
  const value = values.length > 0 ? fc.constantFrom(...values) : someLeaf;
  const condition = value.chain((each) =>
    fc.oneof({ weight: 2, arbitrary: holdingFor(each) }, { weight: 3, arbitrary: anyCondition }),
  );
  return fc.array(condition, { minLength: 1, maxLength: 2 });
}

const texts = someLeaf.filter((leaf) => typeof leaf === 'string');
const someName = texts.filter((text) => text !== '');
const numbers = someLeaf.filter((leaf) => typeof leaf === 'number');
const comparison = fc.constantFrom('<', '<=', '=', '>=', '>');

/** Whatever the field holds: mostly conditions that do not hold for it. */
const anyCondition: fc.Arbitrary<unknown> = fc.oneof(
  someLeaf,
  someLeaf.chain(holdingFor),
  fc.constantFrom({ exists: true }, { exists: false }),
  fc.record({ numeric: fc.tuple(comparison, numbers) }),
  fc.record({
    cidr: fc.constantFrom(
      '10.0.0.0/24',
      '10.0.0.0/15',
      '10.0.1.254/31',
      '192.0.0.0/4',
      '2001:db8::/32',
      '::/8',
    ),
  }),
  fc.oneof(texts, numbers).map((leaf) => ({ 'anything-but': leaf })),
);

function holdingFor(value: Leaf): fc.Arbitrary<unknown> {
  const common = [fc.constant<unknown>(value), fc.constant<unknown>({ exists: true })];
  if (typeof value === 'string') return fc.oneof(...common, holdingForText(value));
  if (typeof value === 'number') return fc.oneof(...common, holdingForNumber(value));
  return fc.oneof(...common);
}

function holdingForNumber(value: number): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc
      .constantFrom<unknown[]>(['=', value], ['>=', value], ['<', value + 1], ['>', value - 0.5])
      .map((numeric) => ({ numeric })),
    fc
      .constantFrom<unknown[]>(['>', value - 1, '<=', value], ['>=', value, '<', value + 0.25])
      .map((numeric) => ({ numeric })),
    fc.constant({ 'anything-but': [value + 1, value + 2] }),
  );
}

function holdingForText(value: string): fc.Arbitrary<unknown> {
  const cut = fc.nat({ max: value.length });
  const start = cut.map((at) => value.slice(0, at));
  const end = cut.map((at) => value.slice(at));
  const named = fc.uniqueArray(someName, { minLength: 1, maxLength: 2 });
  const others = fc.uniqueArray(texts, { minLength: 1, maxLength: 2 });
  return fc.oneof(
    start.map((prefix) => ({ prefix })),
    end.map((suffix) => ({ suffix })),
    start.map((text) => ({ prefix: { 'equals-ignore-case': otherCase(text) } })),
    end.map((text) => ({ suffix: { 'equals-ignore-case': otherCase(text) } })),
    fc.constant({ 'equals-ignore-case': otherCase(value) }),
    fc.tuple(start, cut).map(([text, at]) => ({
      wildcard: `${escaped(text)}*${escaped(value.slice(Math.max(at, text.length)))}`,
    })),
    others.map((list) => ({ 'anything-but': list })),
    others.map((list) => ({ 'anything-but': { 'equals-ignore-case': list.map(otherCase) } })),
    ...['prefix', 'suffix'].flatMap((operator) => [
      someName.map((text) => ({ 'anything-but': { [operator]: text } })),
      named.map((list) => ({ 'anything-but': { [operator]: list } })),
    ]),
    others.map((list) => ({ 'anything-but': { wildcard: list.map((text) => `*${escaped(text)}`) } })),
  );
}

function otherCase(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
}

/** The text as a wildcard pattern that means only itself. */
function escaped(text: string): string {
  return text.replace(/[\\*]/g, '\\$&');
}
