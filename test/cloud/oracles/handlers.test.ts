import { rm } from 'node:fs/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { formatDelivery } from '../../../lib/delivery/wire.ts';
import { basicAnswer } from '../../../local/ecr/findings.ts';
import { createTask } from '../../../local/ecs/events.ts';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../../local/http.ts';
import { sqsEvent } from '../../../local/lambda/sqs-event.ts';
import type { PackagedService } from '../../../local/package.ts';
import { endpointEnvironment, type RunningStack, startStack } from '../../../local/stack.ts';
import { readTemplate, type Stack } from '../../../local/template.ts';
import { aDigest, anImageOf, aRepository } from '../../build/lineage.ts';
import { aNotice, aSubject } from '../../build/notice.ts';
import { basicFindings } from '../../flow/findings.ts';
import { makeRunFolder } from '../tools.ts';
import { buildBootstrap } from './bootstrap.ts';
import { packageCopy } from './packaged-copy.ts';
import { type Runtime, startRuntime } from './runtime-client.ts';

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const missing = inject('noRuntimeClient');

let folder = '';
let packaged: PackagedService;
let stack: RunningStack;
let template: Stack;
let tables: Endpoint;
/** So many requests to the tables are refused. */
let refusals = 0;

// What the functions talk to is the embedded stack; the functions that are asked here run under AWS's client.
beforeAll(async () => {
  if (missing) return;
  folder = await makeRunFolder();
  packaged = await packageCopy();
  const place = { account: ACCOUNT, region: REGION };
  stack = await startStack({ ...place, packaged, bootstrap: await buildBootstrap(folder) });
  tables = await serve(askTables);
  const queueUrl = (name: string) => `${stack.sqs.url}/${ACCOUNT}/${name}`;
  template = readTemplate(packaged.template, { ...place, queueUrl });
});
afterAll(async () => {
  await tables?.close();
  await stack?.stop();
  await packaged?.dispose();
  if (folder) await rm(folder, { recursive: true });
});

/** The tables of the embedded stack, which refuse nothing by themselves. */
async function askTables({ headers, body }: LocalRequest): Promise<LocalResponse> {
  const type = { 'content-type': 'application/x-amz-json-1.0' };
  if (refusals > 0) {
    refusals -= 1;
    return { status: 400, headers: type, body: JSON.stringify({ __type: 'AccessDeniedException' }) };
  }
  const { 'x-amz-target': target, 'x-amz-date': date, authorization } = headers;
  const reply = await fetch(stack.dynamodb.url, {
    method: 'POST',
    headers: {
      ...type,
      'x-amz-target': String(target),
      'x-amz-date': String(date),
      authorization: String(authorization),
    },
    body,
  });
  return { status: reply.status, headers: type, body: await reply.text() };
}

async function withRuntime<T>(
  name: string,
  { configured = true }: { readonly configured?: boolean },
  use: (runtime: Runtime) => Promise<T>,
): Promise<T> {
  const definition = template.functions.find((each) => each.name.endsWith(name));
  const bundle = packaged.bundles.get(definition?.zip ?? '');
  if (!definition || !bundle) throw new Error(`the template has no function ${name}`);
  const endpoints = { ...endpointEnvironment(stack), AWS_ENDPOINT_URL_DYNAMODB: tables.url };
  const environment = configured ? { ...definition.environment, ...endpoints } : {};
  const runtime = await startRuntime({ name, handler: definition.handler, folder: bundle, environment });
  try {
    return await use(runtime);
  } finally {
    await runtime.stop();
  }
}

/** The bodies as messages that were just received from the function's own queue. */
function batch(queueName: string, bodies: readonly string[]): SQSEvent {
  const queue = stack.queues.get(queueName);
  if (!queue) throw new Error(`the template has no queue ${queueName}`);
  // Nobody else can take them: nothing else runs between sending and receiving.
  for (const body of bodies) queue.send({ body });
  // What the functions hint to themselves lies there too, and goes back.
  const [own, others] = [[], []] as [ReturnType<typeof queue.receive>[number][], string[]];
  for (const message of queue.receive(10))
    if (bodies.includes(message.body)) own.push(message);
    else others.push(message.body);
  for (const body of others) queue.send({ body });
  return sqsEvent(own, queue.settings.arn);
}

interface Scenario {
  readonly name: string;
  readonly queue: string;
  /** The body of a message that the function can answer; it is about the repository `ric/<name>`. */
  readonly good: () => string;
  /** What holds the repository's name once it has arrived at the far end. */
  readonly farEnd: () => unknown;
  /** The body of a message that must come back, with what makes it so. */
  readonly failing: () => string;
}

function pushed(repository: string): { readonly digest: string; readonly event: object } {
  const { digest, events } = stack.registry.push(repository, { tags: ['latest'] });
  return { digest, event: events[0] ?? {} };
}

function scanned(repository: string): string {
  const { digest } = pushed(repository);
  return JSON.stringify(stack.registry.scan(repository, digest, basicAnswer(basicFindings('CRITICAL'))));
}

async function lineage(): Promise<unknown> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: stack.dynamodb.url, region: REGION, credentials });
  try {
    return (await client.send(new ScanCommand({ TableName: stack.tables.lineage }))).Items;
  } finally {
    client.destroy();
  }
}

/** A task that runs an image of `ric/<name>`. */
function running(name: string): string {
  const image = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/ric/${name}:latest`;
  const spec = { service: name, family: name, deployment: 'ecs-svc/1001', architecture: 'arm64' } as const;
  const containers = [{ name: 'app', image, digest: aDigest('a') }];
  const place = { account: ACCOUNT, region: REGION, cluster: 'prod' };
  return JSON.stringify(createTask(place, { ...spec, containers }).running(new Date()));
}

function notice(repository: string): string {
  const image = anImageOf(aDigest('a'), aRepository({ name: repository }));
  return formatDelivery(aNotice({ subject: aSubject({ image }) }));
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'image-pushed',
    queue: 'Pushes',
    good: () => JSON.stringify(pushed('ric/image-pushed').event),
    farEnd: () => lineage(),
    failing() {
      stack.ecr.fail('DescribeImages', 3, 'ServerException');
      return JSON.stringify(pushed('ric/unreadable').event);
    },
  },
  {
    name: 'scan-completed',
    queue: 'Scans',
    good: () => scanned('ric/scan-completed'),
    // By way of the queues, and of the functions of the embedded stack.
    farEnd: () => stack.slack.messages,
    failing() {
      stack.ecr.fail('DescribeImageScanFindings', 3, 'ServerException');
      return scanned('ric/unreadable');
    },
  },
  {
    name: 'image-deployed',
    queue: 'Deployments',
    good: () => running('image-deployed'),
    farEnd: () => lineage(),
    failing() {
      refusals = 1;
      return running('unwritable');
    },
  },
  {
    name: 'deliver-datadog',
    queue: 'Datadog',
    good: () => notice('ric/deliver-datadog'),
    farEnd: () => stack.datadog.events,
    failing() {
      stack.datadog.plan({ status: 500 }, 9);
      return notice('ric/down');
    },
  },
  {
    name: 'deliver-slack',
    queue: 'Slack',
    good: () => notice('ric/deliver-slack'),
    farEnd: () => stack.slack.messages,
    failing() {
      stack.slack.plan({ status: 500 }, 9);
      return notice('ric/down');
    },
  },
  {
    name: 'deliver-sns',
    queue: 'Sns',
    good: () => notice('ric/deliver-sns'),
    farEnd: () => stack.sns.published,
    failing() {
      stack.sns.plan({ status: 500 }, 9);
      return notice('ric/down');
    },
  },
];

describe.each(SCENARIOS)(
  `$name under AWS’s runtime client${missing ? ` (skipped: ${missing})` : ''}`,
  ({ name, queue, good, farEnd, failing }) => {
    test.skipIf(missing)('answers a batch message by message', async () => {
      await withRuntime(name, {}, async ({ invoke, output }) => {
        const garbage = `garbage for ${name}`;
        const answered = await invoke(batch(`${queue}Queue`, [good(), garbage]));
        expect(answered).toEqual({ kind: 'response', body: { batchItemFailures: [] } });
        const letters = stack.queues.get(`${queue}DeadLetters`)?.messages() ?? [];
        expect(letters.map(({ body }) => body)).toEqual([garbage]);
        await expect
          .poll(async () => JSON.stringify(await farEnd()), { timeout: 20_000 })
          .toContain(`ric/${name}`);

        const event = batch(`${queue}Queue`, [failing()]);
        const itemIdentifier = event.Records[0]?.messageId;
        expect(await invoke(event)).toEqual({
          kind: 'response',
          body: { batchItemFailures: [{ itemIdentifier }] },
        });
        expect(messagesIn(output())).toEqual([
          'answered',
          expect.stringMatching(/^(failed, will be tried again|not ready)$/),
          'sent to the dead letters',
        ]);
      });
    });

    test.skipIf(missing)('that lacks its configuration fails as a whole, by name', async () => {
      await withRuntime(name, { configured: false }, async ({ invoke }) => {
        const answered = await invoke({ Records: [] });
        const message = expect.stringMatching(/^SCAN_RESPONSE_[A-Z_]+ is not set$/);
        const trace = expect.arrayContaining([expect.stringMatching(/^ConfigError: SCAN_RESPONSE_/)]);
        expect(answered).toEqual({
          kind: 'error',
          body: { errorType: 'ConfigError', errorMessage: message, trace },
        });
        const definition = template.functions.find((each) => each.name.endsWith(name));
        const [missingName = ''] = (answered.body as { errorMessage: string }).errorMessage.split(' ');
        expect(definition?.environment).toHaveProperty(missingName);
      });
    });
  },
);

/** What the log says, sorted; each of its lines must be JSON. */
function messagesIn(output: string): readonly string[] {
  const lines = output.trim().split('\n');
  return lines.map((line) => String(JSON.parse(line).message)).sort();
}
