/** Makes something on first use and keeps it: importing a function's module must have no effect. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const MOST_KEYS = 10_000;

/**
 * Does something once for each key, and again after a failure. What is done at the same time for the same key is
 * done twice, and what it remembers is bounded: only for what may be repeated.
 */
export function onceEach<A>(
  keyOf: (it: A) => string,
  act: (it: A) => Promise<void>,
): (it: A) => Promise<void> {
  const done = new Set<string>();
  return async (it) => {
    const key = keyOf(it);
    if (done.has(key)) return;
    await act(it);
    if (done.size >= MOST_KEYS) done.clear();
    done.add(key);
  };
}

/** What is remembered for seconds only: as many as one process can meet in that time. */
const MOST_RECENT = 500;

/**
 * Does something once for each key and so many milliseconds: who asks again meanwhile gets the same promise. A failure
 * is forgotten at once. `nowMs` is the clock.
 */
export function onceWithin<A, R extends readonly unknown[], T>(
  milliseconds: number,
  keyOf: (it: A) => string,
  act: (it: A, ...rest: R) => Promise<T>,
  nowMs: () => number = Date.now,
): (it: A, ...rest: R) => Promise<T> {
  const recent = new Map<string, { readonly endsMs: number; readonly done: Promise<T> }>();
  return (it, ...rest) => {
    const key = keyOf(it);
    const known = recent.get(key);
    if (known && nowMs() < known.endsMs) return known.done;
    if (recent.size >= MOST_RECENT) recent.clear();
    const done = act(it, ...rest);
    recent.set(key, { endsMs: nowMs() + milliseconds, done });
    done.catch(() => recent.delete(key));
    return done;
  };
}
