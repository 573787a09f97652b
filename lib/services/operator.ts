import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as config from '../config.ts';
import type { Image } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import { formatOwnHint } from '../intake/own-hint.ts';
import { readDeadLetters, readMove, startMove } from '../queue/dead-letters.ts';
import { sendHints } from '../queue/hints.ts';
import type { RedrivePorts } from '../queue/redrive.ts';
import { credentialsOf } from '../registry/member.ts';
import { findRecorded, type Period } from '../store/recorded.ts';

// The composition root of the two commands that change something, apart so that a look-up does not load its clients.

/** Who asks, and where. */
export interface Operator {
  readonly region?: string | undefined;
  /** The role to take first, by ARN. */
  readonly role?: string | undefined;
}

export interface ReplayPorts {
  readonly findRecorded: (period: Period) => Promise<readonly Image[]>;
  /** Sends a scan hint for each of the images to the queue of that name. */
  readonly sendHints: (queueName: string, images: readonly Image[]) => Promise<void>;
}

/** A person waits for the answer. */
const CALM = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

function clientConfig({ region, role }: Operator) {
  const place = region === undefined ? {} : { region };
  if (role === undefined) return { ...CALM, ...place };
  return { ...CALM, ...place, credentials: credentialsOf(new STSClient(place), role) };
}

/** What moving dead letters back needs. */
export function redrivePorts(operator: Operator): RedrivePorts {
  const sqs = new SQSClient(clientConfig(operator));
  return {
    readDeadLetters: (name, most) => readDeadLetters(sqs, name, most),
    startMove: (fromArn, toArn) => startMove(sqs, fromArn, toArn),
    readMove: (fromArn) => readMove(sqs, fromArn),
    pause: (seconds) => sleep(seconds * 1000),
  };
}

/** What sending hints again needs. Tables are read with the caller's own credentials, the role may only send. */
export function replayPorts(operator: Operator, env: config.Environment): ReplayPorts {
  const sqs = new SQSClient(clientConfig(operator));
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig({ region: operator.region })));
  const table = (name: 'LINEAGE_TABLE' | 'LEDGER_TABLE') => ({ client, name: config.required(env, name) });
  return {
    findRecorded: (period) => findRecorded(table('LINEAGE_TABLE'), table('LEDGER_TABLE'), period),
    async sendHints(queueName, images) {
      const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
      const at = toInstant(new Date());
      const hints = images.map((image) => formatOwnHint({ image, id: randomUUID(), at }));
      await sendHints(sqs, QueueUrl, hints);
    },
  };
}
