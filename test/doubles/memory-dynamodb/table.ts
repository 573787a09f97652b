import type { CreateTableCommandInput, KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { invalid } from './refusal.ts';
import { compareText, type Item, itemSize } from './value.ts';

const MAX_ITEM_BYTES = 400 * 1024;

/** The two attributes that items are found and sorted by. */
export interface KeyNames {
  readonly partition: string;
  readonly sort: string;
}

/** One global secondary index. */
export interface IndexDefinition extends KeyNames {
  readonly name: string;
  /** What it holds beside the keys of the table and its own. */
  readonly projected: readonly string[];
}

export interface MemoryTable {
  readonly name: string;
  readonly keys: KeyNames;
  readonly indexes: readonly IndexDefinition[];
  readonly find: (partition: string, sort: string) => Item | undefined;
  /** Puts an item in the place of the known one; undefined deletes it. The table keeps the object itself. */
  readonly replace: (known: Item | undefined, next: Item | undefined) => void;
  /** The items of a partition, of the table or of one of its indexes, in the order of their sort keys. */
  readonly partition: (partition: string, index?: IndexDefinition) => readonly Item[];
  readonly all: () => readonly Item[];
}

interface Partition {
  readonly items: Map<string, Item>;
  sorted?: readonly Item[] | undefined;
}

export function memoryTable(definition: CreateTableCommandInput): MemoryTable {
  const keys = keyNames(definition.KeySchema ?? []);
  const indexes = (definition.GlobalSecondaryIndexes ?? []).map((it) => ({
    ...keyNames(it.KeySchema ?? []),
    name: it.IndexName ?? '',
    projected: it.Projection?.NonKeyAttributes ?? [],
  }));
  const main = new Map<string, Partition>();
  const rooms = new Map(indexes.map((index) => [index.name, new Map<string, Partition>()]));

  return {
    name: definition.TableName ?? '',
    keys,
    indexes,
    find: (partition, sort) => main.get(partition)?.items.get(sort),
    replace(known, next) {
      if (next) refuseItem(next, indexes);
      move(main, keys, known, next, ({ [keys.sort]: sort }) => String(sort));
      for (const index of indexes)
        move(rooms.get(index.name) ?? main, index, known, next, (item) => idOf(keys, item));
    },
    partition(partition, index) {
      const found = (index ? rooms.get(index.name) : main)?.get(partition);
      if (!found) return [];
      found.sorted ??= sorted(found, index ?? keys, keys);
      return found.sorted;
    },
    all: () => [...main.keys()].sort(compareText).flatMap((it) => sorted(main.get(it), keys, keys)),
  };
}

function sorted(partition: Partition | undefined, by: KeyNames, keys: KeyNames): readonly Item[] {
  return [...(partition?.items.values() ?? [])].sort((a, b) => order(by, keys, a, b));
}

/** By the sort key; items of an index that have the same one by the table's keys. */
export function order(by: KeyNames, keys: KeyNames, a: Readonly<Item>, b: Readonly<Item>): number {
  const first = compareText(String(a[by.sort]), String(b[by.sort]));
  return first === 0 ? compareText(idOf(keys, a), idOf(keys, b)) : first;
}

function idOf({ partition, sort }: KeyNames, item: Readonly<Item>): string {
  return `${item[partition]}\u0000${item[sort]}`;
}

function isIn(by: KeyNames, item: Readonly<Item>): boolean {
  return item[by.partition] !== undefined && item[by.sort] !== undefined;
}

function move(
  room: Map<string, Partition>,
  by: KeyNames,
  known: Item | undefined,
  next: Item | undefined,
  id: (item: Item) => string,
): void {
  if (known && isIn(by, known)) forget(room, by, known, id(known));
  if (next && isIn(by, next)) keep(room, by, next, id(next));
}

function keep(room: Map<string, Partition>, by: KeyNames, item: Item, id: string): void {
  const name = String(item[by.partition]);
  const known = room.get(name);
  if (!known) {
    room.set(name, { items: new Map([[id, item]]) });
    return;
  }
  known.items.set(id, item);
  known.sorted = undefined;
}

/** The partition stays, empty: most of them are written again at once. */
function forget(room: Map<string, Partition>, by: KeyNames, item: Item, id: string): void {
  const known = room.get(String(item[by.partition]));
  if (!known) return;
  known.items.delete(id);
  known.sorted = undefined;
}

function refuseItem(item: Readonly<Item>, indexes: readonly IndexDefinition[]): void {
  for (const index of indexes)
    for (const name of [index.partition, index.sort]) {
      const value = item[name];
      if (value !== undefined && (typeof value !== 'string' || value === ''))
        throw invalid(`${name} is a key of the index ${index.name}: a text that is not empty`);
    }
  if (itemSize(item) > MAX_ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size');
}

function keyNames(schema: readonly KeySchemaElement[]): KeyNames {
  const name = (type: string) => schema.find(({ KeyType }) => KeyType === type)?.AttributeName ?? '';
  return { partition: name('HASH'), sort: name('RANGE') };
}
