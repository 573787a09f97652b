import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { SINKS } from '../../lib/delivery/delivery.ts';
import { definitions } from '../conformance/database.ts';
import { throttled } from '../doubles/memory-dynamodb/batch.ts';
import { type MemoryDynamoDb, memoryDynamoDb } from '../doubles/memory-dynamodb/client.ts';
import { deliverBatch } from './backend/deliver.ts';
import type { BackendFaults, Ground, QueueName, Surface } from './backend/ground.ts';
import { imagePushed, type Pace, scanCompleted } from './backend/intake.ts';
import { type Reconciler, reconciler } from './backend/reconcile.ts';
import { type CallLog, callLog } from './calls.ts';
import type { Life } from './life.ts';
import { packagedQueue, packagedScansPerSecond } from './packaged.ts';
import type { Plant } from './plant.ts';
import { type VirtualQueue, virtualQueue } from './queue.ts';
import * as thisRelease from './service-surface.ts';

export type { BackendFaults, Surface };

export interface Backend {
  readonly queues: Readonly<Record<QueueName, VirtualQueue>>;
  readonly database: MemoryDynamoDb;
  readonly reconciler: Reconciler;
  readonly calls: CallLog;
}

type Surroundings = Pick<Ground, 'clock' | 'chance' | 'world' | 'outside' | 'document'>;

/**
 * The product's own code between virtual queues, over the memory tables; what lib/services/ composes on AWS.
 * `surfaceOf` is asked for the release whose code an invocation runs, once for each; `callsPerSecond` is what the
 * reconciler may ask of the registry, as packaged when it is not said.
 */
export function backend(
  surroundings: Surroundings,
  faults: BackendFaults,
  plant: Plant = {},
  surfaceOf: () => Surface = () => thisRelease,
  callsPerSecond?: number,
): Backend {
  const { clock, chance } = surroundings;
  const database = memoryDynamoDb(Object.values(definitions), {
    before({ input }) {
      plant.command?.(input);
      if (chance.hits(faults.throttle)) throw throttled();
      // Most calls are too short to matter; some let other workers pass.
      return chance.hits(0.05) ? clock.sleep(chance.between(1, 50)) : undefined;
    },
  });
  const calls = callLog();
  const queues = {} as Record<QueueName, VirtualQueue>;
  const ground: Ground = { ...surroundings, database, queues, calls, faults, plant, surfaceOf };

  function connect(
    name: QueueName,
    answer: (event: SQSEvent, alive: Life, slot: number) => Promise<SQSBatchResponse>,
  ): void {
    const options = { ...packagedQueue(name), crashRate: faults.crash, duplicateRate: faults.duplicate };
    queues[name] = virtualQueue(name, { clock, chance }, options, answer);
  }
  connect('pushes', (event, alive) => imagePushed(ground, event, alive));
  const paces = Array.from({ length: packagedQueue('scans').concurrency }, () =>
    thisRelease.tokenBucket(packagedScansPerSecond(), clock),
  );
  connect('scans', (event, alive, slot) => scanCompleted(ground, event, alive, paces[slot] as Pace));
  for (const name of SINKS) connect(name, (event, alive) => deliverBatch(ground, name, event, alive));
  return { queues, database, calls, reconciler: reconciler(ground, callsPerSecond) };
}
