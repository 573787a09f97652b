import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { answerOrder } from '../../lib/delivery/answer.ts';
import type { TellInBatch } from '../../lib/delivery/fold.ts';
import type { Sink } from '../../lib/delivery/sink.ts';
import { identityOf } from '../../lib/delivery/wire.ts';
import { log } from '../../lib/log.ts';
import { once } from '../../lib/once.ts';
import { eachMessage, type Received } from '../../lib/queue/batch.ts';
import { batchPorts } from '../../lib/services/batch.ts';
import { deliveryPorts } from '../../lib/services/deliver.ts';

/** The handler of a sink's queue, which some orders to the `other` sink come through; `inBatch`: how a batch is told. */
export function deliverBatch<S extends Sink>(
  connectSink: () => S,
  inBatch: (sink: S) => TellInBatch = (sink) => (_attempt, tell) => tell(sink),
  connectOther?: () => Sink,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  // Once per cold start, on the first event
  const ports = once(() => {
    const ledger = { ...deliveryPorts(log), other: connectOther?.() };
    return { batch: batchPorts(log), ledger, sink: connectSink() };
  });
  const sayOff = once(() => {
    const { name, needs } = ports().sink;
    log.warn('this sink is off: it is not configured', { sink: name, needs });
  });

  // Once per message
  async function answer(received: Received, sink: Sink): Promise<object> {
    if (!(await sink.isConfigured())) sayOff();
    return answerOrder(received, sink, { ...ports().ledger, ...ports().batch });
  }

  // Called by AWS
  return (event) => {
    const { sink, batch } = ports();
    const tell = inBatch(sink);
    return eachMessage(event, (it) => tell(it.attempt, (shared) => answer(it, shared)), batch, identityOf);
  };
}
