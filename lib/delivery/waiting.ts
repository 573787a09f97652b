import { NotReady } from '../errors.ts';
import type { Instant } from '../instant.ts';
import type { SinkMessage } from './delivery.ts';
import type { Sink } from './sink.ts';

/** Puts a body into the queue that it came from, to be handed over after so many seconds. */
export type PutBack = (body: string, delaySeconds: number) => Promise<void>;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const MAX_DELAY_SECONDS = 900;

/** When a message is tried again that could not be put back. */
const PAUSE_SECONDS = 60;

/** Until when a message waits for the people whom this sink is for; undefined when it does not, or no more. */
export function waitsUntil(message: SinkMessage, { isForPeople }: Sink, now: Date): Instant | undefined {
  if (!isForPeople || message.kind !== 'notice' || message.notBefore === undefined) return undefined;
  return Date.parse(message.notBefore) > now.getTime() ? message.notBefore : undefined;
}

/** A message as it was handed over. */
interface Handed {
  readonly body: string;
  readonly attempt: number;
  readonly waitedSeconds: number;
}

/**
 * SQS hides a message for twelve hours at most, counted from when it was handed over: what asks for more is refused.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
const MAX_HIDDEN_SECONDS = 11 * 3600;

/** SQS forgets a message after four days (`resources/queues.yml`). */
const OLD_SECONDS = 3 * 86_400;

/**
 * Lets a message wait: puts it back as it came, which is a new message, so that the received one is done. Before the
 * claim, so the ledger knows nothing of it: a crash in between leaves two, and the claim tells one of them.
 *
 * Not by hiding the received one for longer: its age would ring the alarm of its queue, which a night must not, and
 * each return would count as a receive. A new one has no past, and all that wait for the same moment come within the
 * same second. It costs a receive, a send and a delete every quarter of an hour.
 *
 * One that comes a second time may have been put back the first time, by a function that died after it, or is one that
 * SQS handed over twice. It is hidden: put back again, it would be two for ever, and four after the next death.
 *
 * Throws NotReady when it was hidden, or could not be put back.
 */
export async function wait(
  { body, attempt, waitedSeconds }: Handed,
  until: Instant,
  now: Date,
  putBack: PutBack,
): Promise<void> {
  const leftSeconds = Math.ceil((Date.parse(until) - now.getTime()) / 1000);
  if (attempt > 1 && waitedSeconds < OLD_SECONDS) {
    const seconds = Math.min(MAX_HIDDEN_SECONDS, leftSeconds);
    throw new NotReady(`it waits until ${until}, hidden: it came before`, seconds);
  }
  try {
    await putBack(body, Math.min(MAX_DELAY_SECONDS, leftSeconds));
  } catch (error) {
    throw new NotReady(
      `it waits until ${until}, and was not put back: ${(error as Error).name}`,
      PAUSE_SECONDS,
    );
  }
}
