import type { Queue } from '../sqs/queue.ts';
import { untilVisible } from '../sqs/until-visible.ts';
import { failedMessageIds, sqsEvent } from './sqs-event.ts';
import type { Invocation, Worker } from './worker.ts';

export interface MappingOptions {
  readonly batchSize: number;
  /** How long a batch that is not full waits for more, from the first message on; default: a moment. */
  readonly gatheringSeconds?: number;
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

/** The least that a batch waits for more messages, so that a burst is one batch. */
const MOMENT_MS = 20;

/**
 * Lambda's event source mapping, one batch at a time: takes messages from the queue, invokes the function and
 * deletes what succeeded. The rest comes back when its visibility timeout ends.
 */
export function startMapping(queue: Queue, worker: Worker, options: MappingOptions): RunningMapping {
  const stopping = new AbortController();
  const gatheringMs = Math.max(MOMENT_MS, (options.gatheringSeconds ?? 0) * 1000);
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

  async function untilGathered(): Promise<void> {
    const over = new AbortController();
    const end = () => over.abort();
    const timer = setTimeout(end, gatheringMs);
    stopping.signal.addEventListener('abort', end);
    await untilVisible(queue, over.signal, options.batchSize);
    stopping.signal.removeEventListener('abort', end);
    clearTimeout(timer);
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      await untilVisible(queue, stopping.signal);
      if (!stopping.signal.aborted) await untilGathered();
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
