import type { QueryCommandInput, ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import { at, type Condition, holds, type Operand, type Values } from './condition.ts';
import { type Plan, planOf } from './plan.ts';
import { invalid } from './refusal.ts';
import { type IndexDefinition, type KeyNames, type MemoryTable, order } from './table.ts';
import type { Path } from './tokens.ts';
import { compare, copy, copyItem, type Item, itemSize } from './value.ts';

const PAGE_BYTES = 1024 * 1024;

interface Page {
  readonly Items?: readonly Item[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: Item;
}

/** One page of a partition of a table or of an index. */
export function query(table: MemoryTable, input: QueryCommandInput): Page {
  const { plan, values } = planOf(input);
  const index = indexOf(table, input.IndexName);
  if (index) refuseForIndex(input);
  const by = index ?? table.keys;
  const { partition, sortCondition } = keyCondition(plan.keyCondition, by, values);
  refuseFilterOnKeys(plan.filter, by);
  const start = input.ExclusiveStartKey;
  if (start && start[by.partition] !== partition) throw invalid('the start key is of another partition');
  const sorted = table.partition(partition, index);
  const inOrder = input.ScanIndexForward === false ? [...sorted].reverse() : sorted;
  const isForward = input.ScanIndexForward !== false;
  const items = inOrder.filter((item) => {
    if (sortCondition && !holds(sortCondition, item, values)) return false;
    if (!start) return true;
    const place = order(by, table.keys, item, start);
    return isForward ? place > 0 : place < 0;
  });
  return page(items, { table, index, plan, values, input });
}

/** One page of a table. */
export function scan(table: MemoryTable, input: ScanCommandInput): Page {
  const { plan, values } = planOf(input);
  if (input.IndexName) throw invalid('the memory tables scan no index');
  const all = table.all();
  const start = input.ExclusiveStartKey;
  const from = start
    ? all.findIndex((it) => it[table.keys.partition] === start.pk && it[table.keys.sort] === start.sk) + 1
    : 0;
  return page(all.slice(from), { table, index: undefined, plan, values, input });
}

interface Asked {
  readonly table: MemoryTable;
  readonly index: IndexDefinition | undefined;
  readonly plan: Plan;
  readonly values: Values;
  readonly input: Pick<QueryCommandInput, 'Limit' | 'Select'>;
}

function page(items: readonly Item[], { table, index, plan, values, input }: Asked): Page {
  const { Limit, Select } = input;
  if (Limit !== undefined && Limit < 1) throw invalid('Limit is at least 1');
  const read = items.slice(0, withinOneMegabyte(items, Limit ?? items.length));
  const last = read.length < items.length || read.length === Limit ? read.at(-1) : undefined;
  const { filter } = plan;
  const kept = filter ? read.filter((item) => holds(filter, item, values)) : read;
  return {
    ...(Select !== 'COUNT' && { Items: kept.map((it) => shown(it, table, index, plan.projection)) }),
    Count: kept.length,
    ScannedCount: read.length,
    ...(last && { LastEvaluatedKey: pick(last, keysOf(table, index)) }),
  };
}

/** A page ends with the item that fills it. */
function withinOneMegabyte(items: readonly Item[], limit: number): number {
  let bytes = 0;
  for (const [index, item] of items.entries()) {
    if (index === limit) return limit;
    bytes += itemSize(item);
    if (bytes > PAGE_BYTES) return Math.max(1, index);
  }
  return items.length;
}

function shown(
  item: Item,
  table: MemoryTable,
  index: IndexDefinition | undefined,
  projection: readonly Path[] | undefined,
): Item {
  const visible = index ? pick(item, [...keysOf(table, index), ...index.projected]) : item;
  return projection ? project(visible, projection) : copyItem(visible);
}

/** Only what is named; of a path into a map, the map with nothing else in it. */
export function project(item: Readonly<Item>, paths: readonly Path[]): Item {
  const result: Item = {};
  for (const path of paths) {
    const value = at(item, path);
    if (value === undefined) continue;
    let place = result;
    for (const name of path.slice(0, -1)) {
      place[name] ??= {};
      place = place[name] as Item;
    }
    place[path.at(-1) ?? ''] = copy(value);
  }
  return result;
}

function pick(item: Readonly<Item>, names: readonly string[]): Item {
  const result: Item = {};
  for (const name of names) if (item[name] !== undefined) result[name] = copy(item[name]);
  return result;
}

function keysOf({ keys }: MemoryTable, index: IndexDefinition | undefined): readonly string[] {
  return [keys.partition, keys.sort, ...(index ? [index.partition, index.sort] : [])];
}

function indexOf({ indexes }: MemoryTable, name: string | undefined): IndexDefinition | undefined {
  if (name === undefined) return undefined;
  const index = indexes.find((it) => it.name === name);
  if (!index) throw invalid(`the table has no index ${name}`);
  return index;
}

function refuseForIndex({ Select, ConsistentRead }: QueryCommandInput): void {
  if (Select === 'ALL_ATTRIBUTES') throw invalid('the index does not hold all attributes');
  if (ConsistentRead) throw invalid('an index cannot be read consistently');
}

interface KeyCondition {
  readonly partition: string;
  readonly sortCondition?: Condition;
}

/** A partition by equality and, joined by AND, at most one condition on the sort key. */
function keyCondition(condition: Condition | undefined, by: KeyNames, values: Values): KeyCondition {
  if (!condition) throw invalid('a query needs its partition');
  if (condition.kind !== 'and') return { partition: partitionIn(condition, by, values) };
  const [first, second] = isAbout(condition.left, by.partition)
    ? [condition.left, condition.right]
    : [condition.right, condition.left];
  refuseSortCondition(second, by, values);
  return { partition: partitionIn(first, by, values), sortCondition: second };
}

function partitionIn(condition: Condition, { partition }: KeyNames, values: Values): string {
  if (condition.kind === 'compare' && condition.operator === '=' && isAbout(condition, partition)) {
    const value = 'value' in condition.right ? values[condition.right.value] : undefined;
    if (typeof value === 'string') return value;
  }
  throw invalid('a query needs its partition, by equality');
}

function refuseSortCondition(condition: Condition, { sort }: KeyNames, values: Values): void {
  if (!isAbout(condition, sort)) throw invalid('a query takes its partition and its sort key');
  if (condition.kind === 'call' && condition.name === 'begins_with') return;
  if (condition.kind === 'compare' && condition.operator !== '<>') return;
  if (condition.kind !== 'between') throw invalid('a sort key takes = < <= > >= BETWEEN and begins_with');
  const [from, to] = [condition.from, condition.to].map((it) => 'value' in it && values[it.value]);
  if ((compare(from, to) ?? 1) > 0) throw invalid('BETWEEN takes the smaller one first');
}

function isAbout(condition: Condition, name: string): boolean {
  const isIt = (operand: Operand) =>
    'path' in operand && operand.path.length === 1 && operand.path[0] === name;
  if (condition.kind === 'compare') return isIt(condition.left);
  if (condition.kind === 'between' || condition.kind === 'in') return isIt(condition.of);
  return condition.kind === 'call' && isIt({ path: condition.of });
}

function refuseFilterOnKeys(filter: Condition | undefined, by: KeyNames): void {
  if (!filter) return;
  if (filter.kind === 'and' || filter.kind === 'or') {
    refuseFilterOnKeys(filter.left, by);
    refuseFilterOnKeys(filter.right, by);
  } else if (filter.kind === 'not') refuseFilterOnKeys(filter.of, by);
  else if (isAbout(filter, by.partition) || isAbout(filter, by.sort))
    throw invalid('a filter does not take a key');
}
