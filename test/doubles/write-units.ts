import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

type Attributes = Readonly<Record<string, unknown>>;
type Size = (item: Attributes) => number;

/** How a unit of writing is measured: the size of what was there or of what is there now, whichever is larger. */
export function itemUnits(sizes: readonly number[]): number {
  return Math.max(1, Math.ceil(Math.max(0, ...sizes) / 1024));
}

/**
 * What a change of one item costs in the indexes of its table: a write where it gets in, changes or goes, two where its
 * key there changes, none where nothing changes that the index holds.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
 */
export function indexUnits(
  { KeySchema, GlobalSecondaryIndexes = [] }: CreateTableCommandInput,
  before: Attributes | undefined,
  after: Attributes | undefined,
  sizeOf: Size,
): number {
  const tableKeys = (KeySchema ?? []).map(({ AttributeName = '' }) => AttributeName);
  return (GlobalSecondaryIndexes ?? []).reduce((sum, index) => {
    const keys = (index.KeySchema ?? []).map(({ AttributeName = '' }) => AttributeName);
    const held = [...tableKeys, ...keys, ...(index.Projection?.NonKeyAttributes ?? [])];
    const [was, is] = [before, after].map((it) => entry(it, keys, held));
    if (JSON.stringify(was) === JSON.stringify(is)) return sum;
    const sizes = [was, is].flatMap((it) => (it ? [sizeOf(it)] : []));
    const isMoved = was && is && keys.some((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]));
    return sum + (isMoved ? sizes.reduce((all, size) => all + itemUnits([size]), 0) : itemUnits(sizes));
  }, 0);
}

function entry(
  item: Attributes | undefined,
  keys: readonly string[],
  held: readonly string[],
): Attributes | undefined {
  if (!item || keys.some((key) => item[key] === undefined)) return undefined;
  return Object.fromEntries(held.filter((name) => name in item).map((name) => [name, item[name]]));
}
