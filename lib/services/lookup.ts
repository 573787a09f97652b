import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import * as config from '../config.ts';
import type { OverviewPorts } from '../lookup/overview-ports.ts';
import type { LookupPorts } from '../lookup/ports.ts';
import { loadImage } from '../store/image.ts';
import { loadTogether } from '../store/load-together.ts';
import { findRepositories } from '../store/named.ts';
import { loadLatestScan } from '../store/scan.ts';
import { loadScanFindings } from '../store/scan-findings.ts';
import { findByCommit, findByDigest } from '../store/search.ts';
import { loadHistory, loadNextEvent } from '../store/tag-history.ts';
import { NO_LOG, now, on, table } from './connect.ts';
import { overviewPorts } from './overview.ts';
import { runPorts } from './run.ts';

// The composition root of what a person asks: tables only, so that it answers while every function is down.

/** A person waits for the answer: without these the SDK waits for a silent endpoint for ever. */
export const IMPATIENT: DynamoDBClientConfig = {
  logger: NO_LOG,
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 2000, throwOnRequestTimeout: true },
};

/** What the look-up reads, with the caller's own credentials. */
export function lookupPorts(
  env = config.environment,
  patience: DynamoDBClientConfig = IMPATIENT,
): LookupPorts & OverviewPorts {
  const lineage = table(env, 'LINEAGE_TABLE', patience);
  const ledger = table(env, 'LEDGER_TABLE', patience);
  return {
    now,
    findRepositories: on(lineage, findRepositories),
    loadHistory: on(lineage, loadHistory),
    loadNextEvent: on(lineage, loadNextEvent),
    loadImage: on(lineage, loadImage),
    loadLatestScan: on(ledger, loadLatestScan),
    loadScanFindings: on(ledger, loadScanFindings),
    loadTogether: on(lineage, loadTogether),
    findByCommit: on(lineage, findByCommit),
    findByDigest: on(lineage, findByDigest),
    ...runPorts(lineage, ledger),
    ...overviewPorts(lineage, ledger),
  };
}
