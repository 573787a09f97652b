import { setTimeout as sleep } from 'node:timers/promises';
import type { ECRClient } from '@aws-sdk/client-ecr';
import * as config from '../config.ts';
import { type BackgroundPorts, findBackground } from '../find-background.ts';
import { monitorsPage, runbookUrl } from '../pages.ts';
import { findImage } from '../registry/image.ts';
import { findScan } from '../registry/scan.ts';
import type { ReadingPorts } from '../respond.ts';
import { isAcknowledged } from '../store/acknowledged.ts';
import { findParents, loadImage } from '../store/image.ts';
import { loadOpenFindings } from '../store/open-findings.ts';
import { loadRunning } from '../store/run.ts';
import type { Table } from '../store/table.ts';
import { loadHistory } from '../store/tag-history.ts';
import { inRegistry, now, on } from './connect.ts';

// The composition root of what is read before a scan is answered: by the function, and by whoever wants to see it first.

interface Sources extends Pick<ReadingPorts, 'policyOf'> {
  readonly env: config.Environment;
  /** The client of each account's registry. */
  readonly ecrOf: (account: string) => ECRClient;
  readonly lineage: Table;
  readonly ledger: Table;
  /** How many times longer than a function somebody waits for what is around a notice. */
  readonly patience?: number;
}

/** What the answer to a scan reads; nothing of it writes. */
export function readingPorts(sources: Sources): ReadingPorts {
  const { env, ecrOf, lineage, ledger, policyOf } = sources;
  const background = backgroundPorts(sources);
  return {
    now,
    policyOf,
    patience: config.patienceOf(env),
    findImage: inRegistry(ecrOf, findImage),
    findScan: inRegistry(ecrOf, findScan),
    findParents: on(lineage, findParents),
    loadImage: on(lineage, loadImage),
    loadOpenFindings: on(ledger, loadOpenFindings),
    isAcknowledged: on(ledger, isAcknowledged),
    findBackground: (told) => findBackground(told, background),
  };
}

function backgroundPorts({ env, lineage, patience = 1 }: Sources): BackgroundPorts {
  const datadog = monitorsPage(env);
  const runbook = runbookUrl(env);
  return {
    now,
    // It must not keep a process that has nothing else to do.
    sleep: (ms) => sleep(ms * patience, undefined, { ref: false }),
    loadImage: on(lineage, loadImage),
    findParents: on(lineage, findParents),
    loadHistory: on(lineage, loadHistory),
    loadRunning: on(lineage, loadRunning),
    hosts: config.sourceHosts(env),
    links: { ...(datadog && { datadog }), ...(runbook && { runbook }) },
  };
}
