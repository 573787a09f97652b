import { type Delivered, type DeliveryPorts, deliver } from './deliver.ts';
import type { Delivery, SinkName } from './delivery.ts';
import type { Sink } from './sink.ts';
import { parseOrder } from './wire.ts';

/** What was done about a message on a sink's queue, for the log. */
export interface Answer {
  readonly sink: SinkName;
  readonly kind: Delivery['kind'];
  readonly key: string;
  readonly outcome: Delivered;
}

/** Answers one message of a sink's queue; throws as `parseOrder` and `deliver`. */
export async function answerOrder(
  { body, attempt }: { readonly body: string; readonly attempt: number },
  sink: Sink,
  ports: DeliveryPorts,
): Promise<Answer> {
  const order = parseOrder(body);
  const outcome = await deliver(order, attempt, sink, ports);
  return { sink: sink.name, kind: order.delivery.kind, key: order.delivery.key, outcome };
}
