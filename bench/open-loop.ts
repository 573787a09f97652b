import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Sends so many requests a second by the clock, whether the ones before are answered or not. Returns the milliseconds
 * from when each was to be sent to its answer: a server that stalls makes all wait that come meanwhile, and this counts
 * it. What is not answered takes for ever: Infinity.
 */
export async function openLoop(
  send: (nth: number) => Promise<void>,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<readonly number[]> {
  const startMs = performance.now() + 50;
  const tookMs: Promise<number>[] = [];
  for (let nth = 0; nth < perSecond * seconds; nth += 1) {
    const plannedMs = startMs + (nth / perSecond) * 1000;
    const waitMs = plannedMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const answered = () => performance.now() - plannedMs;
    tookMs.push(send(nth).then(answered, () => Number.POSITIVE_INFINITY));
  }
  return Promise.all(tookMs);
}

/** Of sorted numbers the one that so many of a hundred are not greater than. */
export function percentile(sorted: readonly number[], of: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * of) / 100) - 1)] ?? Number.NaN;
}
