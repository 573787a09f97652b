import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../local/http.ts';
import { basicFindings } from './findings.ts';
import { type Flow, startFlow } from './stack.ts';

/** What AWS bills by the piece; docs/deploy.md multiplies it by prices. */
interface Use {
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Each is sent, received and deleted, and on a quiet day it is an invocation of its own. */
  readonly messages: number;
  readonly logBytes: number;
}

/** Nothing is new: gauges only. */
const QUIET: Use = { writeUnits: 22, readUnits: 6, messages: 4, logBytes: 2_000 };
/** Something is new: every sink is told. */
const SPEAKING: Use = { writeUnits: 28, readUnits: 6, messages: 7, logBytes: 3_000 };

let flow: Flow;
let dynamodb: Endpoint;
const units = { write: 0, read: 0 };

beforeAll(async () => {
  dynamodb = await serve(countUnits);
  flow = await startFlow({ environment: { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url } });
});
afterAll(async () => {
  await flow?.stop();
  await dynamodb?.close();
});

/** Every index that an item gets into is a write of its own, which dynalite does not count. */
function indexesIn(body: string): number {
  return new Set(body.match(/gsi\dpk(?= = |":)/g)).size;
}

/** Asks the tables what each request consumed, as DynamoDB bills it. */
async function countUnits({ headers, body }: LocalRequest): Promise<LocalResponse> {
  const target = String(headers['x-amz-target']);
  const reply = await fetch(flow.stack.dynamodb.url, {
    method: 'POST',
    headers: {
      'x-amz-target': target,
      'content-type': 'application/x-amz-json-1.0',
      authorization: String(headers.authorization),
      'x-amz-date': String(headers['x-amz-date']),
    },
    body: JSON.stringify({ ...JSON.parse(body), ReturnConsumedCapacity: 'TOTAL' }),
  });
  const answer = await reply.text();
  // A refused condition is billed too, and so is a query that finds nothing.
  const consumed = Math.max(0.5, JSON.parse(answer).ConsumedCapacity?.CapacityUnits ?? 1);
  if (/Put|Update|Delete/.test(target)) units.write += consumed + indexesIn(body);
  else units.read += consumed;
  return { status: reply.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: answer };
}

function used(): Use {
  const { logs } = flow.stack;
  const lines = logs.map(({ line }) => JSON.stringify(line));
  return {
    writeUnits: units.write,
    readUnits: units.read,
    messages: lines.filter((line) => line.includes('"message":"answered"')).length,
    logBytes: lines.reduce((sum, line) => sum + line.length + 1, 0),
  };
}

/** Pushes an image as `latest` and as its commit, and scans it once; returns what that used. */
async function useOf(repository: string, critical: number): Promise<Use> {
  const before = used();
  const { digest } = flow.push(repository, { tags: ['latest', randomBytes(20).toString('hex')] });
  await flow.settled(repository);
  flow.scan(
    repository,
    digest,
    basicAnswer([...basicFindings('CRITICAL', critical), ...basicFindings('LOW', 40)]),
  );
  await flow.settled(repository);
  const after = used();
  const difference = (name: keyof Use) => after[name] - before[name];
  return {
    writeUnits: difference('writeUnits'),
    readUnits: difference('readUnits'),
    messages: difference('messages'),
    logBytes: difference('logBytes'),
  };
}

// The figures of docs/deploy.md; print them with VERBOSE=1.
test('what a push and its scan use is within what the guide counts with', async () => {
  await useOf('cost/first', 2);
  const quiet = await useOf('cost/first', 2);
  const speaking = await useOf('cost/first', 3);
  if (process.env.VERBOSE) process.stdout.write(`${JSON.stringify({ quiet, speaking }, null, 2)}\n`);
  expect(flow.got('cost/first').slack).toHaveLength(2);
  const withinOf = (use: Use, limits: Use) =>
    Object.entries(limits).filter(([name, limit]) => use[name as keyof Use] > limit);
  expect(withinOf(quiet, QUIET)).toEqual([]);
  expect(withinOf(speaking, SPEAKING)).toEqual([]);
});
