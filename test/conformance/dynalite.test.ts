import { afterAll, beforeAll } from 'vitest';
import { startDynamoDb } from '../../local/dynamodb.ts';
import type { Endpoint } from '../../local/http.ts';
import { type Database, definitions, openDatabase } from './database.ts';
import { testConformance } from './run.ts';

let server: Endpoint | undefined;
let database: Database | undefined;

beforeAll(async () => {
  server = await startDynamoDb(Object.values(definitions));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  database = openDatabase({ endpoint: server.url, region: 'eu-west-1', credentials });
});

afterAll(async () => {
  database?.close();
  await server?.close();
});

testConformance('dynalite', () => {
  if (!database) throw new Error('the database is there once the tests run');
  return database;
});
