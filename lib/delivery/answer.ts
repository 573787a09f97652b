import { InvalidEvent } from '../errors.ts';
import type { Instant } from '../instant.ts';
import { type Delivered, type DeliveryPorts, deliver } from './deliver.ts';
import { type Delivery, isHeartbeat, type SinkName } from './delivery.ts';
import { deliverHeartbeat } from './heartbeat.ts';
import type { Sink } from './sink.ts';
import { type PutBack, wait, waitsUntil } from './waiting.ts';
import { parseOrder } from './wire.ts';

/** What was done about a message on a sink's queue, for the log. */
export interface Answer {
  readonly sink: SinkName;
  readonly kind: Delivery['kind'];
  readonly key: string;
  readonly outcome: Delivered | 'waiting';
  /** Until when it waits. */
  readonly until?: Instant;
}

/** A message as the queue hands it over: how often, from 1, and since when. */
interface Handed {
  readonly body: string;
  readonly attempt: number;
  readonly waitedSeconds?: number;
}

/** What answering takes: the ledger, the clock and the queue itself. */
export interface AnswerPorts extends DeliveryPorts {
  readonly now: () => Date;
  readonly putBack: PutBack;
  /** A sink that shares the queue: it is told what is addressed to it, and nothing else. */
  readonly other?: Sink | undefined;
}

/**
 * Answers one message of a sink's queue; throws as `parseOrder`, `wait` and `deliver`, and InvalidEvent for a message to
 * a sink that this queue is not for.
 */
export async function answerOrder(
  { body, attempt, waitedSeconds = 0 }: Handed,
  own: Sink,
  { other, putBack, ...ports }: AnswerPorts,
): Promise<Answer> {
  const { delivery, to, ...order } = parseOrder(body);
  const sink = to === undefined ? own : other;
  if (!sink || (to !== undefined && sink.name !== to))
    throw new InvalidEvent(`to: who reads this queue tells ${own.name}, not ${to}`);
  const about = { sink: sink.name, kind: delivery.kind, key: delivery.key };
  const until = waitsUntil(delivery, sink, ports.now());
  if (until !== undefined) {
    await wait({ body, attempt, waitedSeconds }, until, ports.now(), putBack);
    return { ...about, outcome: 'waiting', until };
  }
  const outcome = isHeartbeat(delivery)
    ? await deliverHeartbeat(delivery, sink, ports.now())
    : await deliver({ delivery, ...order, waitedSeconds }, attempt, sink, ports);
  return { ...about, outcome };
}
