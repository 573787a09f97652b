import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../lib/store/table.ts';
import { tableDefinitions } from '../doubles/table-definitions.ts';

/** Where a DynamoDB listens, and whom it takes us for. */
export interface Address {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The service's two tables in one DynamoDB. */
export interface Database {
  readonly client: DynamoDBDocumentClient;
  readonly lineage: Table;
  readonly ledger: Table;
  readonly close: () => void;
}

/** The tables as resources/tables.yml has them. */
export const definitions: Readonly<Record<'lineage' | 'ledger', CreateTableCommandInput>> = tableDefinitions(
  readFileSync('resources/tables.yml', 'utf8'),
);

/** Connects as the service does; each call is tried once. */
export function openDatabase(address: Address): Database {
  const dynamodb = new DynamoDBClient({ ...address, maxAttempts: 1 });
  const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  return {
    client,
    lineage: { client, name: String(definitions.lineage.TableName) },
    ledger: { client, name: String(definitions.ledger.TableName) },
    close() {
      client.destroy();
      dynamodb.destroy();
    },
  };
}

/** Creates both tables and waits until they can be used. */
export async function createTables({ client }: Database): Promise<void> {
  for (const definition of Object.values(definitions)) {
    await client.send(new CreateTableCommand(definition));
    const TableName = definition.TableName;
    for (let status = ''; status !== 'ACTIVE'; await sleep(20)) {
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      status = Table?.TableStatus ?? '';
    }
  }
}
