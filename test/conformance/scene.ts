import {
  GetCommand,
  type GetCommandInput,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../lib/store/table.ts';
import type { Database } from './database.ts';

/** One promise of DynamoDB: what to do, and what must come of it on AWS. */
export interface ConformanceCase {
  readonly name: string;
  readonly run: (scene: Scene) => Promise<unknown>;
  readonly expected: unknown;
}

type Attributes = Readonly<Record<string, unknown>>;

/** One partition of a table. Items have the sort key `a` unless they say otherwise. */
export interface Partition {
  readonly put: (item: Attributes, options?: Partial<PutCommandInput>) => Promise<Attributes | undefined>;
  readonly get: (sk?: string, options?: Partial<GetCommandInput>) => Promise<Attributes | undefined>;
  readonly update: (
    UpdateExpression: string,
    values?: Attributes,
    options?: Partial<UpdateCommandInput>,
  ) => Promise<Attributes | undefined>;
  /** Queries this partition unless told otherwise; `values` are the expression's values beside `:pk`. */
  readonly query: (options?: Partial<QueryCommandInput>, values?: Attributes) => Promise<Page>;
}

/** A partition in the ledger and, of the same name, one in the lineage, whose table has the indexes. */
export interface Scene extends Partition {
  readonly lineage: Partition;
  readonly database: Database;
  readonly pk: string;
}

interface Page {
  readonly sks: readonly unknown[];
  readonly items: readonly Attributes[];
  readonly next: Attributes | undefined;
  readonly count: number | undefined;
  readonly scanned: number | undefined;
}

/** The partitions of one case. */
export function openScene(database: Database, pk: string): Scene {
  const lineage = partition(database.lineage, pk);
  return { ...partition(database.ledger, pk), lineage, database, pk };
}

function partition({ client, name: TableName }: Table, pk: string): Partition {
  return {
    async put(item, options) {
      const { Attributes } = await client.send(
        new PutCommand({ TableName, Item: { pk, sk: 'a', ...item }, ...options }),
      );
      return Attributes && plain(Attributes);
    },
    async get(sk = 'a', options) {
      const { Item } = await client.send(new GetCommand({ TableName, Key: { pk, sk }, ...options }));
      return Item && plain(Item);
    },
    async update(UpdateExpression, values, options) {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName,
          Key: { pk, sk: 'a' },
          UpdateExpression,
          ExpressionAttributeValues: values,
          ...options,
        }),
      );
      return Attributes && plain(Attributes);
    },
    async query(options, values) {
      const page = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk, ...values },
          ...options,
        }),
      );
      const items = (page.Items ?? []).map(plain);
      const { LastEvaluatedKey: next, Count: count, ScannedCount: scanned } = page;
      return { sks: items.map(({ sk }) => sk), items, next, count, scanned };
    },
  };
}

/** An item without its partition, sets as sorted lists: two of them can be compared. */
function plain(item: Attributes): Attributes {
  const { pk: _, ...rest } = item;
  return Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, value instanceof Set ? [...value].sort() : value]),
  );
}

/** How a call is refused: the error's name, which is what code can go by; `accepted` when it is not. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'accepted',
    (error: Error) => error.name,
  );
}

/** Every page of a query, a hundred at most. */
export async function allPages(
  partition: Partition,
  options: Partial<QueryCommandInput>,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let ExclusiveStartKey: Attributes | undefined;
  do {
    const page = await partition.query({ ...options, ExclusiveStartKey });
    pages.push(page);
    ExclusiveStartKey = page.next;
  } while (ExclusiveStartKey && pages.length < 100);
  return pages;
}
