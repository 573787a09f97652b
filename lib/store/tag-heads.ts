import type { TagName } from '../image/tag-event.ts';
import type { TagHead } from '../image/tag-head.ts';
import { batchGet, keyText } from './batch-get.ts';
import type { Table } from './table.ts';
import { headKey, toHead } from './tag-history.ts';

/** Where the lineage says that tags stand, in the order of their names; undefined for one that it has not heard of. */
export async function loadTagHeads(
  table: Table,
  names: readonly TagName[],
): Promise<readonly (TagHead | undefined)[]> {
  const items = await batchGet(table, names.map(headKey));
  return names.map((name) => {
    const item = items.get(keyText(headKey(name)));
    return item && toHead(item);
  });
}
