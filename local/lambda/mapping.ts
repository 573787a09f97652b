import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from '../sqs/queue.ts';
import { untilVisible } from '../sqs/until-visible.ts';
import { failedMessageIds, sqsEvent } from './sqs-event.ts';
import type { Invocation, Worker } from './worker.ts';

export interface MappingOptions {
  readonly batchSize: number;
  readonly reportsBatchItemFailures: boolean;
  /** When a message that failed comes back; default: the queue's own timeout. */
  readonly visibilityTimeoutSeconds?: number | undefined;
  readonly onInvocation?: (invocation: Invocation) => void;
}

export interface RunningMapping {
  /** Whether a batch is with the function now. */
  isBusy(): boolean;
  /** Takes no more batches; resolves when the one under way is settled. */
  stop(): Promise<void>;
}

/** A moment for more messages to arrive, so that a burst is one batch. */
const BATCHING_WINDOW_MS = 20;

/**
 * Lambda's event source mapping, one batch at a time: takes messages from the queue, invokes the function and
 * deletes what succeeded. The rest comes back when its visibility timeout ends.
 */
export function startMapping(queue: Queue, worker: Worker, options: MappingOptions): RunningMapping {
  const stopping = new AbortController();
  let busy = false;

  async function nextBatch(): Promise<void> {
    const messages = queue.receive(options.batchSize, options.visibilityTimeoutSeconds);
    if (messages.length === 0) return;
    busy = true;
    const invocation = await worker.invoke(sqsEvent(messages, queue.settings.arn));
    const failed = failedOf(
      invocation,
      messages.map(({ messageId }) => messageId),
      options,
    );
    for (const { messageId, receiptHandle } of messages) {
      if (!failed.includes(messageId)) queue.delete(receiptHandle);
    }
    busy = false;
    options.onInvocation?.(invocation);
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      await untilVisible(queue, stopping.signal);
      await sleep(BATCHING_WINDOW_MS);
      if (!stopping.signal.aborted) await nextBatch();
    }
  }

  const polling = poll();
  return {
    isBusy: () => busy,
    async stop() {
      stopping.abort();
      await polling;
    },
  };
}

function failedOf(
  { error, result }: Invocation,
  messageIds: readonly string[],
  { reportsBatchItemFailures }: MappingOptions,
): readonly string[] {
  if (error) return messageIds;
  if (!reportsBatchItemFailures) return [];
  return failedMessageIds(result === undefined ? undefined : JSON.parse(result), messageIds);
}
