import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { putVerdict } from '../bus/put-verdict.ts';
import * as config from '../config.ts';
import type { DebouncePorts } from '../debounce.ts';
import { imageVerdict } from '../gate/image-verdict.ts';
import { noneAtLeast } from '../gate/limits.ts';
import { indexFindings } from '../index-findings.ts';
import { isIgnored } from '../policy/ignore.ts';
import { sendHint } from '../queue/hint.ts';
import { enqueue } from '../queue/outbox.ts';
import { tokenBucket } from '../reconcile/token-bucket.ts';
import type { ResponsePorts } from '../respond.ts';
import type { Finding } from '../scan/finding.ts';
import { saveOpenFindings, saveTelling } from '../store/open-findings.ts';
import { planReading } from '../store/rereading.ts';
import { saveScan } from '../store/scan.ts';
import { IN_TIME, now, on, queues, registries, table } from './connect.ts';
import { policies } from './policy.ts';
import { readingPorts } from './reading.ts';
import { findingsIndexPorts } from './run.ts';

// The composition root of what answers scans.

/** What answering a scan needs. */
export function responsePorts(env = config.environment): ResponsePorts {
  const sqs = queues(env);
  const lineage = table(env, 'LINEAGE_TABLE');
  const ledger = table(env, 'LEDGER_TABLE');
  const findingsIndex = findingsIndexPorts(ledger);
  const queueUrls = {
    datadog: config.required(env, 'DATADOG_QUEUE_URL'),
    slack: config.required(env, 'SLACK_QUEUE_URL'),
    sns: config.required(env, 'SNS_QUEUE_URL'),
    ...(config.tellsChat(env) && { chat: config.required(env, 'SNS_QUEUE_URL') }),
  };
  const policyOf = policies(env, ledger);
  return {
    ...readingPorts({ env, ecrOf: registries(env), lineage, ledger, policyOf }),
    saveScan: on(ledger, saveScan),
    saveTelling: on(ledger, saveTelling),
    saveOpenFindings: on(ledger, saveOpenFindings),
    indexFindings: (subject, scan, readAt) => indexFindings(subject, scan, readAt, findingsIndex),
    enqueue: (delivery) => enqueue(sqs, queueUrls, delivery),
    ...verdictPort(env, policyOf),
  };
}

/** Verdicts by what the policy has people hear of: nothing at its threshold or worse, but for what it ignores. */
function verdictPort(
  env: config.Environment,
  policyOf: ResponsePorts['policyOf'],
): Pick<ResponsePorts, 'tellVerdict'> {
  const bus = config.verdictBus(env);
  if (bus === undefined) return {};
  const client = new EventBridgeClient(IN_TIME);
  return {
    async tellVerdict(answered) {
      const { notifyAt, onlyFixable = false, ignore = [] } = await policyOf(answered.image.repository);
      const ignored = (finding: Finding) => isIgnored(finding, ignore);
      const question = { limits: noneAtLeast(notifyAt), onlyFixable, ignored };
      await putVerdict(client, bus, imageVerdict(answered, question));
    },
  };
}

/**
 * Resolves when this process may begin with one more scan. A storm of them waits in the queue, not at the registry;
 * a batch of ten waits five seconds at most, whatever its images are.
 */
export function scanPace(env = config.environment): () => Promise<void> {
  return tokenBucket(config.scansPerSecond(env), { now, sleep });
}

/** What gathering the findings of an image needs. */
export function debouncePorts(env = config.environment): DebouncePorts {
  const sqs = queues(env);
  const queueUrl = config.required(env, 'QUEUE_URL');
  return {
    now,
    windowSeconds: config.debounceSeconds(env),
    planReading: on(table(env, 'LEDGER_TABLE'), planReading),
    hintLater: (image, id, at, delaySeconds) => sendHint(sqs, queueUrl, { image, id, at }, delaySeconds),
  };
}
