import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { type CountedDynamoDb, countDynamoDb } from '../doubles/counted-dynamodb.ts';
import { tableDefinitions } from '../doubles/table-definitions.ts';
import { billedFrom } from '../simulation/cost-billed.ts';
import { keepCounted, known } from '../simulation/cost-known.ts';
import { costOfMillion, totalUsd, type Use } from '../simulation/cost-model.ts';
import { type Counted, functionsTable, monthTable, rowsTable } from '../simulation/cost-tables.ts';
import { record } from '../simulation/report/row.ts';
import { aTask, tell } from './ecs.ts';
import { basicFindings } from './findings.ts';
import { type Flow, startFlow } from './stack.ts';

/** The most that each may use. */
interface Most {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly messages: number;
  readonly logBytes: number;
  readonly publishes: number;
  readonly egressBytes: number;
}

const PUSH: Most = {
  writeUnits: 8,
  readUnits: 2,
  messages: 2,
  logBytes: 800,
  publishes: 0,
  egressBytes: 0,
};
/** Nothing is new: gauges only. */
const QUIET: Most = { ...PUSH, writeUnits: 6, readUnits: 3, logBytes: 1_000, egressBytes: 4_000 };
/** Something is new: every sink is told, with what is around it. */
const SPEAKING: Most = {
  ...{ writeUnits: 16, readUnits: 5, messages: 5 },
  ...{ logBytes: 1_800, publishes: 1, egressBytes: 9_000 },
};
/** A task of ECS, from its start to its end, in a deployment that is known already. */
const TASK: Most = { ...PUSH, writeUnits: 7, readUnits: 0, logBytes: 800 };
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

const bytesOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length + 1, 0);

/** So far, with the number of the log line that comes next. */
function used() {
  const { logs, slack, datadog, sns } = flow.stack;
  return {
    lines: logs.length,
    writeUnits: dynamodb.units().write,
    readUnits: dynamodb.units().read,
    publishes: sns.published.length,
    egressBytes:
      bytesOf(slack.messages.map(({ message }) => JSON.stringify(message))) +
      bytesOf(datadog.requests.map(({ body }) => body)),
  };
}

/** What each function answered and printed from that line on. */
function callsFrom(line: number): Use['calls'] {
  const calls: Record<string, Use['calls'][string]> = {};
  for (const { functionName, line: printed } of flow.stack.logs.slice(line)) {
    const name = functionName.replace(/^scan-response-[^-]+-/, '');
    const text = JSON.stringify(printed);
    const { messages, logBytes } = calls[name] ?? { messages: 0, logBytes: 0 };
    const answered = text.includes('"message":"answered"') ? 1 : 0;
    calls[name] = { messages: messages + answered, logBytes: logBytes + text.length + 1 };
  }
  return calls;
}

/** What the tables, the queues, the logs and the sinks were used for while something happened. */
async function useOf(happen: () => Promise<void>): Promise<Use> {
  const before = used();
  await happen();
  const after = used();
  const grown = (name: keyof typeof before) => after[name] - before[name];
  return {
    ...{ writeUnits: grown('writeUnits'), readUnits: grown('readUnits'), calls: callsFrom(before.lines) },
    ...{ publishes: grown('publishes'), egressBytes: grown('egressBytes') },
  };
}

/** By what it is over. */
function overLimit({ calls, ...use }: Use, most: Most): readonly (readonly [string, number])[] {
  const sum = (of: 'messages' | 'logBytes') => Object.values(calls).reduce((total, it) => total + it[of], 0);
  const all = { ...use, messages: sum('messages'), logBytes: sum('logBytes') };
  return Object.entries(all).filter(([name, value]) => value > most[name as keyof Most]);
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

/** Pushes an image under tags, and with `critical` findings scans it once. */
async function pushAndScan(
  repository: string,
  critical: number,
  tags = ['latest', randomBytes(20).toString('hex')],
): Promise<{ push: Use; scan: Use }> {
  let digest = '';
  const push = await useOf(async () => {
    digest = flow.push(repository, { tags }).digest;
    await flow.settled(repository);
  });
  const answer = basicAnswer([...basicFindings('CRITICAL', critical), ...basicFindings('LOW', 40)]);
  const scan = await useOf(async () => {
    flow.scan(repository, digest, answer);
    await flow.settled(repository);
  });
  return { push, scan };
}

const uses: { -readonly [name in keyof Counted['uses']]?: Use } = {};

// `npm run cost` prints them, `npm run docs:cost` puts them into the guide.
test('a push and a scan use no more than the guide counts with, and a million scans cost less than promised', async () => {
  await pushAndScan('cost/first', 2);
  const { push: oneTag } = await pushAndScan('cost/first', 2, ['latest']);
  const { push: twoTags, scan: quiet } = await pushAndScan('cost/first', 2);
  spokeFrom = dynamodb.requests.length;
  const { push, scan: speaking } = await pushAndScan('cost/first', 3);
  Object.assign(uses, { oneTag, twoTags, quiet, speaking });
  const { measured, memoryOf } = known();
  const billed = billedFrom(measured, memoryOf, { push: 'two tags', scan: 'nothing new' });
  const usd = totalUsd(costOfMillion(quiet, billed));
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
  for (const each of [oneTag, twoTags, push]) expect(overLimit(each, PUSH)).toEqual([]);
  expect(overLimit(quiet, QUIET)).toEqual([]);
  expect(overLimit(speaking, SPEAKING)).toEqual([]);
  expect(usd).toBeLessThanOrEqual(LIMIT_USD);
});

test('a task of ECS uses no more than the guide counts with', async () => {
  const repository = 'cost/task';
  const digest = `sha256:${'c0'.repeat(32)}`;
  await tell(flow, [aTask('cost', { repository, digest }).running(new Date())]);
  const task = aTask('cost', { repository, digest });
  const events = [task.running(new Date()), task.stopped(new Date())];
  uses.task = await useOf(() => tell(flow, events));
  expect(overLimit(uses.task, TASK)).toEqual([]);
});

test('what was counted is printed, and kept where that is wanted', () => {
  expect(Object.keys(uses)).toEqual(['oneTag', 'twoTags', 'quiet', 'speaking', 'task']);
  const counted: Counted = { at: new Date().toISOString(), uses: uses as Counted['uses'] };
  if (process.env.WRITE) keepCounted(counted);
  const now = { ...known(), counted };
  if (process.env.VERBOSE)
    process.stdout.write([rowsTable, functionsTable, monthTable].map((it) => `\n${it(now)}\n`).join(''));
});

test('a delivery that goes well is written twice and read never', () => {
  expect([...deliveryWrites().values()]).toEqual([2, 2, 2, 2]); // gauges, and a notice for each sink
  expect(deliveryRequests().filter((request) => !request.startsWith('UpdateItem '))).toEqual([]);
});
