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
import { prime, tables } from '../../lib/services/prime.ts';

/** The handler of a sink's queue, which some orders to the `other` sink come through; `inBatch`: how a batch is told. */
export async function deliverBatch<S extends Sink>(
  connectSink: () => S,
  inBatch: (sink: S) => TellInBatch = (sink) => (_attempt, tell) => tell(sink),
  connectOther?: () => Sink,
): Promise<(event: SQSEvent) => Promise<SQSBatchResponse>> {
  // Once per cold start: connections while Lambda starts it, all else on the first event
  const ports = once(() => ({
    ...{ batch: batchPorts(log), ledger: deliveryPorts(log) },
    ...{ sink: connectSink(), other: connectOther?.() },
  }));
  await prime([tables, async () => ports().sink.warmUp?.()]);
  const sayOff = once(({ name, needs } = ports().sink) =>
    log.warn('this sink is off: it is not configured', { sink: name, needs }),
  );
  // Once per message
  async function answer(received: Received, sink: Sink): Promise<object> {
    if (!(await sink.isConfigured())) sayOff();
    const { ledger, batch, other } = ports();
    return answerOrder(received, sink, { ...ledger, ...batch, other });
  }
  // Called by AWS
  return (event) => {
    const { sink, batch } = ports();
    const tell = inBatch(sink);
    return eachMessage(event, (it) => tell(it.attempt, (shared) => answer(it, shared)), batch, identityOf);
  };
}
