import type { Image, Repository } from '../image/reference.ts';
import type { Running, Together } from '../workload/running.ts';
import { batchGet, keyText } from './batch-get.ts';
import { toRecord } from './image.ts';
import { imageKey, verificationKey } from './keys.ts';
import { toVerification } from './reconciliation.ts';
import { toRun } from './run.ts';
import type { Table } from './table.ts';
import { runItemKey } from './workload-keys.ts';

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
  const verification = repository && toVerification(items.get(keyText(verificationKey(repository))));
  return {
    records: images.map((image) => toRecord(image, items.get(keyText(imageKey(image))))),
    runs: runKeys.map((key) => items.get(keyText(key))).map((item) => item && toRun(item)),
    ...(verification && { verification }),
  };
}
