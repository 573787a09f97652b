import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { onTestFinished } from 'vitest';
import type { Table } from '../../lib/store/table.ts';
import { startDynamoDb } from '../../local/dynamodb.ts';
import { loopback } from './loopback.ts';
import { tableDefinitions } from './table-definitions.ts';

export interface Tables {
  readonly url: string;
  readonly lineage: Table;
  readonly ledger: Table;
  /** Every request that went over the wire since the start or the last `splice`, by name, retries included. */
  readonly requests: string[];
  close(): Promise<void>;
}

export type Item = Readonly<Record<string, unknown>>;

/** The service's two empty tables in an embedded DynamoDB, and AWS's own client to them. */
export async function startTables(): Promise<Tables> {
  const definitions = tableDefinitions(readFileSync('resources/tables.yml', 'utf8'));
  const { url, close } = await startDynamoDb(Object.values(definitions));
  const dynamodb = new DynamoDBClient(loopback(url));
  const requests: string[] = [];
  dynamodb.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        requests.push(String(commandName));
        return next(args);
      },
    { step: 'finalizeRequest', priority: 'low' },
  );
  const client = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  return {
    url,
    lineage: { client, name: String(definitions.lineage.TableName) },
    ledger: { client, name: String(definitions.ledger.TableName) },
    requests,
    async close() {
      client.destroy();
      dynamodb.destroy();
      await close();
    },
  };
}

/** The same, until the end of the test. */
export async function openTables(): Promise<Tables> {
  const tables = await startTables();
  onTestFinished(() => tables.close());
  return tables;
}

/** Everything in a table, in the order of its keys; sets as sorted lists, so that two tables can be compared. */
export async function itemsOf({ client, name }: Table): Promise<readonly Item[]> {
  const items: Item[] = [];
  let ExclusiveStartKey: Item | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: name, ExclusiveStartKey }));
    items.push(...(page.Items ?? []).map(withListedSets));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ pk, sk }: Item): string {
  return `${pk} ${sk}`;
}

function withListedSets(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, value instanceof Set ? [...value].sort() : value]),
  );
}
