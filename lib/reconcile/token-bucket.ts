/** What waiting takes. */
export interface Clock {
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Lets through at most `perSecond` calls a second, evenly, however many ask at once. A caller waits its turn; the
 * order is that of asking.
 */
export function tokenBucket(perSecond: number, { now, sleep }: Clock): () => Promise<void> {
  const gapMs = 1000 / perSecond;
  let nextMs = 0;
  return async () => {
    const nowMs = now().getTime();
    const turnMs = Math.max(nowMs, nextMs);
    nextMs = turnMs + gapMs;
    if (turnMs > nowMs) await sleep(turnMs - nowMs);
  };
}
