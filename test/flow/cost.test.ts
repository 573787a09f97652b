import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { type CountedDynamoDb, countDynamoDb } from '../doubles/counted-dynamodb.ts';
import { tableDefinitions } from '../doubles/table-definitions.ts';
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
let dynamodb: CountedDynamoDb;
/** How many requests came before the scan that has something to say. */
let spokeFrom = 0;
const { lineage, ledger } = tableDefinitions(readFileSync('resources/tables.yml', 'utf8'));

beforeAll(async () => {
  dynamodb = await countDynamoDb(
    () => flow.stack.dynamodb.url,
    (name) => (name.endsWith('lineage') ? lineage : ledger),
  );
  flow = await startFlow({ environment: { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url } });
});
afterAll(async () => {
  await flow?.stop();
  await dynamodb?.close();
});

function used(): Use {
  const { logs, slack, datadog, sns } = flow.stack;
  const lines = logs.map(({ line }) => JSON.stringify(line));
  const length = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length + 1, 0);
  return {
    writeUnits: dynamodb.units().write,
    readUnits: dynamodb.units().read,
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

/** `<operation> <sort key>` of each request since then that names a delivery. */
function deliveryRequests(): readonly string[] {
  return dynamodb.requests.slice(spokeFrom).flatMap((request) => {
    const [delivery] = /DLV#[^"]*/.exec(request) ?? [];
    return delivery ? [`${request.split(' ')[0]} ${delivery}`] : [];
  });
}

/** How often each delivery's item was written. */
function deliveryWrites(): ReadonlyMap<string, number> {
  const writes = new Map<string, number>();
  for (const request of deliveryRequests()) {
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
  spokeFrom = dynamodb.requests.length;
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
  expect(deliveryRequests().filter((request) => !request.startsWith('UpdateItem '))).toEqual([]);
});
