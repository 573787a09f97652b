import { setTimeout as sleep } from 'node:timers/promises';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as config from './config.ts';
import { IN_TIME, inRegistry, now, on, registries, table } from './connect.ts';
import type { DebouncePorts } from './debounce.ts';
import type { DeliveryPorts } from './delivery/deliver.ts';
import { withDoubts } from './delivery/doubt.ts';
import type { DigestSink, FoldPorts } from './delivery/fold.ts';
import type { Sink } from './delivery/sink.ts';
import { embeddedMetrics } from './embedded-metric.ts';
import { type EnrichPorts, readAtOnce } from './enrich.ts';
import type { ClosingPorts } from './heartbeat/close.ts';
import type { Image } from './image/reference.ts';
import { indexFindings } from './index-findings.ts';
import type { Instant } from './instant.ts';
import type { log as Log } from './log.ts';
import { onceEach, onceWithin } from './once.ts';
import type { BatchPorts } from './queue/batch.ts';
import { sendDocumentsHint } from './queue/documents-hint.ts';
import { sendHint } from './queue/hint.ts';
import { bury, postpone } from './queue/message.ts';
import { enqueue } from './queue/outbox.ts';
import { tokenBucket } from './reconcile/token-bucket.ts';
import { readDocuments } from './registry/documents.ts';
import { findImage, findIndex } from './registry/image.ts';
import { findSubject } from './registry/referrers.ts';
import { findScan } from './registry/scan.ts';
import type { LineagePorts } from './remember.ts';
import type { ResponsePorts } from './respond.ts';
import { findingsIndexPorts } from './run-services.ts';
import { parameter } from './secret/parameter.ts';
import { apiKeyForm } from './sinks/datadog/api-key.ts';
import { datadogSink } from './sinks/datadog/send.ts';
import { slackSink } from './sinks/slack/send.ts';
import { webhookForm } from './sinks/slack/webhook-url.ts';
import { snsSink } from './sinks/sns/send.ts';
import { findCommits, saveEvidence } from './store/evidence.ts';
import { findParents, loadImage, saveImage, saveMark, saveRepository } from './store/image.ts';
import { imagePartition, repositoryKey } from './store/keys.ts';
import { claim, isUnderWay, settle } from './store/ledger.ts';
import { loadOpenFindings, saveOpenFindings, saveTelling } from './store/open-findings.ts';
import { planReading } from './store/rereading.ts';
import { saveScan } from './store/scan.ts';
import { closeShown, listOpen } from './store/shown.ts';
import { loadHead, saveTagEvent } from './store/tag-history.ts';
import { countInWindow } from './store/window.ts';

// The composition root: the only file that knows which adapter stands behind a port. Each function calls one of
// these once per cold start, on its first event, never at import; what it does not call is not in its bundle.

/** Well below the time after which a message that failed comes back: that one hints again. */
const TOGETHER_MS = 5_000;

/** The record of a push waits so long for its documents; after that they are read by themselves. */
const AT_ONCE_MS = 3_000;

/** The queue that feeds a function, and its dead letters. */
export function batchPorts(log: BatchPorts['log'], env = config.environment): BatchPorts {
  const sqs = new SQSClient(IN_TIME);
  const queueUrl = config.required(env, 'QUEUE_URL');
  const deadLetterUrl = config.required(env, 'DEAD_LETTER_URL');
  return {
    now,
    log,
    bury: (body, reason) => bury(sqs, deadLetterUrl, body, reason),
    postpone: (receiptHandle, seconds) => postpone(sqs, queueUrl, receiptHandle, seconds),
  };
}

/** What recording a push needs. */
export function lineagePorts(env = config.environment): LineagePorts {
  const ecrOf = registries(env);
  const lineage = table(env, 'LINEAGE_TABLE');
  const sqs = new SQSClient(IN_TIME);
  const scansUrl = config.required(env, 'SCANS_QUEUE_URL');
  const documents = enrichPorts(env, AT_ONCE_MS);
  const { againSeconds, readsBlobs } = documents;
  const hintOnce = (delaySeconds: number, isAgain?: true) =>
    onceWithin(TOGETHER_MS, imagePartition, (image: Image, eventId: string, at: Instant) =>
      documents.hintDocuments({ image, eventId, at, ...(isAgain && { isAgain }) }, delaySeconds),
    );
  // What refers to an image may come between its reading and its record: only who looks again later may read at once.
  const readsAtOnce = !readsBlobs || againSeconds > 0;
  return {
    now,
    findImage: inRegistry(ecrOf, findImage),
    findIndex: inRegistry(ecrOf, findIndex),
    loadImage: on(lineage, loadImage),
    saveTagEvent: on(lineage, saveTagEvent),
    // The tags of one image are told at the same moment, and each finds it new: the same is not written twice.
    saveImage: onceWithin(TOGETHER_MS, JSON.stringify, on(lineage, saveImage)),
    // It never changes and never goes: once is enough for as long as this process lives.
    saveRepository: onceEach(repositoryKey, on(lineage, saveRepository)),
    saveMark: on(lineage, saveMark),
    hintRetag: (image, id, at) => sendHint(sqs, scansUrl, { image, id, at, isRetag: true }),
    readEvidence: onceWithin(TOGETHER_MS, imagePartition, async (image: Image) =>
      readsAtOnce ? readAtOnce(image, documents) : undefined,
    ),
    hintDocuments: hintOnce(0),
    hintLater: readsBlobs && againSeconds > 0 ? hintOnce(againSeconds, true) : async () => undefined,
  };
}

/** What reading the documents of an image needs, and how long all of it may take. */
export function enrichPorts(env = config.environment, totalMs?: number): EnrichPorts {
  const ecrOf = registries(env);
  const lineage = table(env, 'LINEAGE_TABLE');
  const sqs = new SQSClient(IN_TIME);
  const pushesUrl = config.required(env, 'QUEUE_URL');
  const readsBlobs = config.readsBlobs(env);
  const allowLoopback = config.allowsLoopback(env);
  return {
    readsBlobs,
    againSeconds: config.referrersAfterSeconds(env),
    loadImage: on(lineage, loadImage),
    readDocuments: inRegistry(ecrOf, (ecr, image) =>
      readDocuments(ecr, image, { blobs: readsBlobs, allowLoopback, ...(totalMs && { totalMs }) }),
    ),
    findCommits: on(lineage, findCommits),
    saveEvidence: on(lineage, saveEvidence),
    findSubject: inRegistry(ecrOf, findSubject),
    findParents: on(lineage, findParents),
    hintDocuments: ({ eventId: id, ...hint }, delaySeconds) =>
      sendDocumentsHint(sqs, pushesUrl, { ...hint, id }, delaySeconds),
  };
}

/** What a deletion of an image closes. */
export function closingPorts(env = config.environment): ClosingPorts {
  const ecrOf = registries(env);
  const ledger = table(env, 'LEDGER_TABLE');
  return {
    now,
    listOpen: on(ledger, listOpen),
    findImage: inRegistry(ecrOf, findImage),
    loadHead: on(table(env, 'LINEAGE_TABLE'), loadHead),
    closeShown: on(ledger, closeShown),
  };
}

/** What answering a scan needs. */
export function responsePorts(env = config.environment): ResponsePorts {
  const ecrOf = registries(env);
  const sqs = new SQSClient(IN_TIME);
  const lineage = table(env, 'LINEAGE_TABLE');
  const ledger = table(env, 'LEDGER_TABLE');
  const findingsIndex = findingsIndexPorts(ledger);
  const queueUrls = {
    datadog: config.required(env, 'DATADOG_QUEUE_URL'),
    slack: config.required(env, 'SLACK_QUEUE_URL'),
    sns: config.required(env, 'SNS_QUEUE_URL'),
  };
  return {
    now,
    policy: config.policyOf(env),
    patience: config.patienceOf(env),
    findImage: inRegistry(ecrOf, findImage),
    findScan: inRegistry(ecrOf, findScan),
    findParents: on(lineage, findParents),
    loadImage: on(lineage, loadImage),
    loadOpenFindings: on(ledger, loadOpenFindings),
    saveScan: on(ledger, saveScan),
    saveTelling: on(ledger, saveTelling),
    saveOpenFindings: on(ledger, saveOpenFindings),
    indexFindings: (subject, scan, readAt) => indexFindings(subject, scan, readAt, findingsIndex),
    enqueue: (delivery) => enqueue(sqs, queueUrls, delivery),
  };
}

/**
 * Resolves when this process may begin with one more scan. A storm of them waits in the queue, not at the registry;
 * a batch of ten waits five seconds at most, whatever its images are.
 */
export function scanPace(env = config.environment): () => Promise<void> {
  return tokenBucket(config.scansPerSecond(env), { now, sleep: (milliseconds) => sleep(milliseconds) });
}

/** What gathering the findings of an image needs. */
export function debouncePorts(env = config.environment): DebouncePorts {
  const sqs = new SQSClient(IN_TIME);
  const queueUrl = config.required(env, 'QUEUE_URL');
  return {
    now,
    windowSeconds: config.debounceSeconds(env),
    planReading: on(table(env, 'LEDGER_TABLE'), planReading),
    hintLater: (image, id, at, delaySeconds) => sendHint(sqs, queueUrl, { image, id, at }, delaySeconds),
  };
}

/** What every delivery needs, whatever the sink. The metric `Unsure` in the log is what the alarm looks at. */
export function deliveryPorts(log: Pick<typeof Log, 'warn'>, env = config.environment): DeliveryPorts {
  const ledger = table(env, 'LEDGER_TABLE');
  const functionName = config.functionName(env);
  const ports: DeliveryPorts = {
    claim: (delivery, sink, release) => claim(ledger, delivery, sink, Date.now(), release),
    settle: on(ledger, settle),
    isUnderWay: on(ledger, isUnderWay),
    offAfterSeconds: config.offAfterSeconds(env),
    afterLostReply: config.afterLostReply(env),
  };
  return withDoubts(ports, ({ key }, sink, why) => {
    const metrics = embeddedMetrics({ functionName, nowMs: Date.now(), values: { Unsure: 1 } });
    log.warn('nobody knows whether this arrived', { sink, key, why, ...metrics });
  });
}

export function datadog(env = config.environment): Sink {
  const needs = config.required(env, 'DATADOG_API_KEY_PARAMETER');
  const readKey = parameter(new SSMClient(IN_TIME), needs, { form: apiKeyForm });
  return { ...datadogSink({ readKey, baseUrl: config.datadogUrl(env) }), needs };
}

export function slack(env = config.environment): DigestSink {
  const needs = config.required(env, 'SLACK_WEBHOOK_PARAMETER');
  const allowLoopback = config.allowsLoopback(env);
  const readUrl = parameter(new SSMClient(IN_TIME), needs, { form: webhookForm(allowLoopback) });
  return { ...slackSink({ readUrl, allowLoopback }), needs };
}

/** How messages to Slack fold, and where they are counted. */
export function slackFolding(env = config.environment): FoldPorts {
  const ledger = table(env, 'LEDGER_TABLE');
  return {
    now,
    rule: config.foldRuleOf(env),
    count: (start, messages, most) => countInWindow(ledger, 'slack', start, messages, most),
  };
}

/** One try per call: a publish whose reply was lost must not be repeated by the SDK. */
export function sns(env = config.environment): Sink {
  return snsSink({ client: new SNSClient({ maxAttempts: 1 }), topicArn: config.optional(env, 'TOPIC_ARN') });
}
