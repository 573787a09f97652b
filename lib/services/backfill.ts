import { setTimeout as sleep } from 'node:timers/promises';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { ECRClient } from '@aws-sdk/client-ecr';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Backfilled, backfill, type Wanted, type Watching } from '../backfill/backfill.ts';
import type { BackfillPorts } from '../backfill/ports.ts';
import type { Environment } from '../config.ts';
import { sendHintsTo } from '../queue/hints.ts';
import { tokenBucket } from '../reconcile/token-bucket.ts';
import { listImages, listRepositories } from '../registry/list.ts';
import { loadHeads } from '../store/reconciliation.ts';
import { loadEvents } from '../store/tag-history.ts';
import { LOOKUPS_PER_SECOND, lookUpEvents } from '../trail/look-up.ts';
import { type Caller, inRegion, inRole } from './caller.ts';
import { now, on, table } from './connect.ts';

// The composition root of the backfill, apart so that no other command loads CloudTrail's client.

/** Nobody waits for one answer here; CloudTrail throttles a whole account, and others may ask it too. */
const PATIENT = {
  maxAttempts: 10,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

/** Who asks, with the role that may put messages into the queue, and for which deployment. */
export interface BackfillCaller extends Caller {
  readonly queueName: string;
}

/** Fills in what is wanted, for that deployment; as `backfill` does. */
export function backfillFor(
  caller: BackfillCaller,
  env: Environment,
  wanted: Wanted,
  watching: Watching,
): Promise<Backfilled> {
  return backfill(wanted, backfillPorts(caller, env), watching);
}

/**
 * What a backfill needs. CloudTrail, the registry and the table are read with the caller's own credentials; the
 * role may only send.
 */
function backfillPorts({ region, role, queueName }: BackfillCaller, env: Environment): BackfillPorts {
  const own = inRegion(region, PATIENT);
  const sqs = new SQSClient(inRole(own, role));
  const trail = new CloudTrailClient(own);
  const ecr = new ECRClient(own);
  const lineage = table(env, 'LINEAGE_TABLE', own);
  const pace = tokenBucket(LOOKUPS_PER_SECOND, { now, sleep });
  return {
    now,
    async lookUpEvents(query, nextToken) {
      await pace();
      return lookUpEvents(trail, query, nextToken);
    },
    listRepositories: on(ecr, listRepositories),
    listImages: on(ecr, listImages),
    loadEvents: on(lineage, loadEvents),
    loadHeads: on(lineage, loadHeads),
    async sendPushes(bodies) {
      if (bodies.length > 0) await sendHintsTo(sqs, queueName, bodies);
    },
  };
}
