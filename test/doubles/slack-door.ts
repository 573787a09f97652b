import { randomUUID } from 'node:crypto';
import * as config from '../../lib/config.ts';
import { overviewPorts } from '../../lib/services/overview.ts';
import type { DoorPorts } from '../../lib/slack-door/answer.ts';
import { saveAcknowledged } from '../../lib/store/acknowledged.ts';
import { takeNonce } from '../../lib/store/nonce.ts';
import { loadOpenFindings } from '../../lib/store/open-findings.ts';
import { loadPolicy, savePolicy } from '../../lib/store/policy.ts';
import { loadScanFindings } from '../../lib/store/scan-findings.ts';
import { slackHeaders } from '../../local/slack-signature.ts';
import type { Tables } from './dynamodb.ts';
import { lookupPorts } from './lookup.ts';

const SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5';

/** The door over real tables, at this clock, and with the zone of whoever asks. */
export function doorPorts(tables: Tables, changes: Partial<DoorPorts> = {}): DoorPorts {
  return {
    readSigningSecret: async () => SIGNING_SECRET,
    isFirst: (signature, atSeconds) => takeNonce(tables.ledger, signature, atSeconds, randomUUID()),
    zoneOf: async () => undefined,
    useZone: config.useZone,
    nowMs: Date.now,
    now: () => new Date(),
    call: async () => ({ ok: true, body: {} }),
    loadOpenFindings: (repository, reference) => loadOpenFindings(tables.ledger, repository, reference),
    saveAcknowledged: (repository, reference, word) =>
      saveAcknowledged(tables.ledger, repository, reference, word),
    membershipOf: async () => 'off',
    loadScanFindings: (image) => loadScanFindings(tables.ledger, image),
    loadPolicy: () => loadPolicy(tables.ledger, { isConsistent: true }),
    savePolicy: (policy, before) => savePolicy(tables.ledger, policy, before),
    tools: {
      lookup: async () => ({ ...lookupPorts(tables), ...overviewPorts(tables.lineage, tables.ledger) }),
      now: () => new Date(),
      stage: 'dev',
      environment: {},
      progress() {},
      waiting() {},
    },
    ...changes,
  };
}

/** A form that Slack signed now. */
export function knockWith(fields: Readonly<Record<string, string>>, nowMs = Date.now()) {
  const body = String(new URLSearchParams(fields));
  return { headers: slackHeaders(body, SIGNING_SECRET, String(Math.floor(nowMs / 1000))), body };
}
