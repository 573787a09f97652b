import { type Condition, holds, type Values } from './condition.ts';
import type { Plan } from './plan.ts';
import { invalid, refusal } from './refusal.ts';
import type { KeyNames, MemoryTable } from './table.ts';
import { updated } from './update.ts';
import { copyItem, type Item } from './value.ts';

/** What an item is found by, checked as DynamoDB checks it. */
export interface Key {
  readonly partition: string;
  readonly sort: string;
}

interface Written {
  readonly Attributes?: Item;
}

const NOTHING: Written = {};
const NO_ITEM: Item = {};

/** The key in a request: the two attributes and nothing else. */
export function requestKey(keys: KeyNames, given: Readonly<Item> | undefined): Key {
  const key = keyOf(keys, given ?? NO_ITEM);
  if (Object.keys(given ?? NO_ITEM).length !== 2) throw invalid('the key holds more than the key');
  return key;
}

function keyOf(keys: KeyNames, item: Readonly<Item>): Key {
  return {
    partition: keyText(keys.partition, item[keys.partition], 2048),
    sort: keyText(keys.sort, item[keys.sort], 1024),
  };
}

function keyText(name: string, value: unknown, maxBytes: number): string {
  if (typeof value !== 'string' || value === '') throw invalid(`the key ${name} is a text that is not empty`);
  // A code unit is at most three bytes: only long ones have to be counted.
  if (value.length * 3 > maxBytes && Buffer.byteLength(value) > maxBytes)
    throw invalid(`the key ${name} holds ${maxBytes} bytes`);
  return value;
}

export function put(
  table: MemoryTable,
  item: Readonly<Item>,
  { plan, values }: { readonly plan: Plan; readonly values: Values },
  returns: string | undefined,
): Written {
  const { partition, sort } = keyOf(table.keys, item);
  const known = table.find(partition, sort);
  refuseUnless(plan.condition, known, values);
  table.replace(known, copyItem(item));
  return returns === 'ALL_OLD' && known ? { Attributes: copyItem(known) } : NOTHING;
}

export function remove(
  table: MemoryTable,
  { partition, sort }: Key,
  { plan, values }: { readonly plan: Plan; readonly values: Values },
  returns: string | undefined,
): Written {
  const known = table.find(partition, sort);
  refuseUnless(plan.condition, known, values);
  if (known) table.replace(known, undefined);
  return returns === 'ALL_OLD' && known ? { Attributes: copyItem(known) } : NOTHING;
}

export function update(
  table: MemoryTable,
  { partition, sort }: Key,
  { plan, values }: { readonly plan: Plan; readonly values: Values },
  returns: string | undefined,
): Written {
  const { keys } = table;
  const known = table.find(partition, sort);
  refuseUnless(plan.condition, known, values);
  const changes = plan.update ?? [];
  if (changes.some(({ path }) => path[0] === keys.partition || path[0] === keys.sort))
    throw invalid('a key cannot be updated');
  const next = updated(changes, known ?? { [keys.partition]: partition, [keys.sort]: sort }, values);
  table.replace(known, next);
  const touched = () => changes.map(({ path }) => path[0] ?? '');
  switch (returns) {
    case 'ALL_OLD':
      return known ? { Attributes: copyItem(known) } : NOTHING;
    case 'ALL_NEW':
      return { Attributes: copyItem(next) };
    case 'UPDATED_OLD':
      return { Attributes: pick(known ?? NO_ITEM, touched()) };
    case 'UPDATED_NEW':
      return { Attributes: pick(next, touched()) };
    default:
      return NOTHING;
  }
}

function refuseUnless(condition: Condition | undefined, known: Item | undefined, values: Values): void {
  if (condition && !holds(condition, known ?? NO_ITEM, values))
    throw refusal('ConditionalCheckFailedException', 'The conditional request failed');
}

function pick(item: Readonly<Item>, names: readonly string[]): Item {
  return copyItem(
    Object.fromEntries(names.filter((it) => item[it] !== undefined).map((it) => [it, item[it]])),
  );
}
