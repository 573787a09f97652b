import { type Delivered, type DeliveryPorts, deliver } from './deliver.ts';
import { type Delivery, isHeartbeat, type SinkName } from './delivery.ts';
import { deliverHeartbeat } from './heartbeat.ts';
import type { Sink } from './sink.ts';
import { parseOrder } from './wire.ts';

/** What was done about a message on a sink's queue, for the log. */
export interface Answer {
  readonly sink: SinkName;
  readonly kind: Delivery['kind'];
  readonly key: string;
  readonly outcome: Delivered;
}

/** A message as the queue hands it over: how often, from 1, and since when. */
interface Handed {
  readonly body: string;
  readonly attempt: number;
  readonly waitedSeconds?: number;
}

/** Answers one message of a sink's queue; throws as `parseOrder` and `deliver`. */
export async function answerOrder(
  { body, attempt, waitedSeconds = 0 }: Handed,
  sink: Sink,
  ports: DeliveryPorts & { readonly now: () => Date },
): Promise<Answer> {
  const { delivery, ...order } = parseOrder(body);
  const outcome = isHeartbeat(delivery)
    ? await deliverHeartbeat(delivery, sink, ports.now())
    : await deliver({ delivery, ...order, waitedSeconds }, attempt, sink, ports);
  return { sink: sink.name, kind: delivery.kind, key: delivery.key, outcome };
}
