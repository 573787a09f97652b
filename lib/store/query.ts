import { QueryCommand, type QueryCommandInput, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { Table } from './table.ts';

/** As the SDK gives them. */
export type Items = NonNullable<QueryCommandOutput['Items']>;

/**
 * What a query finds, on however many pages: one ends at a megabyte. With a `Limit` it stops at the page that reaches
 * it. Throws the SDK's error.
 */
export async function queryAll(table: Table, input: Omit<QueryCommandInput, 'TableName'>): Promise<Items> {
  const items: Items = [];
  let ExclusiveStartKey: QueryCommandOutput['LastEvaluatedKey'];
  do {
    const page = await table.client.send(
      new QueryCommand({ TableName: table.name, ...input, ExclusiveStartKey }),
    );
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey && items.length < (input.Limit ?? Number.POSITIVE_INFINITY));
  return items;
}

/** Everything in a partition of the table itself. */
export function queryPartition(table: Table, pk: string): Promise<Items> {
  return queryAll(table, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': pk },
  });
}
