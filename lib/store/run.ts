import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../image/digest.ts';
import type { Image, Repository } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { together } from '../together.ts';
import type { Architecture } from '../workload/architecture.ts';
import type { Run } from '../workload/run.ts';
import type { Running } from '../workload/running.ts';
import type { Workload } from '../workload/workload.ts';
import { type Items, queryAll } from './query.ts';
import type { Table } from './table.ts';
import { pulled, runKey, runningKey, runningPartition, workloadPartition } from './workload-keys.ts';

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
  const items = await queryIndex(table, pulled(image), 'DEP#');
  return loadAll(table, items);
}

/** Every run of the same digest from a repository of another name: `loadRunning` does not tell of its tasks. */
export async function findRunsElsewhere(table: Table, image: Image): Promise<readonly Run[]> {
  const { name } = image.repository;
  const items = await queryIndex(table, pulled(image), 'DEP#');
  return loadAll(
    table,
    items.filter(({ gsi1sk }) => !String(gsi1sk).endsWith(`#${name}`)),
  );
}

/** How many tasks have their part in a run now. */
export async function countTasks(table: Table, run: Run): Promise<number> {
  const tasks = await queryIndex(
    table,
    runningPartition(run.repository),
    runningKey(run.workload, runKey(run), ''),
  );
  return tasks.length;
}

/**
 * What runs now with an image of a repository of this name; without the tasks of which ECS did not say what they
 * pulled. Reads on to the page that reaches `mostTasks`.
 */
export async function loadRunning(
  table: Table,
  repository: Pick<Repository, 'name'>,
  mostTasks?: number,
): Promise<readonly Running[]> {
  const found = new Map<string, Running>();
  for (const { gsi1sk } of await queryIndex(table, runningPartition(repository), '', mostTasks)) {
    const running = toRunning(String(gsi1sk).split('#'));
    const id = runningKey(running.workload, running.key, '');
    found.set(id, { ...running, tasks: (found.get(id)?.tasks ?? 0) + 1 });
  }
  return [...found.values()].filter(({ digest }) => digest.startsWith('sha256:'));
}

/** Reads what `runningKey` wrote. */
function toRunning([
  account = '',
  region = '',
  cluster = '',
  name = '',
  ...rest
]: readonly string[]): Running {
  const [, , digest, architecture] = rest;
  return {
    workload: { account, region, cluster, name },
    key: rest.slice(0, 4).join('#'),
    digest: digest as Digest,
    ...(architecture !== 'unknown' && { architecture: architecture as Architecture }),
    tasks: 0,
  };
}

/** Of a partition in `by-digest` what begins so; all of it for an empty beginning, which DynamoDB takes for none. */
function queryIndex(table: Table, partition: string, prefix: string, most?: number): Promise<Items> {
  return queryAll(table, {
    IndexName: 'by-digest',
    KeyConditionExpression: `gsi1pk = :pk${prefix ? ' AND begins_with(gsi1sk, :prefix)' : ''}`,
    ExpressionAttributeValues: { ':pk': partition, ...(prefix && { ':prefix': prefix }) },
    ...(most && { Limit: most }),
  });
}

/** The index says where they are; what they are is in the table itself. */
async function loadAll(table: Table, items: Items): Promise<readonly Run[]> {
  const loaded = await together(
    items.map(async ({ pk, sk }) => {
      const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: { pk, sk } }));
      return Item ? [toRun(Item)] : [];
    }),
  );
  return loaded.flat();
}

/** A run as it is in its item. */
export function toRun({ pk, facts, startedAt, lastStoppedAt }: Readonly<Record<string, unknown>>): Run {
  const [, account = '', region = '', cluster = '', name = ''] = String(pk).split('#');
  return {
    ...(facts as Omit<Run, 'workload' | 'startedAt'>),
    workload: { account, region, cluster, name },
    startedAt: startedAt as Instant,
    ...(typeof lastStoppedAt === 'string' && { lastStoppedAt: lastStoppedAt as Instant }),
  };
}
