/** Time that passes only when everybody waits for it. */
export interface Clock {
  readonly nowMs: () => number;
  readonly now: () => Date;
  /** Runs something when that time has come; at once when it is over. */
  readonly at: (atMs: number, run: () => void) => void;
  readonly sleep: (ms: number) => Promise<void>;
  /** Lets time pass until nothing is planned any more, or until a time. */
  readonly run: (untilMs?: number) => Promise<void>;
}

interface Planned {
  readonly atMs: number;
  /** Of things planned for one time the first planned is the first. */
  readonly order: number;
  readonly run: () => void;
}

/** A clock that begins at a time in epoch milliseconds. */
export function virtualClock(startMs: number): Clock {
  const heap: Planned[] = [];
  let nowMs = startMs;
  let order = 0;

  function at(atMs: number, run: () => void): void {
    push(heap, { atMs: Math.max(nowMs, atMs), order, run });
    order += 1;
  }

  return {
    nowMs: () => nowMs,
    now: () => new Date(nowMs),
    at,
    sleep: (ms) =>
      new Promise((resolve) => {
        at(nowMs + ms, resolve);
      }),
    async run(untilMs = Number.POSITIVE_INFINITY) {
      let instants = 0;
      for (let next = heap[0]; next && next.atMs <= untilMs; next = heap[0]) {
        nowMs = next.atMs;
        for (; next && next.atMs === nowMs; next = heap[0]) {
          pop(heap);
          next.run();
        }
        instants += 1;
        await settled(instants % BREATH === 0);
      }
      if (Number.isFinite(untilMs)) nowMs = Math.max(nowMs, untilMs);
    },
  };
}

/** Instants after which whoever runs us may do something, too: report to the test runner, collect timers. */
const BREATH = 1000;

/**
 * Everything that follows without waiting has happened before time goes on: promises are all settled before a tick
 * of Node's comes. A turn of its event loop would cost ten times as much, and nobody here waits for a real one.
 */
function settled(isLong: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (isLong) setImmediate(resolve);
    else process.nextTick(resolve);
  });
}

function isBefore(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Planned[], planned: Planned): void {
  let index = heap.push(planned) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Planned;
    if (!isBefore(planned, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = planned;
}

function pop(heap: Planned[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (let child = 1; child < heap.length; child = 2 * index + 1) {
    const right = heap[child + 1];
    const least = right && isBefore(right, heap[child] as Planned) ? child + 1 : child;
    if (!isBefore(heap[least] as Planned, last)) break;
    heap[index] = heap[least] as Planned;
    index = least;
  }
  heap[index] = last;
}
