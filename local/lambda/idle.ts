import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from '../sqs/queue.ts';
import type { RunningMapping } from './mapping.ts';

export interface Consumer {
  readonly queue: Queue;
  readonly mapping: RunningMapping;
}

export interface IdleOptions {
  readonly timeoutMs?: number;
  /** Messages that stay hidden for longer than this are not waited for. */
  readonly ignoreDelayedBeyondSeconds?: number;
}

const LOOK_EVERY_MS = 10;

/**
 * Resolves when no function runs and no queue that feeds one holds a message. Rejects after `timeoutMs`
 * (default 30 s) and says what is left.
 */
export async function untilIdle(
  consumers: readonly Consumer[],
  { timeoutMs = 30_000, ignoreDelayedBeyondSeconds = Number.POSITIVE_INFINITY }: IdleOptions = {},
): Promise<void> {
  const endsMs = Date.now() + timeoutMs;
  for (;;) {
    if (!consumers.some((consumer) => unfinished(consumer, ignoreDelayedBeyondSeconds))) return;
    if (Date.now() > endsMs) {
      const left = consumers.flatMap((it) => unfinished(it, ignoreDelayedBeyondSeconds) ?? []);
      throw new Error(`not idle after ${timeoutMs} ms: ${left.join('; ')}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

function unfinished({ queue, mapping }: Consumer, horizonSeconds: number): string | undefined {
  const { name } = queue.settings;
  if (mapping.isBusy()) return `a batch of ${name} is being worked on`;
  const nowMs = Date.now();
  const awaited = queue.messages().filter(({ visibleAtMs }) => visibleAtMs - nowMs <= horizonSeconds * 1000);
  if (awaited.length === 0) return undefined;
  const waitMs = Math.max(...awaited.map(({ visibleAtMs }) => visibleAtMs - nowMs));
  return `${name} holds ${awaited.length} messages, the last for ${Math.ceil(waitMs / 1000)} s more`;
}
