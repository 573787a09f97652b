import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../instant.ts';
import { ROLLOUT_STATES, type Rollout } from '../workload/rollout.ts';
import type { Run, TaskRun } from '../workload/run.ts';
import type { Workload } from '../workload/workload.ts';
import { queryPartition } from './query.ts';
import { ifHolds, type Table } from './table.ts';
import {
  pulled,
  runItemKey,
  runKey,
  runningKey,
  runningPartition,
  workloadKey,
  workloadNamePartition,
  workloadPartition,
} from './workload-keys.ts';

/**
 * How long a stopped task is remembered, so that a late event cannot start it again: longer than any message about it
 * can wait, a day in EventBridge and 14 days in the dead letters.
 */
const KEEP_STOPPED_SECONDS = 30 * 86_400;

/** Lets a person find the workload by its name alone. Idempotent. */
export async function saveWorkload(table: Table, workload: Workload): Promise<void> {
  const { account, region } = workload;
  const key = { pk: workloadNamePartition(workload), sk: `S#${account}#${region}` };
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...key, account, region } }));
}

/** The workloads with this name, one for each account and region. */
export async function findWorkloads(
  table: Table,
  { cluster, name }: Pick<Workload, 'cluster' | 'name'>,
): Promise<readonly Workload[]> {
  const items = await queryPartition(table, workloadNamePartition({ cluster, name }));
  return items.map(({ account, region }) => ({
    ...{ account: String(account), region: String(region), cluster, name },
  }));
}

/** Keeps a run, its start only moving back and its end only forward. Idempotent, in any order. */
export async function saveRun(table: Table, run: Run): Promise<void> {
  const { workload, startedAt, lastStoppedAt, ...facts } = run;
  const Key = runItemKey(workload, runKey(run));
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key,
        UpdateExpression:
          'SET facts = :facts, startedAt = :at, gsi1pk = :pulled, gsi1sk = :byDigest, gsi2pk = :workload, gsi2sk = :at',
        ConditionExpression: 'attribute_not_exists(startedAt) OR startedAt > :at',
        ExpressionAttributeValues: {
          ':facts': facts,
          ':at': startedAt,
          ':pulled': pulled(run),
          ':byDigest': `DEP#${workloadKey(workload)}#${startedAt}#${run.repository.name}`,
          ':workload': Key.pk,
        },
      }),
    ),
  );
  if (!lastStoppedAt) return;
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key,
        UpdateExpression: 'SET lastStoppedAt = :at',
        ConditionExpression: 'attribute_not_exists(lastStoppedAt) OR lastStoppedAt < :at',
        ExpressionAttributeValues: { ':at': lastStoppedAt },
      }),
    ),
  );
}

/** Keeps one task's part in a run by the newest of its events; only while it runs the index lists it. */
export async function saveTask(table: Table, { run, taskId, version }: TaskRun): Promise<void> {
  const { workload, startedAt, lastStoppedAt: stoppedAt } = run;
  const whileRunning =
    'startedAt = :startedAt, gsi1pk = :name, gsi1sk = :running REMOVE stoppedAt, expiresAt';
  const onceStopped = 'stoppedAt = :stoppedAt, expiresAt = :expiry REMOVE gsi1pk, gsi1sk';
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: workloadPartition(workload), sk: `TASK#${taskId}#${run.name}` },
        UpdateExpression: `SET version = :version, ${stoppedAt ? onceStopped : whileRunning}`,
        ConditionExpression: 'attribute_not_exists(version) OR version < :version',
        ExpressionAttributeValues: {
          ':version': version,
          ...(stoppedAt
            ? { ':stoppedAt': stoppedAt, ':expiry': epochSeconds(stoppedAt) + KEEP_STOPPED_SECONDS }
            : {
                ':startedAt': startedAt,
                ':name': runningPartition(run.repository),
                ':running': runningKey(workload, runKey(run), taskId),
              }),
        },
      }),
    ),
  );
}

/** Keeps how far a deployment is, by ECS's own times; what it goes back to is never forgotten. */
export async function saveRollout(
  table: Table,
  workload: Workload,
  deployment: string,
  { state, at, reason, rollsBackTo }: Rollout,
): Promise<void> {
  const Key = rolloutKey(workload, deployment);
  // At the same instant the later state wins: a number that grows with both.
  const order = `${at}#${ROLLOUT_STATES.indexOf(state)}`;
  await ifHolds(
    table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key,
        UpdateExpression: 'SET progress = :progress, statedAt = :order',
        ConditionExpression: 'attribute_not_exists(statedAt) OR statedAt < :order',
        ExpressionAttributeValues: { ':progress': { state, at, ...(reason && { reason }) }, ':order': order },
      }),
    ),
  );
  if (!rollsBackTo) return;
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key,
      UpdateExpression: 'SET rollsBackTo = :to',
      ExpressionAttributeValues: { ':to': rollsBackTo },
    }),
  );
}

/** How far a deployment is; undefined when ECS has not told. */
export async function loadRollout(
  table: Table,
  workload: Workload,
  deployment: string,
): Promise<Rollout | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: rolloutKey(workload, deployment) }),
  );
  if (!Item?.progress) return undefined;
  return { ...Item.progress, ...(Item.rollsBackTo && { rollsBackTo: Item.rollsBackTo }) };
}

function rolloutKey(workload: Workload, deployment: string): { pk: string; sk: string } {
  return { pk: workloadPartition(workload), sk: `ROLLOUT#${deployment}` };
}

function epochSeconds(instant: Instant): number {
  return Math.floor(Date.parse(instant) / 1000);
}
