import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { DisableRuleCommand, EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { ScanAnswer } from '../../local/ecr/scan-answer.ts';
import type { Item } from '../flow/stack.ts';
import { type Deployment, deploy } from './deployment.ts';
import { type Emulators, startEmulators } from './emulators.ts';
import { type FarEnd, openFarEnd } from './far-end.ts';
import { type Manifest, putImage } from './images.ts';
import { type ScanWay, startScanWay } from './scan-way.ts';
import { openScanner, type Scanner } from './scanner.ts';

/** The deployed service, what happens to it, and what comes of that. */
export interface Service {
  readonly emulators: Emulators;
  readonly deployment: Deployment;
  readonly farEnd: FarEnd;
  readonly scanWay: ScanWay;
  readonly scanner: Scanner;
  /** Puts an image into the registry and sends the event of it, or one for each tag; returns when it is recorded. */
  readonly push: (repository: string, image: Manifest, tags?: readonly string[]) => Promise<void>;
  /** Gives an image its scan and sends the event of it; returns when nothing moves any more. */
  readonly scan: (repository: string, image: Manifest, answer: ScanAnswer) => Promise<void>;
  /** Sends one of the samples in events/, with some of its detail changed. */
  readonly send: (sample: string, detail: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Resolves when no queue that feeds a function holds anything; rejects after 20 s. */
  readonly settled: () => Promise<void>;
  /** The repository's items in a table, sorted by key. */
  readonly items: (table: 'lineage' | 'ledger', repository: string) => Promise<readonly Item[]>;
  /** Stops everything but the deployment, which goes with the emulators. */
  readonly stop: () => Promise<void>;
}

const SOURCES = ['PushesQueue', 'ScansQueue', 'DeploymentsQueue', 'DatadogQueue', 'SlackQueue', 'SnsQueue'];
const QUIET_LOOKS = 4;
const LOOK_EVERY_MS = 200;
const SETTLED_WITHIN_MS = 20_000;

/** What is waited for in minutes on AWS is waited for in seconds here; the same names as an owner would set. */
const SHORT_WAITS = {
  SCAN_RESPONSE_RETRY_SECONDS: '1',
  SCAN_RESPONSE_SIBLING_GRACE_SECONDS: '3',
  SCAN_RESPONSE_READINESS_SECONDS: '10',
};

/** Starts the emulators, deploys the service and leads it to our loopback Slack and Datadog. */
export async function startService(): Promise<Service> {
  const emulators = await startEmulators();
  const closers: (() => Promise<void> | void)[] = [emulators.stop];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of closers.splice(0).reverse())
      await Promise.resolve(close()).catch((it) => failures.push(it));
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  };
  try {
    const deployment = await deploy(emulators);
    const farEnd = await openFarEnd(emulators, deployment);
    closers.push(farEnd.close);
    const scanWay = await startScanWay({ ministack: emulators.url, moto: emulators.motoUrl ?? '' });
    closers.push(scanWay.close);
    const scanner = openScanner(emulators);
    closers.push(scanner.close);
    await stopSchedules(emulators, deployment);
    await deployment.setEnvironment('scan-completed', {
      ...SHORT_WAITS,
      AWS_ENDPOINT_URL_ECR: scanWay.url,
    });
    return {
      ...drive(emulators, deployment, scanner, closers),
      emulators,
      deployment,
      farEnd,
      scanWay,
      scanner,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function drive(
  { client, account, region }: Emulators,
  { resource, tables }: Deployment,
  scanner: Scanner,
  closers: (() => void)[],
): Pick<Service, 'push' | 'scan' | 'send' | 'settled' | 'items'> {
  const ecr = new ECRClient(client);
  const events = new EventBridgeClient(client);
  const sqs = new SQSClient(client);
  const dynamodb = new DynamoDBClient(client);
  closers.push(() => {
    for (const it of [ecr, events, sqs, dynamodb]) it.destroy();
  });

  const send: Service['send'] = async (sample, detail) => {
    const event = JSON.parse(readFileSync(`events/${sample}.json`, 'utf8'));
    const arn = `arn:aws:ecr:${region}:${account}:repository/${detail['repository-name']}`;
    // What a sample announces is of another image.
    const { 'finding-severity-counts': _, ...itsDetail } = event.detail;
    const name = sample.startsWith('inspector2') ? { 'repository-name': arn } : {};
    const { FailedEntryCount, Entries } = await events.send(
      new PutEventsCommand({
        Entries: [
          {
            Source: event.source,
            DetailType: event['detail-type'],
            Detail: JSON.stringify({ ...itsDetail, ...detail, ...name }),
          },
        ],
      }),
    );
    if (FailedEntryCount !== 0) throw new Error(`PutEvents: ${JSON.stringify(Entries)}`);
  };

  const isQuiet = async (): Promise<boolean> => {
    const AttributeNames = [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesDelayed',
    ] as const;
    const answers = await Promise.all(
      SOURCES.map((name) =>
        sqs.send(
          new GetQueueAttributesCommand({ QueueUrl: resource(name), AttributeNames: [...AttributeNames] }),
        ),
      ),
    );
    return answers.every(({ Attributes = {} }) => AttributeNames.every((name) => Attributes[name] === '0'));
  };

  const settled = async (): Promise<void> => {
    const endMs = Date.now() + SETTLED_WITHIN_MS;
    for (let quiet = 0; quiet < QUIET_LOOKS; quiet = (await isQuiet()) ? quiet + 1 : 0) {
      if (Date.now() > endMs) throw new Error('a queue still holds a message');
      await sleep(LOOK_EVERY_MS);
    }
  };

  return {
    send,
    settled,
    async push(repository, image, tags = []) {
      await putImage(ecr, repository, image, tags);
      const sample = image.mediaType.includes('index')
        ? 'ecr-image-action.push-index'
        : 'ecr-image-action.push';
      for (const tag of tags.length > 0 ? tags : ['']) {
        const detail = { 'repository-name': repository, 'image-digest': image.digest, 'image-tag': tag };
        await send(sample, detail);
      }
      await settled();
    },
    async scan(repository, image, answer) {
      await scanner.know(repository, image);
      await scanner.answer(repository, image, answer);
      const isEnhanced = answer.enhancedFindings !== undefined;
      await send(isEnhanced ? 'inspector2-scan.initial' : 'ecr-image-scan.complete', {
        'repository-name': repository,
        'image-digest': image.digest,
        ...(answer.counts && { 'finding-severity-counts': answer.counts }),
      });
      await settled();
    },
    async items(table, repository) {
      const found: Item[] = [];
      const pages = paginateScan(
        { client: DynamoDBDocumentClient.from(dynamodb) },
        { TableName: tables[table], ConsistentRead: true },
      );
      for await (const { Items = [] } of pages) found.push(...Items);
      const about = found.filter(({ pk, sk }) => `${pk}#${sk}`.split('#').includes(repository));
      return about.sort((a, b) => (`${a.pk}#${a.sk}` < `${b.pk}#${b.sk}` ? -1 : 1));
    },
  };
}

/** The scenarios are about events: what a schedule would add to them has tests of its own. */
async function stopSchedules({ client }: Emulators, { stackName }: Deployment): Promise<void> {
  const events = new EventBridgeClient(client);
  try {
    for (const name of ['heartbeat', 'reconcile'])
      await events.send(new DisableRuleCommand({ Name: `${stackName}-${name}` }));
  } finally {
    events.destroy();
  }
}
