import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from './table.ts';

type Key = { readonly pk: string; readonly sk: string };
type Item = Readonly<Record<string, unknown>>;

/** DynamoDB takes as many keys in one request. */
const MOST_KEYS = 100;

/** The items of these keys, by `keyText`; a hundred in each request, and none of them twice. Throws the SDK's error. */
export async function batchGet(table: Table, wanted: readonly Key[]): Promise<ReadonlyMap<string, Item>> {
  const unique = new Map(wanted.map((key) => [keyText(key), key]));
  const items = new Map<string, Item>();
  let left: readonly Key[] = [...unique.values()];
  while (left.length > 0) {
    const { Responses, UnprocessedKeys } = await table.client.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: left.slice(0, MOST_KEYS) } } }),
    );
    for (const item of Responses?.[table.name] ?? []) items.set(keyText(item as unknown as Key), item);
    const again = (UnprocessedKeys?.[table.name]?.Keys ?? []) as unknown as readonly Key[];
    left = [...again, ...left.slice(MOST_KEYS)];
  }
  return items;
}

/** A key as text, for a map. */
export function keyText({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}
