import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { startDatadog } from '../../local/datadog.ts';
import { startDynamoDb } from '../../local/dynamodb.ts';
import { createRegistry, type Registry } from '../../local/ecr/registry.ts';
import { startEcr } from '../../local/ecr/server.ts';
import { type Bus, createBus } from '../../local/event-bus.ts';
import { matches } from '../../local/event-rule.ts';
import { startEventsApi } from '../../local/events-api.ts';
import { type Endpoint, type Respond, serve } from '../../local/http.ts';
import { startSlack } from '../../local/slack.ts';
import { startSns } from '../../local/sns.ts';
import type { Queue } from '../../local/sqs/queue.ts';
import { createQueues } from '../../local/sqs/queues.ts';
import { startSqs } from '../../local/sqs/server.ts';
import { startSsm } from '../../local/ssm.ts';
import { readTemplate, type Stack } from '../../local/template.ts';
import { type CountedDynamoDb, countDynamoDb, type Units } from '../../test/doubles/counted-dynamodb.ts';
import { respondFromMemory } from '../../test/doubles/memory-dynamodb/respond.ts';
import { certificateFor } from './certificate.ts';
import { type Front, startFront } from './front.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '111122223333';
export const DATADOG_API_KEY = '0123456789abcdef0123456789abcdef';
export const WEBHOOK = 'https://hooks.slack.com/services/T000/B000/XXX';

/** Everything outside of a function, by its real name, behind one front. */
export interface Origins {
  readonly stack: Stack;
  readonly front: Front;
  /** PEM: whom a measured process has to trust. */
  readonly certificate: string;
  readonly registry: Registry;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly bus: Bus;
  /** What DynamoDB would bill so far; throws where nobody counts. */
  unitsSoFar(): Units;
  close(): Promise<void>;
}

/**
 * Starts the embedded servers of AWS, Datadog and Slack for a packaged template. With `countsUnits` the tables are
 * dynalite's, which says what each request consumed and is slow; else they are in memory.
 */
export async function startOrigins(
  template: unknown,
  { countsUnits = false }: { readonly countsUnits?: boolean } = {},
): Promise<Origins> {
  const closers: (() => Promise<void>)[] = [];
  const started = async <E extends Pick<Endpoint, 'close'>>(starting: Promise<E>): Promise<E> => {
    const it = await starting;
    closers.unshift(() => it.close());
    return it;
  };
  const queueUrl = (name: string) => `https://${aws('sqs')}/${ACCOUNT}/${name}`;
  const stack = readTemplate(template, { account: ACCOUNT, region: REGION, queueUrl });
  const queues = createQueues(stack.queues, Date.now);
  const registry = createRegistry({ account: ACCOUNT, region: REGION });
  const bus = createBus({ rules: stack.rules, queues: queues.values(), matches });
  const tables = stack.tables.map(({ input }) => input);
  const counted = countsUnits ? await startCounting(tables, started) : undefined;
  const origins = new Map<string, Endpoint>([
    [aws('api.ecr'), await started(startEcr(registry))],
    [aws('sqs'), await started(startSqs(queues))],
    [aws('ssm'), await started(startSsm(secretsOf(stack)))],
    [aws('sns'), await started(startSns({ topics: new Set(stack.topics.map(({ arn }) => arn)) }))],
    [aws('events'), await started(startEventsApi(bus, { account: ACCOUNT, region: REGION }))],
    ['api.datadoghq.com', await started(startDatadog({ apiKey: DATADOG_API_KEY }))],
    ['hooks.slack.com', await started(startSlack())],
    ['floor.bench.test', await started(serve(() => ({ status: 200, body: 'ok' })))],
  ]);
  const places = new Map<string, string | Respond>([
    ...[...origins].map(([name, { url }]): [string, string] => [name, url]),
    [aws('dynamodb'), counted?.url ?? respondFromMemory(tables)],
  ]);
  const certificate = certificateFor([...places.keys()], new Date());
  const front = await started(startFront(certificate, places));
  return {
    ...{ stack, front, certificate: certificate.certificate, registry, queues, bus },
    unitsSoFar() {
      if (!counted) throw new Error('no units are counted: start with countsUnits');
      return counted.units();
    },
    async close() {
      for (const close of closers) await close();
    },
  };
}

function aws(service: string): string {
  return `${service}.${REGION}.amazonaws.com`;
}

async function startCounting(
  tables: readonly CreateTableCommandInput[],
  started: <E extends Endpoint>(starting: Promise<E>) => Promise<E>,
): Promise<CountedDynamoDb> {
  const { url } = await started(startDynamoDb(tables));
  const definitionOf = (name: string): CreateTableCommandInput => {
    const found = tables.find(({ TableName }) => TableName === name);
    if (!found) throw new Error(`the template has no table ${name}`);
    return found;
  };
  return started(countDynamoDb(() => url, definitionOf));
}

function secretsOf({ functions }: Stack): Map<string, string> {
  const variable = (name: string) => functions.flatMap(({ environment }) => environment[name] ?? [])[0] ?? '';
  return new Map([
    [variable('SCAN_RESPONSE_DATADOG_API_KEY_PARAMETER'), DATADOG_API_KEY],
    [variable('SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER'), WEBHOOK],
  ]);
}
