import { QueryCommand, type QueryCommandInput, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { Table } from './table.ts';

/**
 * What a query finds, on however many pages: one ends at a megabyte. With a `Limit` it stops at the page that reaches
 * it. Throws the SDK's error.
 */
export async function queryAll(
  table: Table,
  input: Omit<QueryCommandInput, 'TableName'>,
): Promise<NonNullable<QueryCommandOutput['Items']>> {
  const items: NonNullable<QueryCommandOutput['Items']> = [];
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
