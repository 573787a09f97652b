import { setTimeout as sleep } from 'node:timers/promises';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { AuditPorts } from '../audit/ports.ts';
import type { Environment } from '../config.ts';
import { readRule } from '../deployment/rule.ts';
import { tokenBucket } from '../reconcile/token-bucket.ts';
import { hasLifecycle } from '../registry/has-lifecycle.ts';
import { listImages } from '../registry/list.ts';
import { peekScan } from '../registry/peek.ts';
import { readRepositoryPolicy } from '../registry/repository-policy.ts';
import { readScanning } from '../registry/scanning.ts';
import { listSettings } from '../registry/settings.ts';
import { loadTogether } from '../store/load-together.ts';
import { loadRunning } from '../store/run.ts';
import { type Caller, inRegion, inRole } from './caller.ts';
import { now, on, table } from './connect.ts';

// The composition root of the audit, apart so that no look-up loads its clients.

/** Nobody waits for one answer here; a registry that throttles is asked again, and less often. */
const PATIENT = {
  maxAttempts: 12,
  requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

/** How often the registry is asked, and when nobody wants to know any more. */
export interface Pace {
  readonly callsPerSecond: number;
  readonly isStopped: () => boolean;
}

/**
 * What an audit reads. The registry is read with the role, if one is given; the tables and the rules of the deployment
 * with the caller's own credentials.
 */
export function auditPorts({ region, role }: Caller, env: Environment, pace: Pace): AuditPorts {
  const own = inRegion(region, PATIENT);
  const ecr = new ECRClient(inRole(own, role));
  paceEach(ecr, pace);
  const eventBridge = new EventBridgeClient(own);
  const lineage = table(env, 'LINEAGE_TABLE', inRegion(region));
  return {
    now,
    listSettings: on(ecr, listSettings),
    listImages: on(ecr, listImages),
    readScanning: on(ecr, readScanning),
    readRule: role === undefined ? on(eventBridge, readRule) : undefined,
    readLifecycle: on(ecr, hasLifecycle),
    readPolicy: on(ecr, readRepositoryPolicy),
    peekScan: on(ecr, peekScan),
    loadRunning: on(lineage, loadRunning),
    loadTogether: on(lineage, loadTogether),
  };
}

/** By how much one refusal puts off everybody: what was refused at once comes again when there is room for it. */
const PAUSE_MS = 100;

/**
 * Every try waits its turn, a second one after a refusal too; none begins after the end. The SDK's adaptive retries do
 * as much, and take long to be fast again: twice the time on a registry that lets 800 calls a second through.
 */
function paceEach(ecr: ECRClient, { callsPerSecond, isStopped }: Pace): void {
  const turn = tokenBucket(callsPerSecond, { now, sleep });
  let resumeMs = 0;
  ecr.middlewareStack.add(
    (next) => async (args) => {
      await turn();
      while (!isStopped() && resumeMs > Date.now()) await sleep(resumeMs - Date.now());
      if (isStopped()) throw new Error('stopped');
      return next(args).catch((error: Error) => {
        if (error.name.startsWith('Throttling')) resumeMs = Math.max(resumeMs, Date.now()) + PAUSE_MS;
        throw error;
      });
    },
    { step: 'finalizeRequest', priority: 'low', name: 'pace' },
  );
}
