import { once } from 'node:events';
import { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Endpoint } from './http.ts';

const require = createRequire(import.meta.url);
/** CommonJS without types; this is all that is used of it. */
const dynalite: (options: { readonly createTableMs: number }) => Server = require('dynalite');

/** An in-memory DynamoDB that holds the given tables, ready for use. */
export async function startDynamoDb(tables: readonly CreateTableCommandInput[]): Promise<Endpoint> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoint: Endpoint = {
    url,
    async close() {
      server.closeAllConnections();
      // Not dynalite's own `close`, which closes the database too: a request that is still under way would then
      // throw where nobody can catch it. This database is memory only and goes with the server.
      await new Promise((resolve) => Server.prototype.close.call(server, resolve));
    },
  };
  try {
    await createTables(url, tables);
  } catch (error) {
    await endpoint.close();
    throw error;
  }
  return endpoint;
}

async function createTables(endpoint: string, tables: readonly CreateTableCommandInput[]): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  try {
    for (const table of tables) await client.send(new CreateTableCommand(known(table)));
  } finally {
    client.destroy();
  }
}

/** dynalite knows keys, indexes and billing; streams, TTL, encryption, backups and the like are left out. */
function known(table: CreateTableCommandInput): CreateTableCommandInput {
  return {
    TableName: table.TableName,
    AttributeDefinitions: table.AttributeDefinitions,
    KeySchema: table.KeySchema,
    BillingMode: table.BillingMode,
    ProvisionedThroughput: table.ProvisionedThroughput,
    LocalSecondaryIndexes: table.LocalSecondaryIndexes,
    GlobalSecondaryIndexes: table.GlobalSecondaryIndexes,
  };
}
