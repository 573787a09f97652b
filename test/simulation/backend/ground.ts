import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SinkName } from '../../../lib/delivery/delivery.ts';
import type { BatchPorts } from '../../../lib/queue/batch.ts';
import type { Table } from '../../../lib/store/table.ts';
import { definitions } from '../../conformance/database.ts';
import type { MemoryDynamoDb } from '../../doubles/memory-dynamodb/client.ts';
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
}

export type QueueName = 'pushes' | 'scans' | SinkName;

/** What every function stands on: time, luck, what is outside, and what the service has on AWS. */
export interface Ground {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly world: World;
  readonly outside: Outside;
  readonly database: MemoryDynamoDb;
  readonly queues: Readonly<Record<QueueName, VirtualQueue>>;
  readonly faults: BackendFaults;
  readonly plant: Plant;
  /** Asked once per invocation. */
  readonly surfaceOf: () => Surface;
}

export const POLICY = { trackedTags: ['*-latest'], notifyAt: 'CRITICAL' } as const;

const LOG: BatchPorts['log'] = { info() {}, error() {} };

/** One of the two tables, as one invocation reaches it. */
export function tableOf({ database }: Ground, name: keyof typeof definitions, alive: Life): Table {
  const send = (command: never) => alive.step(() => database.client.send(command));
  return {
    name: String(definitions[name].TableName),
    client: { send } as unknown as DynamoDBDocumentClient,
  };
}

/** The client of SQS: the name of a queue is its URL. */
export function sqsOf({ queues }: Ground, alive: Life): SQSClient {
  const send = ({ input }: { readonly input: SendInput }) =>
    alive.step(async () => {
      for (const { MessageBody } of input.Entries ?? [input]) queues[input.QueueUrl].send(MessageBody);
      return {};
    });
  return { send } as unknown as SQSClient;
}

interface SendInput {
  readonly QueueUrl: QueueName;
  readonly MessageBody: string;
  readonly Entries?: readonly { readonly MessageBody: string }[];
}

/** What a batch of a queue needs. */
export function batchPorts({ clock, queues }: Ground, name: QueueName, alive: Life): BatchPorts {
  return {
    now: clock.now,
    log: LOG,
    bury: (body) => alive.step(async () => queues[name].bury(body)),
    postpone: (handle, seconds) => alive.step(async () => queues[name].postpone(handle, seconds)),
  };
}
