/** When an answer is of no use any more. */
export interface Late {
  readonly atMs: number;
  readonly nowMs: () => number;
}

/** What comes of the work, or something else when it is too late for that; the work itself is not ended. */
export async function within<T>({ atMs, nowMs }: Late, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, atMs - nowMs()), otherwise);
  });
  // Nobody hears of it after that.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
