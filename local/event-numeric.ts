import { refusal } from './event-refusal.ts';

type Accepts = (leaf: unknown) => boolean;

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/**
 * One comparison, or a range from below to above such as `[">", 0, "<=", 5]`, as a test of leaves. Throws for what
 * EventBridge refuses.
 */
export function numeric(operand: unknown): Accepts {
  const [sign, bound, ...rest]: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const compare = COMPARISONS[String(sign)];
  if (!compare || typeof bound !== 'number')
    throw refusal(`"numeric" takes = < <= > >= and a number, not ${JSON.stringify(sign)}`);
  const within = rest.length === 0 ? () => true : upper(String(sign), bound, rest);
  return (leaf) => typeof leaf === 'number' && compare(leaf, bound) && within(leaf);
}

function upper(lowerSign: string, lowerBound: number, rest: readonly unknown[]): Accepts {
  const [sign, bound] = rest;
  const isRange = lowerSign.startsWith('>') && String(sign).startsWith('<') && rest.length === 2;
  if (!isRange || !(lowerBound < Number(bound)))
    throw refusal('a "numeric" range is written from its lower to its upper bound');
  return numeric(rest);
}
