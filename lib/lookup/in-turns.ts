import { together } from '../together.ts';

/** Look-ups in flight at once. */
const AT_ONCE = 40;

/** Asks for each of many, so many at once; the answers in the order of what was asked for. */
export async function inTurns<T, R>(all: readonly T[], ask: (it: T) => Promise<R>): Promise<readonly R[]> {
  const answers: R[] = [];
  for (let next = 0; next < all.length; next += AT_ONCE)
    answers.push(...(await together(all.slice(next, next + AT_ONCE).map(ask))));
  return answers;
}
