import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { digestOf } from '../lib/image/digest.ts';
import { parseTag } from '../lib/image/reference.ts';
import type { Instant } from '../lib/instant.ts';
import type { LookupPorts } from '../lib/lookup/ports.ts';
import { who } from '../lib/lookup/who.ts';
import type { Table } from '../lib/store/table.ts';
import { startDynamoDb } from '../local/dynamodb.ts';
import { lookupPorts } from '../test/doubles/lookup.ts';
import { memoryDynamoDb } from '../test/doubles/memory-dynamodb/client.ts';
import { tableDefinitions } from '../test/doubles/table-definitions.ts';
import { askedForCapacity, type Metered, weighed } from './lineage-meter.ts';
import { MOST_WRITE_UNITS, measurePush } from './lineage-push.ts';
import { commitOf, fill, repositoryOf, timeOf } from './lineage-table.ts';

// What `who` costs in tables of 1,000 to 1,000,000 tag events, and what a push costs. `npm run bench:lineage -- 5`
// asks dynalite up to 10^5 (default 4), which answers with ReturnConsumedCapacity; the memory table goes to 10^6
// (another number: the second argument), and its units are worked out from the sizes of what is read.

const MOST_REQUESTS = 3;
const MOST_READ_UNITS = 2;
const ASKED = [3, 500, 997];

const [, , dynalitePower = '4', memoryPower = '6'] = process.argv;
const { lineage: definition } = tableDefinitions(readFileSync('resources/tables.yml', 'utf8'));
const name = String(definition.TableName);

interface Row {
  readonly table: string;
  readonly events: number;
  readonly question: string;
  readonly requests: number;
  readonly readUnits: number;
  readonly ms: number;
}

function portsOn(table: Table): LookupPorts {
  return { ...lookupPorts({ lineage: table, ledger: table }), now: () => new Date('2026-11-20T00:00:00Z') };
}

/** One way to ask: the tag that moves, or the one that is a commit. */
interface Question {
  readonly words: string;
  readonly isCommit: boolean;
  readonly push: number;
  readonly at?: Instant;
}

/** The dearest of the askings of each question. */
async function measure(
  metered: Metered,
  table: string,
  events: number,
  pushes: number,
): Promise<readonly Row[]> {
  const middle = Math.floor(pushes / 2);
  const questions: readonly Question[] = [
    { words: 'tag now', isCommit: false, push: pushes - 1 },
    { words: 'tag as of then', isCommit: false, push: middle, at: timeOf(middle, pushes) },
    { words: 'commit tag now', isCommit: true, push: pushes - 1 },
  ];
  const rows: Row[] = [];
  for (const question of questions) {
    const costs: Cost[] = [];
    for (const nth of ASKED) costs.push(await askOne(metered, nth, question));
    const worst = (of: (cost: Cost) => number) => Math.max(...costs.map(of));
    rows.push({
      ...{ table, events, question: question.words },
      ...{
        requests: worst((it) => it.requests),
        readUnits: worst((it) => it.readUnits),
        ms: worst((it) => it.ms),
      },
    });
  }
  return rows;
}

type Cost = Pick<Row, 'requests' | 'readUnits' | 'ms'>;

async function askOne(metered: Metered, nth: number, { words, isCommit, push, at }: Question): Promise<Cost> {
  const tag = parseTag(isCommit ? commitOf(nth, push) : 'latest');
  metered.reset();
  const startedMs = performance.now();
  const ports = portsOn({ client: metered.client, name });
  const answer = await who({ name: repositoryOf(nth).name, tag }, at, ports, { isBrief: true });
  const ms = performance.now() - startedMs;
  if (answer.found !== 'one' || answer.digest !== digestOf(`image ${nth} ${push}`))
    throw new Error(`${words}: a wrong answer: ${JSON.stringify(answer).slice(0, 300)}`);
  const { requests, readUnits } = metered.meter;
  return { requests, readUnits, ms };
}

const pushUnits: number[] = [];

async function onDynalite(events: number): Promise<readonly Row[]> {
  const database = await startDynamoDb([definition]);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const dynamodb = new DynamoDBClient({ endpoint: database.url, region: 'eu-west-1', credentials });
  const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  try {
    const pushes = await fill({ client, name }, events, ASKED);
    const rows = await measure(askedForCapacity(client), 'dynalite', events, pushes);
    if (events === 1000) pushUnits.push(await measurePush(client, definition, 'dynalite'));
    return rows;
  } finally {
    dynamodb.destroy();
    await database.close();
  }
}

async function inMemory(events: number): Promise<readonly Row[]> {
  const { client } = memoryDynamoDb([definition]);
  const pushes = await fill({ client, name }, events, ASKED);
  const rows = await measure(weighed(client), 'memory', events, pushes);
  if (events === 1000) pushUnits.push(await measurePush(client, definition, 'memory'));
  return rows;
}

function print(rows: readonly Row[]): void {
  const first = new Map(rows.map((row) => [row.question, row] as const).reverse());
  const line = (cells: readonly (string | number)[]) =>
    process.stdout.write(
      `${cells.map((it, nth) => String(it).padEnd([10, 11, 16, 10, 10, 8, 8][nth] ?? 8)).join('')}\n`,
    );
  line(['table', 'events', 'question', 'requests', 'RRU', 'ratio', 'ms']);
  for (const { table, events, question, requests, readUnits, ms } of rows) {
    const ratio = readUnits / (first.get(question)?.readUnits ?? 1);
    line([table, events, question, requests, readUnits, ratio.toFixed(2), ms.toFixed(1)]);
  }
}

const rows: Row[] = [];
for (let power = 3; power <= Number(dynalitePower); power += 1) rows.push(...(await onDynalite(10 ** power)));
for (let power = 3; power <= Number(memoryPower); power += 1) rows.push(...(await inMemory(10 ** power)));
print(rows);
const late = rows.filter((it) => it.requests > MOST_REQUESTS || it.readUnits > MOST_READ_UNITS);
for (const { table, events, question } of late)
  process.stdout.write(
    `over the target of ${MOST_REQUESTS} requests and ${MOST_READ_UNITS} RRU: ${question}, ${table}, ${events}\n`,
  );
process.exitCode = late.length > 0 || Math.max(...pushUnits) > MOST_WRITE_UNITS ? 1 : 0;
