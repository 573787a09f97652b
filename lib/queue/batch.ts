import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { ConfigError, InvalidEvent, NotReady } from '../errors.ts';
import type { log } from '../log.ts';

/** What a message tells about its own life. */
export interface Received {
  readonly body: string;
  /** Times the queue has handed it over, from 1. */
  readonly attempt: number;
  /** Seconds since it was first handed over. */
  readonly waitedSeconds: number;
}

/** The queue and the log, as the batch needs them. */
export interface BatchPorts {
  readonly now: () => Date;
  /** Sends a body to the dead letters, with its reason. */
  readonly bury: (body: string, reason: string) => Promise<void>;
  /** Makes the queue hand the message over again after so many seconds. */
  readonly postpone: (receiptHandle: string, seconds: number) => Promise<void>;
  readonly log: Pick<typeof log, 'info' | 'error'>;
}

/**
 * Answers each message of a batch by itself: what cannot be used goes to the dead letters at once, what is not
 * ready comes back when it asks to, anything unexpected comes back when the queue's visibility timeout ends.
 * One message's trouble never touches its batch mates.
 */
export async function eachMessage(
  event: SQSEvent,
  answer: (received: Received) => Promise<object>,
  ports: BatchPorts,
  identityOf: (body: string) => string = (body) => body,
): Promise<SQSBatchResponse> {
  const answers = new Map<string, Promise<object>>();
  // The same twice in one batch is one question: two workers would only get into each other's way.
  const answerOnce = (record: SQSRecord): Promise<object> => {
    const identity = identityOf(record.body);
    const answered = answers.get(identity) ?? answer(toReceived(record, ports.now()));
    answers.set(identity, answered);
    return answered;
  };
  const done = await Promise.all(event.Records.map((record) => settleRecord(record, answerOnce, ports)));
  const failed = event.Records.filter((_, index) => !done[index]);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function settleRecord(
  record: SQSRecord,
  answer: (record: SQSRecord) => Promise<object>,
  ports: BatchPorts,
): Promise<boolean> {
  const { messageId } = record;
  try {
    ports.log.info('answered', { messageId, ...(await answer(record)) });
    return true;
  } catch (error) {
    return settleFailure(record, error, ports).catch((second: unknown) => {
      ports.log.error('could not put a message aside', { messageId, error: second as Error });
      return false;
    });
  }
}

async function settleFailure(record: SQSRecord, error: unknown, ports: BatchPorts): Promise<boolean> {
  const { messageId, body, receiptHandle } = record;
  if (error instanceof InvalidEvent) {
    await ports.bury(error.deadLetter ?? body, error.message);
    ports.log.error('sent to the dead letters', { messageId, reason: error.message });
    return true;
  }
  if (error instanceof NotReady) {
    await ports.postpone(receiptHandle, error.retryAfterSeconds);
    ports.log.info('not ready', {
      messageId,
      reason: error.message,
      retryAfterSeconds: error.retryAfterSeconds,
    });
    return false;
  }
  const what = error instanceof ConfigError ? 'not configured' : 'failed, will be tried again';
  ports.log.error(what, { messageId, error: error as Error });
  return false;
}

function toReceived({ body, attributes }: SQSRecord, now: Date): Received {
  return {
    body,
    attempt: Number(attributes.ApproximateReceiveCount),
    waitedSeconds: Math.max(0, (now.getTime() - Number(attributes.ApproximateFirstReceiveTimestamp)) / 1000),
  };
}
