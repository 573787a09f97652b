import type { SQSEvent } from 'aws-lambda';
import { answerOrder } from '../../../lib/delivery/answer.ts';
import type { DeliveryPorts } from '../../../lib/delivery/deliver.ts';
import type { Sink } from '../../../lib/delivery/sink.ts';
import { type BatchPorts, eachMessage } from '../../../lib/queue/batch.ts';
import { claim, settle } from '../../../lib/store/ledger.ts';
import { tableOver } from './memory-table.ts';
import type { Message } from './queue.ts';
import type { Plant, Run, World } from './world.ts';

/** How a request gets to where it takes effect, and its answer back. */
export type Travel = <T>(what: string, effect: () => T) => Promise<T>;

/** An answer that did not come in the time that the sink gives it. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** What a worker has of its own. */
export interface Worker {
  readonly run: Run;
  readonly travel: Travel;
  /** Its clock, which may be wrong by a little. */
  readonly nowMs: () => number;
  readonly plant: Plant;
}

/** One invocation: the real batch, delivery and ledger code answer one message. */
export async function invoke(world: World, message: Message, worker: Worker): Promise<void> {
  const { queue } = world;
  const { travel, nowMs } = worker;
  const sink = sinkOf(world, worker);
  const ports = ledgerOf(world, worker);
  const batch: BatchPorts = {
    now: () => new Date(nowMs()),
    bury: (body, reason) => travel('bury', () => queue.bury({ body, reason })),
    postpone: (_, seconds) =>
      travel('postpone', () => queue.postpone(message.id, world.nowMs() + seconds * 1000)),
    log: SILENT,
  };
  const event = eventOf(message);
  const { batchItemFailures } = await eachMessage(
    event,
    (received) =>
      answerOrder(received, sink, { ...ports, now: () => new Date(world.nowMs()), putBack: nothingWaits }),
    batch,
  );
  if (batchItemFailures.length === 0) await travel('remove', () => queue.remove(message.id));
}

async function nothingWaits(): Promise<never> {
  throw new Error('nothing here waits for people');
}

const SILENT = { info: () => undefined, error: () => undefined } as unknown as BatchPorts['log'];

function ledgerOf(world: World, { run, travel, nowMs, plant }: Worker): DeliveryPorts {
  const table = plant(tableOver((command) => travel('ledger', () => world.request(run, command))));
  return {
    claim: (delivery, sink, release) => claim(table, delivery, sink, nowMs(), release),
    settle: (delivery, sink, token, as) => settle(table, delivery, sink, token, as),
    afterLostReply: world.kind.afterLostReply,
  };
}

function sinkOf(world: World, { run, travel }: Worker): Sink {
  return {
    ...(world.kind.canBeAsked && { look: () => travel('look', () => world.look()) }),
    name: world.kind.sink,
    isConfigured: async () => true,
    async send(_, { possibleRepeat }) {
      try {
        return await travel('send', () => world.arrive(run, possibleRepeat));
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        run.isInDoubt = true;
        return { state: 'unknown', why: 'no answer in time' };
      }
    },
  };
}

function eventOf({ id, body, receives }: Message): SQSEvent {
  return {
    Records: [
      {
        messageId: String(id),
        receiptHandle: `${id}-${receives}`,
        body,
        attributes: {
          ApproximateReceiveCount: String(receives),
          ApproximateFirstReceiveTimestamp: '0',
          SentTimestamp: '0',
          SenderId: 'sender',
        },
        messageAttributes: {},
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:sink',
        awsRegion: 'eu-west-1',
      },
    ],
  };
}
