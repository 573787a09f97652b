import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../local/http.ts';
import { tableDefinitions } from '../doubles/table-definitions.ts';
import { indexUnits } from '../doubles/write-units.ts';
import { costOfMillion, costTable, totalUsd, type Use } from '../simulation/cost-model.ts';
import { record } from '../simulation/report/row.ts';
import { aTask, tell } from './ecs.ts';
import { basicFindings } from './findings.ts';
import { type Flow, startFlow } from './stack.ts';

/** What each may use; docs/deploy.md multiplies it by prices. */
const PUSH: Use = {
  writeUnits: 8,
  readUnits: 2,
  messages: 2,
  logBytes: 800,
  publishes: 0,
  egressBytes: 0,
};
/** Nothing is new: gauges only. */
const QUIET: Use = { ...PUSH, writeUnits: 6, readUnits: 3, logBytes: 1_000, egressBytes: 4_000 };
/** Something is new: every sink is told, with what is around it. */
const SPEAKING: Use = {
  ...{ writeUnits: 16, readUnits: 5, messages: 5 },
  ...{ logBytes: 1_800, publishes: 1, egressBytes: 9_000 },
};
/** A task of ECS, from its start to its end, in a deployment that is known already. */
const TASK: Use = { ...PUSH, writeUnits: 7, readUnits: 0, logBytes: 800 };
/** The promise for a million scans with nothing new. */
const LIMIT_USD = 15;

let flow: Flow;
let dynamodb: Endpoint;
const units = { write: 0, read: 0 };
const { lineage, ledger } = tableDefinitions(readFileSync('resources/tables.yml', 'utf8'));
/** `<operation> <sort key>` of each request that names a delivery. */
const deliveryRequests: string[] = [];

beforeAll(async () => {
  dynamodb = await serve(countUnits);
  flow = await startFlow({ environment: { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url } });
});
afterAll(async () => {
  await flow?.stop();
  await dynamodb?.close();
});

type Attributes = Readonly<Record<string, object>>;

/** Asks the tables what each request consumed, as DynamoDB bills it. */
async function countUnits({ headers, body }: LocalRequest): Promise<LocalResponse> {
  const target = String(headers['x-amz-target']);
  const request = JSON.parse(body);
  const ask = (operation: string, input: object) =>
    fetch(flow.stack.dynamodb.url, {
      method: 'POST',
      headers: {
        'x-amz-target': operation,
        'content-type': 'application/x-amz-json-1.0',
        authorization: String(headers.authorization),
        'x-amz-date': String(headers['x-amz-date']),
      },
      body: JSON.stringify(input),
    });
  const answering = () => ask(target, { ...request, ReturnConsumedCapacity: 'TOTAL' });
  const isWrite = /Put|Update|Delete/.test(target);
  const reply = isWrite
    ? await inTurn(() => countIndexes(request, answering, (input) => ask('DynamoDB_20120810.GetItem', input)))
    : await answering();
  const answer = await reply.text();
  // A refused condition is billed too, and so is a query that finds nothing.
  units[isWrite ? 'write' : 'read'] += Math.max(0.5, JSON.parse(answer).ConsumedCapacity?.CapacityUnits ?? 1);
  const [delivery] = /DLV#[^"]*/.exec(body) ?? [];
  if (delivery) deliveryRequests.push(`${target.split('.')[1]} ${delivery}`);
  return { status: reply.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: answer };
}

let turn: Promise<unknown> = Promise.resolve();

/** One write after the other: what an index had before is looked up. */
function inTurn<T>(act: () => Promise<T>): Promise<T> {
  const done = turn.then(act, act);
  turn = done;
  return done;
}

interface WriteRequest {
  readonly TableName: string;
  readonly Key?: Attributes;
  readonly Item?: Attributes;
}

/** dynalite does not count what a write costs in the indexes. */
async function countIndexes(
  { TableName, Key, Item = {} }: WriteRequest,
  write: () => Promise<Response>,
  get: (input: object) => Promise<Response>,
): Promise<Response> {
  const definition = TableName.endsWith('lineage') ? lineage : ledger;
  const { pk, sk } = Item;
  const now = async (): Promise<Attributes | undefined> => {
    const reply = await get({ TableName, Key: Key ?? { pk, sk }, ConsistentRead: true });
    return ((await reply.json()) as { readonly Item?: Attributes }).Item;
  };
  const before = await now();
  const reply = await write();
  // With the names of the types this is more than what it measures.
  units.write += indexUnits(definition, before, await now(), (item) => JSON.stringify(item).length);
  return reply;
}

function used(): Use {
  const { logs, slack, datadog, sns } = flow.stack;
  const lines = logs.map(({ line }) => JSON.stringify(line));
  const length = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length + 1, 0);
  return {
    writeUnits: units.write,
    readUnits: units.read,
    messages: lines.filter((line) => line.includes('"message":"answered"')).length,
    logBytes: length(lines),
    publishes: sns.published.length,
    egressBytes:
      length(slack.messages.map(({ message }) => JSON.stringify(message))) +
      length(datadog.requests.map(({ body }) => body)),
  };
}

/** What the tables, the queues, the logs and the sinks were used for while something happened to a repository. */
async function useOf(repository: string, happen: () => void): Promise<Use> {
  const before = used();
  happen();
  await flow.settled(repository);
  const after = used();
  const names = Object.keys(after) as (keyof Use)[];
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as unknown as Use;
}

function both({ push, scan }: { readonly push: Use; readonly scan: Use }): Use {
  const names = Object.keys(push) as (keyof Use)[];
  return Object.fromEntries(names.map((name) => [name, push[name] + scan[name]])) as unknown as Use;
}

/** How often each delivery's item was written. */
function deliveryWrites(): ReadonlyMap<string, number> {
  const writes = new Map<string, number>();
  for (const request of deliveryRequests) {
    const [operation, key = ''] = request.split(' ');
    if (operation === 'UpdateItem') writes.set(key, (writes.get(key) ?? 0) + 1);
  }
  return writes;
}

/** Pushes an image as `latest` and as its commit, and scans it once. */
async function pushAndScan(repository: string, critical: number): Promise<{ push: Use; scan: Use }> {
  let digest = '';
  const push = await useOf(repository, () => {
    digest = flow.push(repository, { tags: ['latest', randomBytes(20).toString('hex')] }).digest;
  });
  const answer = basicAnswer([...basicFindings('CRITICAL', critical), ...basicFindings('LOW', 40)]);
  const scan = await useOf(repository, () => void flow.scan(repository, digest, answer));
  return { push, scan };
}

// The figures of docs/deploy.md; `npm run cost` prints them.
test('a push and a scan use no more than the guide counts with, and a million scans cost less than promised', async () => {
  await pushAndScan('cost/first', 2);
  const quiet = await pushAndScan('cost/first', 2);
  deliveryRequests.length = 0;
  const speaking = await pushAndScan('cost/first', 3);
  const uses = {
    'push, two tags': quiet.push,
    'scan, nothing new': quiet.scan,
    'push and scan': both(quiet),
    'scan, something new': speaking.scan,
  };
  if (process.env.VERBOSE) process.stdout.write(costTable(uses));
  const usd = totalUsd(costOfMillion(quiet.scan));
  const writes = Math.max(...deliveryWrites().values());
  record({
    id: 'R20',
    size: 1,
    promise: 'what it costs, from measured calls and dated prices',
    target: `≤ 2 ledger writes per delivery, ≤ $${LIMIT_USD} per million scans with nothing new`,
    measured: {
      'ledger writes per delivery at most': writes,
      '$ per million scans at most': Number(usd.toFixed(2)),
    },
    pass: writes <= 2 && usd <= LIMIT_USD,
  });
  expect(flow.got('cost/first').slack).toHaveLength(2);
  const overLimit = (use: Use, limits: Use) =>
    Object.entries(use).filter(([name, value]) => value > limits[name as keyof Use]);
  expect(overLimit(quiet.push, PUSH)).toEqual([]);
  expect(overLimit(quiet.scan, QUIET)).toEqual([]);
  expect(overLimit(speaking.scan, SPEAKING)).toEqual([]);
  expect(usd).toBeLessThanOrEqual(LIMIT_USD);
});

test('a task of ECS uses no more than the guide counts with', async () => {
  const repository = 'cost/task';
  const digest = `sha256:${'c0'.repeat(32)}`;
  await tell(flow, [aTask('cost', { repository, digest }).running(new Date())]);
  const task = aTask('cost', { repository, digest });
  const events = [task.running(new Date()), task.stopped(new Date())];
  const life = await useOfTask(events);
  if (process.env.VERBOSE) process.stdout.write(costTable({ 'a task, start to stop': life }));
  const overLimit = Object.entries(life).filter(([name, value]) => value > TASK[name as keyof Use]);
  expect(overLimit).toEqual([]);
});

async function useOfTask(events: readonly object[]): Promise<Use> {
  const before = used();
  await tell(flow, events);
  const after = used();
  const names = Object.keys(after) as (keyof Use)[];
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as unknown as Use;
}

test('a delivery that goes well is written twice and read never', () => {
  expect([...deliveryWrites().values()]).toEqual([2, 2, 2, 2]); // gauges, and a notice for each sink
  expect(deliveryRequests.filter((request) => !request.startsWith('UpdateItem '))).toEqual([]);
});
