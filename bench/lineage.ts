import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { digestOf } from '../lib/image/digest.ts';
import { parseTag } from '../lib/image/reference.ts';
import type { Instant } from '../lib/instant.ts';
import type { LookupPorts } from '../lib/lookup/ports.ts';
import { who } from '../lib/lookup/who.ts';
import { startDynamoDb } from '../local/dynamodb.ts';
import { lookupPorts } from '../test/doubles/lookup.ts';
import { memoryDynamoDb } from '../test/doubles/memory-dynamodb/client.ts';
import { tableDefinitions } from '../test/doubles/table-definitions.ts';
import { askedForCapacity, type Metered, weighed } from './lineage-meter.ts';
import { MOST_WRITE_UNITS, measurePush } from './lineage-push.ts';
import { commitOf, fill, repositoryOf, type Tables, timeOf } from './lineage-table.ts';

// What `who` costs in tables of 1,000 to 1,000,000 tag events, briefly (`-o sha`) and whole, and what a push costs.
// `npm run bench:lineage -- 5` asks dynalite up to 10^5 (default 4), which answers with ReturnConsumedCapacity; the memory
// table goes to 10^6 (another number: the second argument), and its units are worked out from the sizes of what is read.

/** What an answer may cost; `-o sha` is held to the target, the whole answer to what it takes. */
interface Limit {
  readonly requests: number;
  readonly readUnits: number;
}

const TARGET: Limit = { requests: 3, readUnits: 2 };
/**
 * The image before, the scan in the other table, and what runs: here, elsewhere and since when. Each is half a unit at
 * least. In a table of 1,000 events a tag has one push, and no image before.
 */
const WHOLE: Limit = { requests: 6, readUnits: 4 };
/** Until when it was so, and the image that runs now, which is another one than that of then. */
const WHOLE_THEN: Limit = { requests: 7, readUnits: 4.5 };
const ASKED = [3, 500, 997];

const [, , dynalitePower = '4', memoryPower = '6'] = process.argv;
const definitions = tableDefinitions(readFileSync('resources/tables.yml', 'utf8'));
const both = [definitions.lineage, definitions.ledger];

interface Row {
  readonly table: string;
  readonly events: number;
  readonly question: string;
  readonly limit: Limit;
  readonly requests: number;
  readonly rounds: number;
  readonly readUnits: number;
  readonly ms: number;
}

function tablesOf(client: DynamoDBDocumentClient): Tables {
  const table = (name: 'lineage' | 'ledger') => ({ client, name: String(definitions[name].TableName) });
  return { lineage: table('lineage'), ledger: table('ledger') };
}

/** One way to ask: the tag that moves, or the one that is a commit. */
interface Question {
  readonly words: string;
  readonly limit: Limit;
  readonly isBrief: boolean;
  readonly isCommit: boolean;
  readonly push: number;
  readonly at?: Instant;
}

function questionsFor(pushes: number): readonly Question[] {
  const middle = Math.floor(pushes / 2);
  const now = { isCommit: false, push: pushes - 1 };
  const then = { isCommit: false, push: middle, at: timeOf(middle, pushes) };
  const ofCommit = { isCommit: true, push: pushes - 1 };
  const brief = { isBrief: true, limit: TARGET };
  return [
    { words: 'tag now, sha', ...now, ...brief },
    { words: 'tag then, sha', ...then, ...brief },
    { words: 'commit tag, sha', ...ofCommit, ...brief },
    { words: 'tag now', ...now, isBrief: false, limit: WHOLE },
    { words: 'tag then', ...then, isBrief: false, limit: WHOLE_THEN },
    { words: 'commit tag', ...ofCommit, isBrief: false, limit: WHOLE },
  ];
}

/** The dearest of the askings of each question. */
async function measure(
  metered: Metered,
  table: string,
  events: number,
  pushes: number,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const question of questionsFor(pushes)) {
    const costs: Cost[] = [];
    for (const nth of ASKED) costs.push(await askOne(metered, nth, question));
    const worst = (of: (cost: Cost) => number) => Math.max(...costs.map(of));
    rows.push({
      ...{ table, events, question: question.words, limit: question.limit },
      ...{ requests: worst((it) => it.requests), rounds: worst((it) => it.rounds) },
      ...{ readUnits: worst((it) => it.readUnits), ms: worst((it) => it.ms) },
    });
  }
  return rows;
}

type Cost = Pick<Row, 'requests' | 'rounds' | 'readUnits' | 'ms'>;

async function askOne(metered: Metered, nth: number, question: Question): Promise<Cost> {
  const { words, isCommit, push, at, isBrief } = question;
  const tag = parseTag(isCommit ? commitOf(nth, push) : 'latest');
  const ports: LookupPorts = {
    ...lookupPorts(tablesOf(metered.client)),
    now: () => new Date('2026-11-20T00:00:00Z'),
  };
  metered.reset();
  const startedMs = performance.now();
  const answer = await who({ name: repositoryOf(nth).name, tag }, at, ports, { isBrief });
  const ms = performance.now() - startedMs;
  if (answer.found !== 'one' || answer.digest !== digestOf(`image ${nth} ${push}`))
    throw new Error(`${words}: a wrong answer: ${JSON.stringify(answer).slice(0, 300)}`);
  const tasks = answer.running?.map((it) => it.tasks).join() ?? 'not asked';
  const expected = isBrief ? 'not asked' : answer.until ? '' : '2';
  if (tasks !== expected || (!isBrief && !answer.scan))
    throw new Error(`${words}: not the whole answer: ${JSON.stringify(answer).slice(0, 300)}`);
  const { requests, rounds, readUnits } = metered.meter;
  return { requests, rounds, readUnits, ms };
}

const pushUnits: number[] = [];

async function onDynalite(events: number): Promise<readonly Row[]> {
  const database = await startDynamoDb(both);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const dynamodb = new DynamoDBClient({ endpoint: database.url, region: 'eu-west-1', credentials });
  const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  try {
    const pushes = await fill(tablesOf(client), events, ASKED);
    const rows = await measure(askedForCapacity(client), 'dynalite', events, pushes);
    if (events === 1000) pushUnits.push(await measurePush(client, definitions.lineage, 'dynalite'));
    return rows;
  } finally {
    dynamodb.destroy();
    await database.close();
  }
}

async function inMemory(events: number): Promise<readonly Row[]> {
  const { client } = memoryDynamoDb(both);
  const pushes = await fill(tablesOf(client), events, ASKED);
  const rows = await measure(weighed(client), 'memory', events, pushes);
  if (events === 1000) pushUnits.push(await measurePush(client, definitions.lineage, 'memory'));
  return rows;
}

function print(rows: readonly Row[]): void {
  const first = new Map(rows.map((row) => [row.question, row] as const).reverse());
  const line = (cells: readonly (string | number)[]) =>
    process.stdout.write(
      `${cells.map((it, nth) => String(it).padEnd([10, 10, 17, 10, 8, 6, 7, 8][nth] ?? 8)).join('')}\n`,
    );
  line(['table', 'events', 'question', 'requests', 'rounds', 'RRU', 'ratio', 'ms']);
  for (const { table, events, question, requests, rounds, readUnits, ms } of rows) {
    const ratio = readUnits / (first.get(question)?.readUnits ?? 1);
    line([table, events, question, requests, rounds, readUnits, ratio.toFixed(2), ms.toFixed(1)]);
  }
}

function isOver({ requests, readUnits }: Row, limit: Limit): boolean {
  return requests > limit.requests || readUnits > limit.readUnits;
}

const rows: Row[] = [];
for (let power = 3; power <= Number(dynalitePower); power += 1) rows.push(...(await onDynalite(10 ** power)));
for (let power = 3; power <= Number(memoryPower); power += 1) rows.push(...(await inMemory(10 ** power)));
print(rows);
const beyond = new Set(rows.filter((it) => isOver(it, TARGET)).map(({ question }) => question));
process.stdout.write(
  `\nnot within ${TARGET.requests} requests and ${TARGET.readUnits} RRU: ${[...beyond].join('; ') || 'none'}\n`,
);
const late = rows.filter((it) => isOver(it, it.limit));
for (const { table, events, question, limit } of late)
  process.stdout.write(
    `over its limit of ${limit.requests} requests and ${limit.readUnits} RRU: ${question}, ${table}, ${events}\n`,
  );
process.exitCode = late.length > 0 || Math.max(...pushUnits) > MOST_WRITE_UNITS ? 1 : 0;
