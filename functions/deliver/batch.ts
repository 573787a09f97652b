import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Delivered, deliver } from '../../lib/delivery/deliver.ts';
import { isHeartbeat } from '../../lib/delivery/delivery.ts';
import { deliverHeartbeat } from '../../lib/delivery/heartbeat.ts';
import type { Sink } from '../../lib/delivery/sink.ts';
import { parseDelivery } from '../../lib/delivery/wire.ts';
import { log } from '../../lib/log.ts';
import { once } from '../../lib/once.ts';
import { eachMessage, type Received } from '../../lib/queue/batch.ts';
import { batchPorts, deliveryPorts } from '../../lib/services.ts';

/** The handler of a sink's queue: the three functions differ only in the sink. */
export function deliverBatch(connectSink: () => Sink): (event: SQSEvent) => Promise<SQSBatchResponse> {
  // Once per cold start, on the first event
  const ports = once(() => ({ batch: batchPorts(log), ledger: deliveryPorts(), sink: connectSink() }));
  const sayOff = once(() => {
    const { name, needs } = ports().sink;
    log.warn('this sink is off: it is not configured', { sink: name, needs });
  });

  // Once per message
  async function answer({ body, attempt }: Received): Promise<object> {
    const { sink, ledger, batch } = ports();
    const delivery = parseDelivery(body);
    const outcome: Delivered = isHeartbeat(delivery)
      ? await deliverHeartbeat(delivery, sink, batch.now())
      : await deliver(delivery, attempt, sink, ledger);
    if (outcome === 'off') sayOff();
    return { sink: sink.name, kind: delivery.kind, key: delivery.key, outcome };
  }

  // Called by AWS
  return (event) => eachMessage(event, answer, ports().batch);
}
