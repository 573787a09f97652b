import { DescribeContinuousBackupsCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { TableName } from '../doctor/blueprint.ts';
import type { NewestFacts, TableFacts } from '../doctor/facts.ts';
import { type Reading, reading } from '../doctor/reading.ts';
import { type Instant, parseInstant } from '../instant.ts';
import type { Table } from './table.ts';

/** How sort keys begin that hold a time: `E#<time>#…` is a tag's event, `SCAN#<time>#…` a scan. */
const TIMED: Readonly<Record<TableName, string>> = { lineage: 'E#', ledger: 'SCAN#' };

/** Whether a table and its indexes answer, and whether it is protected. */
export function readTable({ client, name }: Table): Promise<Reading<TableFacts>> {
  return reading('dynamodb:DescribeTable', async () => {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: name }));
    return (
      table && {
        arn: table.TableArn ?? '',
        status: table.TableStatus ?? '',
        isProtected: table.DeletionProtectionEnabled ?? false,
        indexes: (table.GlobalSecondaryIndexes ?? []).map(({ IndexName = '', IndexStatus }) => ({
          name: IndexName,
          ...(IndexStatus && { status: IndexStatus }),
        })),
      }
    );
  });
}

/** Whether point-in-time recovery is on. */
export function readRecovery({ client, name }: Table): Promise<Reading<boolean>> {
  return reading('dynamodb:DescribeContinuousBackups', async () => {
    const { ContinuousBackupsDescription } = await client.send(
      new DescribeContinuousBackupsCommand({ TableName: name }),
    );
    const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    return recovery?.PointInTimeRecoveryStatus === 'ENABLED';
  });
}

/**
 * The newest event or scan in the first megabyte of a table: no index is sorted by time over all tags, and one
 * page costs 128 read units at most. A larger table gives a lower bound.
 */
export function readNewest({ client, name }: Table, kind: TableName): Promise<Reading<NewestFacts>> {
  return reading('dynamodb:Scan', async () => {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new ScanCommand({
        TableName: name,
        ProjectionExpression: 'sk',
        FilterExpression: 'begins_with(sk, :kind)',
        ExpressionAttributeValues: { ':kind': TIMED[kind] },
      }),
    );
    const times = Items.flatMap(({ sk }) => instantIn(String(sk))).sort();
    const at = times.at(-1);
    return { ...(at && { at }), isWhole: LastEvaluatedKey === undefined };
  });
}

function instantIn(sortKey: string): readonly Instant[] {
  try {
    return [parseInstant(sortKey.split('#')[1] ?? '')];
  } catch {
    return [];
  }
}
