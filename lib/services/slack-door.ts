import { randomUUID } from 'node:crypto';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as config from '../config.ts';
import { slackApiUrl, slackUserGroup } from '../destinations.ts';
import { onceWithin } from '../once.ts';
import { parameter } from '../secret/parameter.ts';
import { slackSecretForm } from '../sinks/slack/secret-form.ts';
import { webApi } from '../sinks/slack/web-api.ts';
import type { DoorPorts } from '../slack-door/answer.ts';
import { membershipOf, readMembers } from '../slack-door/membership.ts';
import { signingSecretForm } from '../slack-door/signature.ts';
import { readZone } from '../slack-door/zone.ts';
import { saveAcknowledged } from '../store/acknowledged.ts';
import { takeNonce } from '../store/nonce.ts';
import { loadOpenFindings } from '../store/open-findings.ts';
import { loadPolicy, savePolicy } from '../store/policy.ts';
import { loadScanFindings } from '../store/scan-findings.ts';
import { NO_LOG, now, on, table } from './connect.ts';
import { lookupPorts } from './lookup.ts';

// The composition root of what people ask and press in Slack.

/** Somebody waits for three seconds: a second try at what hangs would be too late. For what they ask as well: one client. */
export const AT_ONCE = {
  logger: NO_LOG,
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 700, requestTimeout: 1000, throwOnRequestTimeout: true },
};

/** People seldom move to another zone, and who leaves a group is out of it within a minute. */
const ZONE_MS = 3_600_000;
const GROUP_MS = 60_000;

/** What the door of Slack needs. */
export function slackDoorPorts(env = config.environment): DoorPorts {
  const ledger = table(env, 'LEDGER_TABLE', AT_ONCE);
  const ssm = new SSMClient(AT_ONCE);
  const readToken = parameter(ssm, config.required(env, 'SLACK_WEBHOOK_PARAMETER'), {
    form: slackSecretForm(config.allowsLoopback(env)),
  });
  const call = webApi({ readToken, baseUrl: slackApiUrl(env), timeoutMs: 700 });
  const lookup = lookupPorts(env, AT_ONCE);
  const group = slackUserGroup(env);
  const zone = onceWithin(ZONE_MS, (userId) => userId, readZone(call));
  const members = onceWithin(GROUP_MS, (it) => it, readMembers(call));
  return {
    readSigningSecret: parameter(ssm, config.required(env, 'SLACK_SIGNING_SECRET_PARAMETER'), {
      form: signingSecretForm,
    }),
    isFirst: (signature, atSeconds) => takeNonce(ledger, signature, atSeconds, randomUUID()),
    zoneOf: (userId) => zone(userId).catch(() => undefined),
    useZone: config.useZone,
    nowMs: Date.now,
    now,
    call,
    loadOpenFindings: on(ledger, loadOpenFindings),
    saveAcknowledged: on(ledger, saveAcknowledged),
    membershipOf: (userId) => membershipOf(userId, group, members),
    loadScanFindings: on(ledger, loadScanFindings),
    loadPolicy: () => loadPolicy(ledger, { isConsistent: true }),
    savePolicy: on(ledger, savePolicy),
    tools: {
      lookup: async () => lookup,
      now,
      stage: config.required(env, 'STAGE'),
      environment: env,
      progress() {},
      waiting() {},
    },
  };
}
