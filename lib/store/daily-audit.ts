import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DailyWalk } from '../audit/daily.ts';
import type { DailyCounts } from '../audit/daily-ports.ts';
import type { Instant } from '../instant.ts';
import type { Table } from './table.ts';

// Items of the ledger: the walk is written often and read by who goes on with it, the counts once a day and read often.
const WALK = { pk: 'AUDIT', sk: 'WALK' };
const COUNTS = { pk: 'AUDIT', sk: 'COUNTS' };
/** Whose news was handed over last: another function writes it. */
const TOLD = { pk: 'AUDIT', sk: 'TOLD' };

/** How far the daily audit is; undefined when there was none yet. */
export async function loadAuditWalk(table: Table): Promise<DailyWalk | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: WALK }));
  return Item?.walk;
}

export async function saveAuditWalk(table: Table, walk: DailyWalk): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...WALK, walk } }));
}

/** What the last finished audit counted; undefined when none was finished yet. */
export async function loadAuditCounts(table: Table): Promise<DailyCounts | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: COUNTS }));
  if (!Item) return undefined;
  const { finishedAt, counts, news } = Item;
  return { finishedAt, counts, ...(news && { news }) };
}

export async function saveAuditCounts(table: Table, counts: DailyCounts): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...COUNTS, ...counts } }));
}

/** When the audit was finished whose news was handed over last; undefined when none was. */
export async function loadAuditTold(table: Table): Promise<Instant | undefined> {
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: TOLD }));
  return Item?.finishedAt;
}

export async function saveAuditTold(table: Table, finishedAt: Instant): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...TOLD, finishedAt } }));
}
