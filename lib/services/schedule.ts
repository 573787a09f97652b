import { setTimeout as sleep } from 'node:timers/promises';
import * as config from '../config.ts';
import type { HeartbeatPorts } from '../heartbeat/beat.ts';
import { sendHints } from '../queue/hints.ts';
import { enqueueHeartbeat } from '../queue/outbox.ts';
import type { ReconcilePorts } from '../reconcile/ports.ts';
import { tokenBucket } from '../reconcile/token-bucket.ts';
import { listImages, listRepositories } from '../registry/list.ts';
import { peekScan } from '../registry/peek.ts';
import { loadAuditCounts, loadAuditTold, saveAuditTold } from '../store/daily-audit.ts';
import { findParents, loadImage } from '../store/image.ts';
import { loadBaselines } from '../store/open-findings.ts';
import {
  loadCursor,
  loadHeads,
  loadScanHint,
  loadVerification,
  saveCursor,
  saveScanHint,
  saveTagHint,
  saveVerification,
} from '../store/reconciliation.ts';
import { loadLatestScan } from '../store/scan.ts';
import { listShown } from '../store/shown.ts';
import { inRegistry, now, on, queues, registries, table } from './connect.ts';
import { policies } from './policy.ts';

// The composition root of the functions that run on a schedule.

/** What saying the gauges again needs. */
export function heartbeatPorts(env = config.environment): HeartbeatPorts {
  const sqs = queues(env);
  const ledger = table(env, 'LEDGER_TABLE');
  const datadogQueueUrl = config.required(env, 'DATADOG_QUEUE_URL');
  return {
    now,
    policyOf: policies(env, ledger),
    deployment: config.required(env, 'DEPLOYMENT'),
    listShown: on(ledger, listShown),
    loadAudit: on(ledger, loadAuditCounts),
    loadAuditTold: on(ledger, loadAuditTold),
    saveAuditTold: on(ledger, saveAuditTold),
    enqueue: (heartbeat) => enqueueHeartbeat(sqs, datadogQueueUrl, heartbeat),
  };
}

/** What the walk through the registries needs. */
export function reconcilePorts(env = config.environment): ReconcilePorts {
  const ecrOf = registries(env);
  const sqs = queues(env);
  const lineage = table(env, 'LINEAGE_TABLE');
  const ledger = table(env, 'LEDGER_TABLE');
  const pushesUrl = config.required(env, 'PUSHES_QUEUE_URL');
  const scansUrl = config.required(env, 'SCANS_QUEUE_URL');
  return {
    now,
    pace: tokenBucket(config.callsPerSecond(env), { now, sleep }),
    policyOf: policies(env, ledger),
    loadBaselines: on(ledger, loadBaselines),
    patience: config.reconcilePatienceOf(env),
    members: [...config.memberAccounts(env)],
    listRepositories: (account, token) => listRepositories(ecrOf(account ?? ''), token),
    listImages: (repository, token) => listImages(ecrOf(repository.account), repository, token),
    peekScan: inRegistry(ecrOf, peekScan),
    loadHeads: on(lineage, loadHeads),
    saveTagHint: on(lineage, saveTagHint),
    loadImage: on(lineage, loadImage),
    findParents: on(lineage, findParents),
    loadLatestScan: on(ledger, loadLatestScan),
    loadScanHint: on(ledger, loadScanHint),
    saveScanHint: on(ledger, saveScanHint),
    loadVerification: on(lineage, loadVerification),
    saveVerification: on(lineage, saveVerification),
    loadCursor: on(lineage, loadCursor),
    saveCursor: on(lineage, saveCursor),
    sendPushes: (bodies) => sendHints(sqs, pushesUrl, bodies),
    sendScans: (bodies) => sendHints(sqs, scansUrl, bodies),
  };
}
