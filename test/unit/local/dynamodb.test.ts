import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { startDynamoDb } from '../../../local/dynamodb.ts';
import { loopback } from '../../doubles/loopback.ts';

const table = {
  TableName: 'ledger',
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
};

function clientOf(endpoint: string): DynamoDBClient {
  return new DynamoDBClient(loopback(endpoint));
}

test('holds the tables, ready, without what dynalite does not know', async () => {
  const database = await startDynamoDb([
    { ...table, StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } },
  ]);
  const client = clientOf(database.url);
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'ledger' }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', KeySchema: table.KeySchema });
  const Item = { pk: { S: 'a' }, count: { N: '1' } };
  await client.send(new PutItemCommand({ TableName: 'ledger', Item }));
  const found = await client.send(new GetItemCommand({ TableName: 'ledger', Key: { pk: { S: 'a' } } }));
  expect(found.Item).toEqual(Item);
  client.destroy();
  await database.close();
  await expect(fetch(database.url)).rejects.toThrow();
});

test('a table that cannot be made is an error', async () => {
  await expect(startDynamoDb([table, table])).rejects.toMatchObject({ name: 'ResourceInUseException' });
});
