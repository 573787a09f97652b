/** Chance that a seed decides: the same seed, the same run. */
export interface Random {
  /** At least 0 and less than 1. */
  readonly next: () => number;
  /** A whole number, at least 0 and less than `limit`. */
  readonly below: (limit: number) => number;
  readonly oneOf: <T>(choices: readonly T[]) => T;
  readonly chance: (probability: number) => boolean;
}

/** Marsaglia's xorshift of 32 bits (https://www.jstatsoft.org/article/view/v008i14): to shuffle, not to hide. */
export function randomFrom(seed: number): Random {
  let bits = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const next = (): number => {
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
    return (bits >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 8; warmUp++) next();
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    oneOf: (choices) => choices[below(choices.length)] as (typeof choices)[number],
    chance: (probability) => next() < probability,
  };
}
