import { afterAll, beforeAll } from 'vitest';
import { createTables, type Database, openDatabase } from '../../conformance/database.ts';
import { testConformance } from '../../conformance/run.ts';
import { type Emulators, startEmulators } from '../emulators.ts';

let emulators: Emulators | undefined;
const databases = new Map<string, Database>();

beforeAll(async () => {
  emulators = await startEmulators();
  const { client, url, motoUrl = '' } = emulators;
  for (const [name, endpoint] of [
    ['ministack', url],
    ['moto', motoUrl],
  ] as const) {
    const database = openDatabase({ ...client, endpoint });
    databases.set(name, database);
    await createTables(database);
  }
});

afterAll(async () => {
  for (const database of databases.values()) database.close();
  await emulators?.stop();
});

for (const name of ['ministack', 'moto'] as const) {
  testConformance(name, () => {
    const database = databases.get(name);
    if (!database) throw new Error('the databases are there once the tests run');
    return database;
  });
}
