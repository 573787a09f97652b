/** Stands for anything that can happen to a worker between two calls. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/**
 * The same ports, whose `nth` call (from 1, counted over all of them) throws Crash: before it has done anything, or
 * after it has done it. Clocks and plain values are left alone. `calls` says how many there were.
 */
export function failingAt<P extends object>(
  ports: P,
  nth: number,
  when: 'before' | 'after',
): { readonly ports: P; readonly calls: () => number } {
  let count = 0;
  const guarded = (call: (...args: unknown[]) => Promise<unknown>) => {
    return async (...args: unknown[]) => {
      count += 1;
      const isFatal = count === nth;
      if (isFatal && when === 'before') throw new Crash(`call ${nth}`);
      const result = await call(...args);
      if (isFatal) throw new Crash(`call ${nth}`);
      return result;
    };
  };
  const entries = Object.entries(ports).map(([name, port]) =>
    typeof port === 'function' && name !== 'now' ? [name, guarded(port)] : [name, port],
  );
  return { ports: Object.fromEntries(entries), calls: () => count };
}

/** Every place to fail at, with more calls than any flow makes. */
export const crashPoints = (['before', 'after'] as const).flatMap((when) =>
  Array.from({ length: 40 }, (_, index) => [when, index + 1] as const),
);
