import type { Queue } from './queue.ts';

/** The longest delay that `setTimeout` takes. */
const MAX_TIMER_MS = 2_147_483_647;

/** Resolves when the queue has a visible message (at once if it has one) or when `signal` aborts. */
export function untilVisible(queue: Queue, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const check = (): void => {
      clearTimeout(timer);
      if (signal.aborted || queue.counts().visible > 0) {
        unsubscribe();
        signal.removeEventListener('abort', check);
        resolve();
        return;
      }
      const nextMs = Math.min(...queue.messages().map(({ visibleAtMs }) => visibleAtMs)) - Date.now();
      if (nextMs < MAX_TIMER_MS) timer = setTimeout(check, nextMs + 1);
    };
    const unsubscribe = queue.onChange(check);
    signal.addEventListener('abort', check);
    check();
  });
}
