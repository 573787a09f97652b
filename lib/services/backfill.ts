import { setTimeout as sleep } from 'node:timers/promises';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Backfilled, backfill, type Wanted, type Watching } from '../backfill/backfill.ts';
import type { BackfillPorts } from '../backfill/ports.ts';
import * as config from '../config.ts';
import { sendHints } from '../queue/hints.ts';
import { tokenBucket } from '../reconcile/token-bucket.ts';
import { listImages, listRepositories } from '../registry/list.ts';
import { credentialsOf } from '../registry/member.ts';
import { loadHeads } from '../store/reconciliation.ts';
import { loadEvents } from '../store/tag-history.ts';
import { LOOKUPS_PER_SECOND, lookUpEvents } from '../trail/look-up.ts';

// The composition root of the backfill, apart so that no other command loads CloudTrail's client.

/** Nobody waits for one answer here; CloudTrail throttles a whole account, and others may ask it too. */
const PATIENT = {
  maxAttempts: 10,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

/** Who asks, and where, and for which deployment. */
export interface BackfillCaller {
  readonly region?: string | undefined;
  /** The role that may put messages into the queue, by ARN. */
  readonly role?: string | undefined;
  readonly queueName: string;
}

/** Fills in what is wanted, for that deployment; as `backfill` does. */
export function backfillFor(
  caller: BackfillCaller,
  env: config.Environment,
  wanted: Wanted,
  watching: Watching,
): Promise<Backfilled> {
  return backfill(wanted, backfillPorts(caller, env), watching);
}

/**
 * What a backfill needs. CloudTrail, the registry and the table are read with the caller's own credentials; the
 * role may only send.
 */
function backfillPorts({ region, role, queueName }: BackfillCaller, env: config.Environment): BackfillPorts {
  const own = { ...PATIENT, ...(region !== undefined && { region }) };
  const sender = role === undefined ? own : { ...own, credentials: credentialsOf(new STSClient(own), role) };
  const sqs = new SQSClient(sender);
  const trail = new CloudTrailClient(own);
  const ecr = new ECRClient(own);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(own));
  const table = { client, name: config.required(env, 'LINEAGE_TABLE') };
  const now = () => new Date();
  const pace = tokenBucket(LOOKUPS_PER_SECOND, { now, sleep: (milliseconds) => sleep(milliseconds) });
  return {
    now,
    async lookUpEvents(query, nextToken) {
      await pace();
      return lookUpEvents(trail, query, nextToken);
    },
    listRepositories: (nextToken) => listRepositories(ecr, nextToken),
    listImages: (repository, nextToken) => listImages(ecr, repository, nextToken),
    loadEvents: (name, period) => loadEvents(table, name, period),
    loadHeads: (repository) => loadHeads(table, repository),
    async sendPushes(bodies) {
      if (bodies.length === 0) return;
      const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
      await sendHints(sqs, QueueUrl, bodies);
    },
  };
}
