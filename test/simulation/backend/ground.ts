import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { QueuedSink } from '../../../lib/delivery/delivery.ts';
import type { PolicyDocument } from '../../../lib/policy/document.ts';
import type { BatchPorts } from '../../../lib/queue/batch.ts';
import type { Table } from '../../../lib/store/table.ts';
import { definitions } from '../../conformance/database.ts';
import type { MemoryDynamoDb } from '../../doubles/memory-dynamodb/client.ts';
import type { CallLog } from '../calls.ts';
import type { Chance } from '../chance.ts';
import type { Clock } from '../clock.ts';
import type { Life } from '../life.ts';
import type { Outside } from '../outside.ts';
import type { Plant } from '../plant.ts';
import type { VirtualQueue } from '../queue.ts';
import type { World } from '../world.ts';

/** The service's code, of this release or of another. */
export type Surface = typeof import('../service-surface.ts');

export interface BackendFaults {
  readonly crash: number;
  /** DynamoDB calls that are throttled. */
  readonly throttle: number;
  /** Messages that a queue hands over again after they were deleted. */
  readonly duplicate: number;
  /** Workers that stay away between the destination's answer and the ledger, longer than their lease. */
  readonly stall: number;
  /** How long the registry takes to answer: from, to. No time at all when it is not said. */
  readonly registryMs?: readonly [number, number];
}

export type QueueName = 'pushes' | 'scans' | QueuedSink;

/** What every function stands on: time, luck, what is outside, and what the service has on AWS. */
export interface Ground {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly world: World;
  readonly outside: Outside;
  readonly database: MemoryDynamoDb;
  readonly queues: Readonly<Record<QueueName, VirtualQueue>>;
  readonly calls: CallLog;
  readonly faults: BackendFaults;
  readonly plant: Plant;
  /** What somebody applied; the settings of POLICY hold where it says nothing. */
  readonly document?: PolicyDocument;
  /** Asked once per invocation. */
  readonly surfaceOf: () => Surface;
}

export const POLICY = { trackedTags: ['latest', '*-latest'], notifyAt: 'CRITICAL' } as const;

const LOG: BatchPorts['log'] = { info() {}, error() {} };

/** One of the two tables, as one invocation reaches it. */
export function tableOf(
  { calls, clock, database }: Ground,
  name: keyof typeof definitions,
  alive: Life,
): Table {
  const send = (command: never) =>
    alive.step(() => {
      calls.count('dynamodb', clock.nowMs());
      return database.client.send(command);
    });
  return {
    name: String(definitions[name].TableName),
    client: { send } as unknown as DynamoDBDocumentClient,
  };
}

/** The client of SQS: the name of a queue is its URL. */
export function sqsOf({ calls, clock, queues }: Ground, alive: Life): SQSClient {
  const send = ({ input }: { readonly input: SendInput }) =>
    alive.step(async () => {
      calls.count('sqs', clock.nowMs());
      for (const { MessageBody, DelaySeconds } of input.Entries ?? [input])
        queues[input.QueueUrl].send(MessageBody, DelaySeconds);
      return {};
    });
  return { send } as unknown as SQSClient;
}

interface Entry {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
}

interface SendInput extends Entry {
  readonly QueueUrl: QueueName;
  readonly Entries?: readonly Entry[];
}

/** One question to the registry. */
export function askRegistry<T>(
  { calls, chance, clock, faults }: Ground,
  alive: Life,
  ask: () => T,
): Promise<T> {
  return alive.step(async () => {
    calls.count('ecr', clock.nowMs());
    if (faults.registryMs) await clock.sleep(chance.between(...faults.registryMs));
    return ask();
  });
}

/** What a batch of a queue needs. */
export function batchPorts({ calls, clock, queues }: Ground, name: QueueName, alive: Life): BatchPorts {
  const inQueue = (change: () => void) =>
    alive.step(async () => {
      calls.count('sqs', clock.nowMs());
      change();
    });
  return {
    now: clock.now,
    log: LOG,
    bury: (body) => inQueue(() => queues[name].bury(body)),
    postpone: (handle, seconds) => inQueue(() => queues[name].postpone(handle, seconds)),
  };
}
