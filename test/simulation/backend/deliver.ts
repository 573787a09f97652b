import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { imageOf, isHeartbeat, type SinkName } from '../../../lib/delivery/delivery.ts';
import type { Sink } from '../../../lib/delivery/sink.ts';
import { LEASE_SECONDS } from '../../../lib/delivery/state.ts';
import type { Received } from '../../../lib/queue/batch.ts';
import { imagePartition } from '../../../lib/store/keys.ts';
import type { Life } from '../life.ts';
import type { Post } from '../outside.ts';
import { batchPorts, type Ground, type Surface, tableOf } from './ground.ts';

/** One invocation of functions/deliver-<sink>.ts. */
export function deliverBatch(
  ground: Ground,
  name: SinkName,
  event: SQSEvent,
  alive: Life,
): Promise<SQSBatchResponse> {
  const surface = ground.surfaceOf();
  return surface.eachMessage(
    event,
    (received) => answerDelivery(ground, surface, name, alive, received),
    batchPorts(ground, name, alive),
  );
}

/** One delivery: the sink and the ledger of one message, which tell each other what became of it. */
function answerDelivery(ground: Ground, surface: Surface, name: SinkName, alive: Life, received: Received) {
  const { chance, clock, faults, outside, plant } = ground;
  const ledger = tableOf(ground, 'ledger', alive);
  let arrived: Post | undefined;
  let claimedMs = 0;
  const sink: Sink = {
    name,
    isConfigured: async () => true,
    send: (delivery, context) =>
      alive.step(async () => {
        if (isHeartbeat(delivery)) throw new Error('nobody here beats');
        const outcome = await outside.tries[name](surface, delivery, context, (post) => {
          arrived = post;
        });
        if (chance.hits(faults.stall)) {
          alive.outlive();
          await clock.sleep(60_000);
        }
        return outcome;
      }),
  };
  return surface.answerOrder(received, sink, {
    now: clock.now,
    async claim(delivery, at, release) {
      claimedMs = clock.nowMs();
      const claimed = await surface.claim(ledger, delivery, at, clock.nowMs(), release);
      return plant.claim?.(claimed) ?? claimed;
    },
    async settle(delivery, at, token, as) {
      await surface.settle(ledger, delivery, at, token, as);
      const Key = { pk: imagePartition(imageOf(delivery)), sk: `DLV#${at}#${delivery.key}` };
      if (plant.deletesOnException && as.state !== 'SENT')
        await ledger.client.send(new DeleteCommand({ TableName: ledger.name, Key }));
      const isInTime = clock.nowMs() - claimedMs < LEASE_SECONDS * 1000;
      if (arrived && as.state === 'SENT') arrived.isSettled = isInTime;
    },
  });
}
