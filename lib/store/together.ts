import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Together } from '../image/found.ts';
import type { Image, Repository } from '../image/reference.ts';
import { toRecord } from './image.ts';
import { imageKey } from './keys.ts';
import { toVerification, verificationKey } from './reconciliation.ts';
import type { Table } from './table.ts';

type Key = { readonly pk: string; readonly sk: string };
type Item = Readonly<Record<string, unknown>>;

/** DynamoDB takes as many keys in one request. */
const MOST_KEYS = 100;

/** Reads images, and a repository's verification with them, in one request: a person waits for every one. */
export async function loadTogether(
  table: Table,
  images: readonly Image[],
  repository?: Repository,
): Promise<Together> {
  const keys = [...(repository ? [verificationKey(repository)] : []), ...images.map(imageKey)];
  const items = await batchGet(table, keys);
  const verification = repository && toVerification(items.get(text(verificationKey(repository))));
  return {
    records: images.map((image) => toRecord(image, items.get(text(imageKey(image))))),
    ...(verification && { verification }),
  };
}

async function batchGet(table: Table, wanted: readonly Key[]): Promise<ReadonlyMap<string, Item>> {
  const unique = new Map(wanted.map((key) => [text(key), key]));
  const items = new Map<string, Item>();
  let left: readonly Key[] = [...unique.values()];
  while (left.length > 0) {
    const { Responses, UnprocessedKeys } = await table.client.send(
      new BatchGetCommand({ RequestItems: { [table.name]: { Keys: left.slice(0, MOST_KEYS) } } }),
    );
    for (const item of Responses?.[table.name] ?? []) items.set(text(item as unknown as Key), item);
    const again = (UnprocessedKeys?.[table.name]?.Keys ?? []) as unknown as readonly Key[];
    left = [...again, ...left.slice(MOST_KEYS)];
  }
  return items;
}

function text({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}
