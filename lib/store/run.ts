import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../instant.ts';
import type { Run } from '../workload/run.ts';
import type { Workload } from '../workload/workload.ts';
import { queryAll } from './query.ts';
import type { Table } from './table.ts';
import { pulled, runKey, workloadKey, workloadPartition } from './workload-keys.ts';

/** The runs of a workload that began at or before an instant, newest first, at most `limit`. */
export async function loadRuns(
  table: Table,
  workload: Workload,
  { at, limit }: { readonly at: Instant; readonly limit: number },
): Promise<readonly Run[]> {
  const { Items = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'by-commit',
      KeyConditionExpression: 'gsi2pk = :workload AND gsi2sk <= :at',
      ExpressionAttributeValues: { ':workload': workloadPartition(workload), ':at': at },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return loadAll(table, Items);
}

/** Every run of an image by the digest that ECS pulled, whatever workload's. */
export async function findRuns(
  table: Table,
  image: Pick<Run, 'digest' | 'repository' | 'tag'>,
): Promise<readonly Run[]> {
  const items = await queryPulled(table, pulled(image), 'DEP#');
  return loadAll(table, items);
}

/** How many tasks have their part in a run now. */
export async function countTasks(table: Table, run: Run): Promise<number> {
  const prefix = `RUN#${workloadKey(run.workload)}#${runKey(run)}#`;
  return (await queryPulled(table, pulled(run), prefix)).length;
}

type Items = readonly Readonly<Record<string, unknown>>[];

function queryPulled(table: Table, partition: string, prefix: string): Promise<Items> {
  return queryAll(table, {
    IndexName: 'by-digest',
    KeyConditionExpression: 'gsi1pk = :pulled AND begins_with(gsi1sk, :prefix)',
    ExpressionAttributeValues: { ':pulled': partition, ':prefix': prefix },
  });
}

/** The index says where they are; what they are is in the table itself. */
async function loadAll(table: Table, items: Items): Promise<readonly Run[]> {
  const loaded = await Promise.all(
    items.map(async ({ pk, sk }) => {
      const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: { pk, sk } }));
      return Item ? [toRun(Item)] : [];
    }),
  );
  return loaded.flat();
}

function toRun({ pk, facts, startedAt, lastStoppedAt }: Readonly<Record<string, unknown>>): Run {
  const [, account = '', region = '', cluster = '', name = ''] = String(pk).split('#');
  return {
    ...(facts as Omit<Run, 'workload' | 'startedAt'>),
    workload: { account, region, cluster, name },
    startedAt: startedAt as Instant,
    ...(typeof lastStoppedAt === 'string' && { lastStoppedAt: lastStoppedAt as Instant }),
  };
}
