/** The middle of what was measured, and its ends. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** One thing that was measured in the rounds of one run. */
export interface Figure {
  /** The id of the run. */
  readonly run: string;
  readonly byRound: ReadonlyMap<number, number>;
}

/** Throws for an empty list: a figure of nothing is none. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) throw new Error('nothing was measured');
  const middle = sorted.length / 2;
  const [low = least, high = most] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return { median: (low + high) / 2, least, most };
}

export function spread({ byRound }: Figure): Spread {
  return spreadOf([...byRound.values()]);
}

/**
 * One to the other, round by round: what disturbs a round disturbs both. Throws for figures of two runs: between runs
 * the same machine differs by more than what is looked for.
 */
export function ratio(one: Figure, other: Figure): Spread {
  if (one.run !== other.run)
    throw new Error(
      `these figures are of two runs, ${one.run} and ${other.run}, and say nothing about each other: measure both in one run (npm run bench -- --beside <name>=<folder of bundles>)`,
    );
  const ratios = [...one.byRound].flatMap(([round, value]) => {
    const beside = other.byRound.get(round);
    return beside === undefined ? [] : [value / beside];
  });
  return spreadOf(ratios);
}

/**
 * How a cost grows: the exponent of the power law through the points (1: in step with n, 0: not at all), by least
 * squares of the logarithms.
 */
export function exponentOf(points: readonly (readonly [n: number, cost: number])[]): number {
  const logs = points.map(([n, cost]) => [Math.log(n), Math.log(Math.max(cost, Number.MIN_VALUE))] as const);
  const mean = (values: readonly number[]) => values.reduce((sum, it) => sum + it, 0) / values.length;
  const [meanX, meanY] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const above = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const below = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return above / below;
}
