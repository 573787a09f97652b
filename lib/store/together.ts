import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Image, Repository } from '../image/reference.ts';
import type { Running, Together } from '../workload/running.ts';
import { toRecord } from './image.ts';
import { imageKey, verificationKey } from './keys.ts';
import { toVerification } from './reconciliation.ts';
import { toRun } from './run.ts';
import type { Table } from './table.ts';
import { runItemKey } from './workload-keys.ts';

type Key = { readonly pk: string; readonly sk: string };
type Item = Readonly<Record<string, unknown>>;

/** DynamoDB takes as many keys in one request. */
const MOST_KEYS = 100;

/** Reads images, and with them runs and a repository's verification, in one request: a person waits for every one. */
export async function loadTogether(
  table: Table,
  images: readonly Image[],
  {
    repository,
    running = [],
  }: { readonly repository?: Repository | undefined; readonly running?: readonly Running[] } = {},
): Promise<Together> {
  const runKeys = running.map(({ workload, key }) => runItemKey(workload, key));
  const wanted = [...(repository ? [verificationKey(repository)] : []), ...images.map(imageKey), ...runKeys];
  const items = await batchGet(table, wanted);
  const verification = repository && toVerification(items.get(text(verificationKey(repository))));
  return {
    records: images.map((image) => toRecord(image, items.get(text(imageKey(image))))),
    runs: runKeys.map((key) => items.get(text(key))).map((item) => item && toRun(item)),
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
