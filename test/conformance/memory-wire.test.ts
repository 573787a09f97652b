import { afterAll, beforeAll } from 'vitest';
import { type Endpoint, serve } from '../../local/http.ts';
import { loopback } from '../doubles/loopback.ts';
import { respondFromMemory } from '../doubles/memory-dynamodb/respond.ts';
import { type Database, definitions, openDatabase } from './database.ts';
import { testConformance } from './run.ts';

// The memory tables as processes see them that are measured: through AWS's client.

let server: Endpoint | undefined;
let database: Database | undefined;

beforeAll(async () => {
  server = await serve(respondFromMemory(Object.values(definitions)));
  database = openDatabase(loopback(server.url));
});

afterAll(async () => {
  database?.close();
  await server?.close();
});

testConformance('memory over HTTP', () => {
  if (!database) throw new Error('the database is there once the tests run');
  return database;
});
