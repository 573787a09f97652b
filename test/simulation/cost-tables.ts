import { type Scene, timesAt, workOf } from '../../bench/functions/memory-time.ts';
import { table } from '../../bench/functions/report.ts';
import type { Results } from '../../bench/functions/results.ts';
import { BEFORE_MB, billedFrom, type Scenes, USUALLY_COLD } from './cost-billed.ts';
import { type BilledFor, both, costByFunction, costOfMillion, totalUsd, type Use } from './cost-model.ts';
import { costOfMonth, type Standing } from './cost-month.ts';
import { MONTHLY_PRICES, PRICES } from './prices.ts';

/** What was counted on the embedded stack, and what a deployment consists of. */
export interface Counted {
  /** ISO 8601. */
  readonly at: string;
  readonly uses: Readonly<Record<'oneTag' | 'twoTags' | 'quiet' | 'speaking' | 'task', Use>>;
}

/** What the tables are made of. */
export interface Known {
  readonly counted: Counted;
  readonly measured: Results;
  /** The memory of a function, in MB. */
  readonly memoryOf: (name: string) => number;
  readonly standing: Standing;
}

interface Column extends Scenes {
  readonly title: string;
  readonly use: Use;
}

const LABELS: Readonly<Record<keyof typeof PRICES, string>> = {
  writeUnits: 'DynamoDB write units',
  readUnits: 'DynamoDB read units',
  queueRequests: 'SQS requests, 3 per message',
  invocations: 'Lambda requests',
  gigabyteSeconds: 'Lambda time, GB s',
  publishes: 'SNS',
  logGigabytes: 'logs, kB, with 350 bytes of Lambda’s per call',
  egressGigabytes: 'traffic to Datadog and Slack, kB (_partly estimated_)',
};

function columnsOf({ uses }: Counted): readonly Column[] {
  const { oneTag, twoTags, quiet, speaking } = uses;
  const [one, two]: readonly [Scene, Scene] = ['one tag', 'two tags'];
  const [nothing, something]: readonly [Scene, Scene] = ['nothing new', 'something new'];
  return [
    { title: 'push, one tag', use: oneTag, push: one, scan: nothing },
    { title: 'push, two tags', use: twoTags, push: two, scan: nothing },
    { title: 'scan, nothing new', use: quiet, push: two, scan: nothing },
    { title: 'push of two tags and scan', use: both(twoTags, quiet), push: two, scan: nothing },
    { title: 'scan, something new', use: speaking, push: two, scan: something },
  ];
}

const usd = (dollars: number): string => `$${dollars.toFixed(2)}`;
const count = (quantity: number): string => String(Number(quantity.toFixed(3)));
const BEFORE = () => BEFORE_MB;

/** A column for what happens, a row for what is billed: of one, and dollars of a million. */
export function rowsTable(known: Known): string {
  const { counted, measured, memoryOf } = known;
  const columns = columnsOf(counted);
  const rowsOf = (column: Column, memory: Known['memoryOf'], coldShare?: number) =>
    costOfMillion(column.use, billedFrom(measured, memory, column, coldShare));
  const total = (memory: Known['memoryOf'], coldShare?: number) =>
    columns.map((column) => totalUsd(rowsOf(column, memory, coldShare)));
  const priced = Object.entries(LABELS).map(([what, label]) => {
    const { usd: price, per } = PRICES[what as keyof typeof PRICES];
    const cells = columns.map((column) => {
      const row = rowsOf(column, memoryOf).find((it) => it.what === what);
      return `${count(row?.quantity ?? 0)}: ${usd(row?.usd ?? 0)}`;
    });
    return [label, `$${price} per ${per}`, ...cells];
  });
  return table(
    ['of one: of a million', 'price', ...columns.map(({ title }) => title)],
    [
      ...priced,
      ['**a million**', '', ...total(memoryOf).map((it) => `**${usd(it)}**`)],
      [`before, with ${BEFORE_MB} MB each`, '', ...total(BEFORE).map(usd)],
      ['when every call is a cold start', '', ...total(memoryOf, 1).map(usd)],
    ],
  );
}

/** What each function's messages, time and log cost, of a push of two tags and a scan. */
export function functionsTable({ counted, measured, memoryOf }: Known): string {
  const { twoTags, quiet, speaking } = counted.uses;
  const costs = (scan: Use, scene: Scene) => {
    const billed = billedFrom(measured, memoryOf, { push: 'two tags', scan: scene });
    return { billed, rows: costByFunction(both(twoTags, scan), billed) };
  };
  const [nothing, something] = [costs(quiet, 'nothing new'), costs(speaking, 'something new')];
  const cell = ({ rows, billed }: ReturnType<typeof costs>, name: string) => {
    const row = rows.find((it) => it.name === name);
    return row ? `${row.messages} × ${milliseconds(billed, name)}: ${usd(row.usd)}` : '–';
  };
  const names = something.rows.map(({ name }) => name);
  return table(
    ['calls × time: of a million', 'memory', 'nothing new', 'something new'],
    names.map((name) => [name, `${memoryOf(name)} MB`, cell(nothing, name), cell(something, name)]),
  );
}

function milliseconds(billed: BilledFor, name: string): string {
  return `${Math.round(billed(name).seconds * 1000)} ms`;
}

/** A task of ECS, from its start to its end. */
export function taskLine({ counted, measured, memoryOf }: Known): string {
  const billed = billedFrom(measured, memoryOf, { push: 'one tag', scan: 'nothing new' });
  const { task } = counted.uses;
  const messages = Object.values(task.calls).reduce((sum, it) => sum + it.messages, 0);
  const cost = usd(totalUsd(costOfMillion(task, billed)));
  return `A million tasks of ECS, each from its start to its end: ${messages} messages and ${task.writeUnits} write units, **${cost}**.`;
}

/** What there is every month, whatever happens. */
export function monthTable({ measured, memoryOf, standing }: Known): string {
  const billed: BilledFor = (name) => {
    const { coldMs } = timesAt(workOf(measured, 'a run', name), memoryOf(name));
    return { seconds: coldMs / 1000, gigabytes: memoryOf(name) / 1024 };
  };
  const rows = costOfMonth(standing, billed);
  const { alarms: _, metrics: __, ...grows } = MONTHLY_PRICES;
  return table(
    ['every month, whatever happens', 'how many', 'costs'],
    [
      ...rows.map((row) => [row.what, row.quantity, usd(row.usd)]),
      ['**a month**', '', `**${usd(totalUsd(rows))}**`],
      ...Object.values(grows).map(({ per, usd: price }) => ['and what has grown', `each ${per}`, usd(price)]),
    ],
  );
}

/** What it would save if Lambda brought the tags of a push together, and what waits for that. */
export function windowLine({ measured, memoryOf }: Known): string {
  const name = 'image-pushed';
  const millionUsd = (scene: Scene) => {
    const { seconds, gigabytes } = billedFrom(measured, memoryOf, { push: scene, scan: 'nothing new' })(name);
    return seconds * gigabytes * PRICES.gigabyteSeconds.usd;
  };
  const [apart, together] = [2 * millionUsd('two tags'), millionUsd('two tags, one batch')];
  const requests = 2 * PRICES.queueRequests.usd + PRICES.invocations.usd;
  return `A window on the queue of pushes that brought both tags of each push into one batch would save ${usd(requests)} of requests of a million; their time is ${usd(apart)} one after the other and ${usd(together)} together, since then neither finds what the other has written. It would keep each push from look-ups for up to twenty seconds.`;
}

/** Before and after, in the fewest figures. */
export function beforeAndAfter(known: Known): string {
  const { counted, measured, memoryOf } = known;
  const rows = columnsOf(counted).map((column) => {
    const cost = (memory: Known['memoryOf']) => {
      const all = costOfMillion(column.use, billedFrom(measured, memory, column));
      const time = all.find(({ what }) => what === 'gigabyteSeconds')?.usd ?? 0;
      return `${usd(totalUsd(all))} (${usd(time)})`;
    };
    return [column.title, cost(BEFORE), cost(memoryOf)];
  });
  return table(['a million (of which Lambda’s time)', `${BEFORE_MB} MB each`, 'as chosen'], rows);
}

/** Where the figures come from. */
export function sourceOf({ counted, measured }: Known): string {
  return `Counted ${counted.at.slice(0, 10)}; times from run ${measured.run}, ${measured.at}, commit ${measured.commit}; ${USUALLY_COLD * 100} % of the calls are cold starts.`;
}
