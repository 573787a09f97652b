import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Delivery, imageOf, type QueuedSink } from '../../../lib/delivery/delivery.ts';
import type { DigestSink, FoldPorts, TellInBatch } from '../../../lib/delivery/fold.ts';
import type { Outcome, Sink } from '../../../lib/delivery/sink.ts';
import { LEASE_SECONDS } from '../../../lib/delivery/state.ts';
import type { Received } from '../../../lib/queue/batch.ts';
import { putBack } from '../../../lib/queue/message.ts';
import { imagePartition } from '../../../lib/store/keys.ts';
import type { Life } from '../life.ts';
import type { Post } from '../outside.ts';
import { packagedNumber } from '../packaged.ts';
import { batchPorts, type Ground, type Surface, sqsOf, tableOf } from './ground.ts';

const FOLD_RULE: FoldPorts['rule'] = {
  after: packagedNumber('slackDigestAfter'),
  windowSeconds: packagedNumber('slackDigestWindowSeconds'),
};

/** One invocation of a function that delivers. */
interface Batch {
  readonly ground: Ground;
  readonly surface: Surface;
  readonly name: QueuedSink;
  readonly alive: Life;
  /** What arrived, by the delivery that it was. */
  readonly arrived: Map<Delivery, Post>;
}

/** One invocation of functions/deliver-<sink>.ts. */
export function deliverBatch(
  ground: Ground,
  name: QueuedSink,
  event: SQSEvent,
  alive: Life,
): Promise<SQSBatchResponse> {
  const batch: Batch = { ground, surface: ground.surfaceOf(), name, alive, arrived: new Map() };
  const tell = tellIn(batch);
  return batch.surface.eachMessage(
    event,
    (received) => tell(received.attempt, (sink) => answerDelivery(batch, sink, received)),
    batchPorts(ground, name, alive),
  );
}

/** Notices for Slack fold within a batch; every other delivery goes by itself. */
function tellIn(batch: Batch): TellInBatch {
  const { alive, arrived, ground, name, surface } = batch;
  const { clock, outside } = ground;
  const note = (post: Post) => void arrived.set(post.delivery, post);
  if (name !== 'slack') {
    const sink = outside.connect[name](surface, note);
    return (_, tell) => tell({ ...sink, ...sendIn(batch, sink) });
  }
  const slack = outside.connect.slack(surface, note);
  const sink: DigestSink = {
    ...slack,
    ...sendIn(batch, slack),
    sendDigest: (entries, mark) => stepIn(batch, () => slack.sendDigest(entries, mark)),
  };
  const ledger = tableOf(ground, 'ledger', alive);
  return surface.foldingBatch(sink, {
    rule: FOLD_RULE,
    now: clock.now,
    count: (start, messages, most) => surface.countInWindow(ledger, name, start, messages, most),
  });
}

function sendIn(batch: Batch, sink: Sink): Pick<Sink, 'isConfigured' | 'send'> {
  return {
    isConfigured: async () => true,
    send: (delivery, context) => stepIn(batch, () => sink.send(delivery, context)),
  };
}

/** One request to a destination; some workers stay away after it. */
function stepIn({ alive, ground, name }: Batch, call: () => Promise<Outcome>): Promise<Outcome> {
  return alive.step(async () => {
    if (name === 'sns') ground.calls.count('sns', ground.clock.nowMs());
    const outcome = await call();
    if (ground.chance.hits(ground.faults.stall)) {
      alive.outlive();
      await ground.clock.sleep(60_000);
    }
    return outcome;
  });
}

/** One delivery: the sink and the ledger of one message, which tell each other what became of it. */
function answerDelivery({ alive, arrived, ground, name, surface }: Batch, sink: Sink, received: Received) {
  const { clock, plant } = ground;
  const ledger = tableOf(ground, 'ledger', alive);
  let claimedMs = 0;
  return surface.answerOrder(received, sink, {
    now: clock.now,
    // The previous release lets nothing wait.
    async putBack(body, seconds) {
      const delay = plant.waits ? plant.waits(seconds) : seconds;
      if (delay !== undefined) await putBack(sqsOf(ground, alive), name, body, delay);
    },
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
      const post = arrived.get(delivery);
      if (post && as.state === 'SENT') post.isSettled = isInTime;
    },
  });
}
