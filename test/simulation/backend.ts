import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { answerOrder } from '../../lib/delivery/answer.ts';
import { type Delivery, imageOf, isHeartbeat, SINKS, type SinkName } from '../../lib/delivery/delivery.ts';
import type { Sink } from '../../lib/delivery/sink.ts';
import { LEASE_SECONDS } from '../../lib/delivery/state.ts';
import { indexFindings } from '../../lib/index-findings.ts';
import { parsePush, parseScan } from '../../lib/intake/parse.ts';
import { type BatchPorts, eachMessage } from '../../lib/queue/batch.ts';
import { sendHint } from '../../lib/queue/hint.ts';
import { enqueue } from '../../lib/queue/outbox.ts';
import { type LineagePorts, remember } from '../../lib/remember.ts';
import { type ResponsePorts, respond, respondToRetag } from '../../lib/respond.ts';
import { findingsIndexPorts } from '../../lib/run-services.ts';
import * as images from '../../lib/store/image.ts';
import { imagePartition } from '../../lib/store/keys.ts';
import { claim, settle } from '../../lib/store/ledger.ts';
import { loadOpenFindings, saveOpenFindings } from '../../lib/store/open-findings.ts';
import { saveScan } from '../../lib/store/scan.ts';
import type { Table } from '../../lib/store/table.ts';
import { saveTagEvent } from '../../lib/store/tag-history.ts';
import { definitions } from '../conformance/database.ts';
import { type MemoryDynamoDb, memoryDynamoDb, throttled } from '../doubles/memory-dynamodb/client.ts';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import type { Life } from './life.ts';
import type { Outside, Post } from './outside.ts';
import type { Plant } from './plant.ts';
import { type QueueOptions, type VirtualQueue, virtualQueue } from './queue.ts';
import type { World } from './world.ts';

export interface BackendFaults {
  readonly crash: number;
  /** DynamoDB calls that are throttled. */
  readonly throttle: number;
  /** Messages that a queue hands over again after they were deleted. */
  readonly duplicate: number;
  /** Workers that stay away between the destination's answer and the ledger, longer than their lease. */
  readonly stall: number;
}

export interface Backend {
  readonly queues: Readonly<Record<'pushes' | 'scans' | SinkName, VirtualQueue>>;
  readonly database: MemoryDynamoDb;
}

interface Surroundings {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly world: World;
  readonly outside: Outside;
}

const LEDGER = String(definitions.ledger.TableName);
const LINEAGE = String(definitions.lineage.TableName);
const SILENT: BatchPorts['log'] = { info() {}, error() {} };
const POLICY = { trackedTags: ['latest', '*-latest'], notifyAt: 'CRITICAL' } as const;
const PATIENCE = { graceSeconds: 120, readinessSeconds: 1800, retrySeconds: 5 };

/** The product's own code between virtual queues, over the memory tables; what services.ts composes on AWS. */
export function backend(
  { clock, chance, world, outside }: Surroundings,
  faults: BackendFaults,
  plant: Plant = {},
): Backend {
  const database = memoryDynamoDb(Object.values(definitions), {
    before({ input }) {
      plant.command?.(input);
      if (chance.hits(faults.throttle)) throw throttled();
      // Most calls are too short to matter; some let other workers pass.
      return chance.hits(0.05) ? clock.sleep(chance.between(1, 50)) : undefined;
    },
  });

  function table(name: string, alive: Life): Table {
    const send = (command: never) => alive.step(() => database.client.send(command));
    return { name, client: { send } as unknown as DynamoDBDocumentClient };
  }

  function batchPorts(name: keyof Backend['queues'], alive: Life): BatchPorts {
    return {
      now: clock.now,
      log: SILENT,
      bury: (body) => alive.step(async () => queues[name].bury(body)),
      postpone: (handle, seconds) => alive.step(async () => queues[name].postpone(handle, seconds)),
    };
  }

  function lineagePorts(alive: Life): LineagePorts {
    const lineage = table(LINEAGE, alive);
    return {
      now: clock.now,
      findImage: (image) => alive.step(async () => world.findImage(image)),
      findIndex: (image) => alive.step(async () => world.findIndex(image)),
      loadImage: (image) => images.loadImage(lineage, image),
      saveTagEvent: (name, event) => saveTagEvent(lineage, name, event),
      saveImage: (record) => images.saveImage(lineage, record),
      saveRepository: (repository) => images.saveRepository(lineage, repository),
      saveMark: (image, mark) => images.saveMark(lineage, image, mark),
      hintRetag: (image, id, at) => sendHint(sqs(alive), 'scans', { image, id, at, isRetag: true }),
      hintDocuments: async () => undefined,
    };
  }

  function responsePorts(alive: Life, messageId: string): ResponsePorts {
    const lineage = table(LINEAGE, alive);
    const ledger = table(LEDGER, alive);
    const planted = plant.reading ?? ((it) => it);
    const queued = (delivery: Delivery) => plant.delivery?.(delivery, messageId) ?? delivery;
    return {
      now: clock.now,
      policy: POLICY,
      patience: PATIENCE,
      findImage: (image) => alive.step(async () => world.findImage(image)),
      findScan: (image) => alive.step(async () => planted(world.findScan(image, clock.nowMs()))),
      findParents: (image) => images.findParents(lineage, image),
      loadImage: (image) => images.loadImage(lineage, image),
      loadOpenFindings: (repository, reference) => loadOpenFindings(ledger, repository, reference),
      saveScan: (subject, key, scan) => saveScan(ledger, subject, key, scan),
      saveOpenFindings: (repository, open) => saveOpenFindings(ledger, repository, open),
      indexFindings: (subject, scan, at) => indexFindings(subject, scan, at, findingsIndexPorts(ledger)),
      enqueue: (delivery) => enqueue(sqs(alive), URLS, queued(delivery)),
    };
  }

  function sqs(alive: Life): SQSClient {
    const send = ({
      input,
    }: {
      readonly input: { readonly QueueUrl: keyof Backend['queues']; readonly MessageBody: string };
    }) => alive.step(async () => queues[input.QueueUrl].send(input.MessageBody));
    return { send } as unknown as SQSClient;
  }

  /** One delivery: the sink and the ledger of one message, which tell each other what became of it. */
  function answerDelivery(name: SinkName, alive: Life, received: { body: string; attempt: number }) {
    const ledger = table(LEDGER, alive);
    let arrived: Post | undefined;
    let claimedMs = 0;
    const sink: Sink = {
      name,
      isConfigured: async () => true,
      send: (delivery, context) =>
        alive.step(async () => {
          if (isHeartbeat(delivery)) throw new Error('nobody here beats');
          const outcome = await outside.tries[name](delivery, context, (post) => {
            arrived = post;
          });
          if (chance.hits(faults.stall)) {
            alive.outlive();
            await clock.sleep(60_000);
          }
          return outcome;
        }),
    };
    return answerOrder(received, sink, {
      now: clock.now,
      async claim(delivery, at, release) {
        claimedMs = clock.nowMs();
        const claimed = await claim(ledger, delivery, at, clock.nowMs(), release);
        return plant.claim?.(claimed) ?? claimed;
      },
      async settle(delivery, at, token, as) {
        await settle(ledger, delivery, at, token, as);
        const Key = { pk: imagePartition(imageOf(delivery)), sk: `DLV#${at}#${delivery.key}` };
        if (plant.deletesOnException && as.state !== 'SENT')
          await ledger.client.send(new DeleteCommand({ TableName: LEDGER, Key }));
        const isInTime = clock.nowMs() - claimedMs < LEASE_SECONDS * 1000;
        if (arrived && as.state === 'SENT') arrived.isSettled = isInTime;
      },
    });
  }

  const queue = (name: keyof Backend['queues'], consume: Parameters<typeof virtualQueue>[3]) =>
    virtualQueue(
      name,
      { clock, chance },
      { ...OPTIONS[name], crashRate: faults.crash, duplicateRate: faults.duplicate },
      consume,
    );

  const queues: Backend['queues'] = {
    pushes: queue('pushes', (event, alive) => {
      const ports = lineagePorts(alive);
      return eachMessage(
        event,
        async ({ body }) => ({ outcome: await remember(parsePush(body), ports) }),
        batchPorts('pushes', alive),
      );
    }),
    scans: queue('scans', (event, alive) => {
      const ports = responsePorts(alive, event.Records[0]?.messageId ?? '');
      return eachMessage(
        event,
        ({ body, waitedSeconds }) => {
          const hint = parseScan(body);
          if (hint.kind === 'finding-hint') throw new Error('nobody here sends findings');
          const { image, announced, isRetag } = hint;
          return isRetag ? respondToRetag(image, ports) : respond(image, waitedSeconds, ports, announced);
        },
        batchPorts('scans', alive),
      );
    }),
    ...(Object.fromEntries(
      SINKS.map((name) => [
        name,
        queue(name, (event, alive) =>
          eachMessage(event, (received) => answerDelivery(name, alive, received), batchPorts(name, alive)),
        ),
      ]),
    ) as Record<SinkName, VirtualQueue>),
  };
  return { queues, database };
}

const URLS = { datadog: 'datadog', slack: 'slack', sns: 'sns' } as const;

type Fixed = Omit<QueueOptions, 'crashRate' | 'duplicateRate'>;
const SOURCE: Fixed = {
  visibilitySeconds: 180,
  maxReceiveCount: 20,
  batchSize: 10,
  concurrency: 10,
  timeoutSeconds: 30,
};
const TO_SINK: Fixed = { ...SOURCE, maxReceiveCount: 150, batchSize: 5, concurrency: 2 };

/** As resources/queues.yml and serverless.yml have them. */
const OPTIONS: Readonly<Record<keyof Backend['queues'], Fixed>> = {
  pushes: SOURCE,
  scans: SOURCE,
  datadog: TO_SINK,
  slack: TO_SINK,
  sns: TO_SINK,
};
