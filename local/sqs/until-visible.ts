import type { Queue } from './queue.ts';

/** The longest delay that `setTimeout` takes. */
const MAX_TIMER_MS = 2_147_483_647;

/** Resolves when the queue has so many visible messages (at once if it has them) or when `signal` aborts. */
export function untilVisible(queue: Queue, signal: AbortSignal, messages = 1): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const check = (): void => {
      clearTimeout(timer);
      if (signal.aborted || queue.counts().visible >= messages) {
        unsubscribe();
        signal.removeEventListener('abort', check);
        resolve();
        return;
      }
      const waitsMs = queue.messages().map(({ visibleAtMs }) => visibleAtMs - Date.now());
      const nextMs = Math.min(...waitsMs.filter((waitMs) => waitMs > 0));
      if (nextMs < MAX_TIMER_MS) timer = setTimeout(check, nextMs + 1);
    };
    const unsubscribe = queue.onChange(check);
    signal.addEventListener('abort', check);
    check();
  });
}
