import { beforeAll } from 'vitest';
import { memoryDynamoDb } from '../doubles/memory-dynamodb/client.ts';
import { type Database, definitions } from './database.ts';
import { testConformance } from './run.ts';

let database: Database | undefined;

beforeAll(() => {
  const { client } = memoryDynamoDb(Object.values(definitions));
  database = {
    client,
    lineage: { client, name: String(definitions.lineage.TableName) },
    ledger: { client, name: String(definitions.ledger.TableName) },
    close() {},
  };
});

testConformance('memory', () => {
  if (!database) throw new Error('the database is there once the tests run');
  return database;
});
