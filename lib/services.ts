import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as config from './config.ts';
import type { DeliveryPorts } from './delivery/deliver.ts';
import type { Sink } from './delivery/sink.ts';
import type { HeartbeatPorts } from './heartbeat/beat.ts';
import type { ClosingPorts } from './heartbeat/close.ts';
import type { Image } from './image/reference.ts';
import type { LookupPorts } from './lookup/ports.ts';
import type { BatchPorts } from './queue/batch.ts';
import { bury, postpone } from './queue/message.ts';
import { enqueue, enqueueHeartbeat } from './queue/outbox.ts';
import { findImage, findIndex } from './registry/image.ts';
import { clientByAccount, credentialsOf } from './registry/member.ts';
import { findScan } from './registry/scan.ts';
import type { LineagePorts } from './remember.ts';
import type { ResponsePorts } from './respond.ts';
import { parameter } from './secret/parameter.ts';
import { apiKeyForm } from './sinks/datadog/api-key.ts';
import { datadogSink } from './sinks/datadog/send.ts';
import { slackSink } from './sinks/slack/send.ts';
import { webhookForm } from './sinks/slack/webhook-url.ts';
import { snsSink } from './sinks/sns/send.ts';
import {
  findParents,
  findRepositories,
  loadImage,
  saveImage,
  saveMark,
  saveRepository,
} from './store/image.ts';
import { claim, settle } from './store/ledger.ts';
import { loadOpenFindings, saveOpenFindings } from './store/open-findings.ts';
import { loadLatestScan, saveScan } from './store/scan.ts';
import { closeShown, listOpen, listShown } from './store/shown.ts';
import type { Table } from './store/table.ts';
import { loadHead, loadHistory, loadNextEvent, saveTagEvent } from './store/tag-history.ts';

// The composition root: the only file that knows which adapter stands behind a port. Each function calls one of
// these once per cold start, on its first event, never at import; what it does not call is not in its bundle.

/** Turns `(table, …)` into `(…)`. */
function on<T, A extends unknown[], R>(first: T, call: (first: T, ...rest: A) => R): (...rest: A) => R {
  return (...rest) => call(first, ...rest);
}

const now = () => new Date();

function table(
  env: config.Environment,
  name: 'LINEAGE_TABLE' | 'LEDGER_TABLE',
  patience: DynamoDBClientConfig = {},
): Table {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(patience), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return { client, name: config.required(env, name) };
}

/** Turns `(ecr, image)` into `(image)`, with the client of the image's account. */
function inRegistry<R>(
  ecrOf: (account: string) => ECRClient,
  call: (ecr: ECRClient, image: Image) => R,
): (image: Image) => R {
  return (image) => call(ecrOf(image.repository.account), image);
}

function registries(env: config.Environment): (account: string) => ECRClient {
  return clientByAccount(
    new ECRClient({}),
    config.memberAccounts(env),
    (account) =>
      new ECRClient({ credentials: credentialsOf(new STSClient({}), config.readerRole(env, account)) }),
  );
}

/** The queue that feeds a function, and its dead letters. */
export function batchPorts(log: BatchPorts['log'], env = config.environment): BatchPorts {
  const sqs = new SQSClient({});
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
  return {
    now,
    findImage: inRegistry(ecrOf, findImage),
    findIndex: inRegistry(ecrOf, findIndex),
    loadImage: on(lineage, loadImage),
    saveTagEvent: on(lineage, saveTagEvent),
    saveImage: on(lineage, saveImage),
    saveRepository: on(lineage, saveRepository),
    saveMark: on(lineage, saveMark),
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

/** What saying the gauges again needs. */
export function heartbeatPorts(env = config.environment): HeartbeatPorts {
  const sqs = new SQSClient({});
  const datadogQueueUrl = config.required(env, 'DATADOG_QUEUE_URL');
  return {
    now,
    deployment: config.required(env, 'DEPLOYMENT'),
    listShown: on(table(env, 'LEDGER_TABLE'), listShown),
    enqueue: (heartbeat) => enqueueHeartbeat(sqs, datadogQueueUrl, heartbeat),
  };
}

/** What answering a scan needs. */
export function responsePorts(env = config.environment): ResponsePorts {
  const ecrOf = registries(env);
  const sqs = new SQSClient({});
  const lineage = table(env, 'LINEAGE_TABLE');
  const ledger = table(env, 'LEDGER_TABLE');
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
    saveOpenFindings: on(ledger, saveOpenFindings),
    enqueue: (delivery) => enqueue(sqs, queueUrls, delivery),
  };
}

/** What every delivery needs, whatever the sink. */
export function deliveryPorts(env = config.environment): DeliveryPorts {
  const ledger = table(env, 'LEDGER_TABLE');
  return {
    claim: (delivery, sink) => claim(ledger, delivery, sink),
    settle: on(ledger, settle),
  };
}

export function datadog(env = config.environment): Sink {
  const needs = config.required(env, 'DATADOG_API_KEY_PARAMETER');
  const readKey = parameter(new SSMClient({}), needs, { form: apiKeyForm });
  return { ...datadogSink({ readKey, baseUrl: config.datadogUrl(env) }), needs };
}

export function slack(env = config.environment): Sink {
  const needs = config.required(env, 'SLACK_WEBHOOK_PARAMETER');
  const allowLoopback = config.allowsLoopback(env);
  const readUrl = parameter(new SSMClient({}), needs, { form: webhookForm(allowLoopback) });
  return { ...slackSink({ readUrl, allowLoopback }), needs };
}

/** One try per call: a publish whose reply was lost must not be repeated by the SDK. */
export function sns(env = config.environment): Sink {
  return snsSink({ client: new SNSClient({ maxAttempts: 1 }), topicArn: config.optional(env, 'TOPIC_ARN') });
}

/** A person waits for the answer: without these the SDK waits for a silent endpoint for ever. */
const IMPATIENT: DynamoDBClientConfig = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 2000, throwOnRequestTimeout: true },
};

/** What the look-up reads, with the caller's own credentials. */
export function lookupPorts(env = config.environment): LookupPorts {
  const lineage = table(env, 'LINEAGE_TABLE', IMPATIENT);
  const ledger = table(env, 'LEDGER_TABLE', IMPATIENT);
  return {
    now,
    findRepositories: on(lineage, findRepositories),
    loadHistory: on(lineage, loadHistory),
    loadNextEvent: on(lineage, loadNextEvent),
    loadImage: on(lineage, loadImage),
    loadLatestScan: on(ledger, loadLatestScan),
  };
}
