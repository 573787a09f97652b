import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Endpoint } from '../../../local/http.ts';
import { createTables, type Database, openDatabase } from '../../conformance/database.ts';
import { testConformance } from '../../conformance/run.ts';
import { startDynamoDbLocal } from './dynamodb-local.ts';

const jar = process.env.DYNAMODB_LOCAL_JAR;

let server: Endpoint | undefined;
let database: Database | undefined;

beforeAll(async () => {
  if (!jar) return;
  server = await startDynamoDbLocal(jar);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  database = openDatabase({ endpoint: server.url, region: 'eu-west-1', credentials });
  await createTables(database);
});

afterAll(async () => {
  database?.close();
  await server?.close();
});

if (jar) {
  testConformance('DynamoDB Local', () => {
    if (!database) throw new Error('the database is there once the tests run');
    return database;
  });
} else {
  describe('DynamoDB Local', () => {
    test('is asked when DYNAMODB_LOCAL_JAR is the path of its jar (licence: an AWS account)', ({ skip }) => {
      skip('DYNAMODB_LOCAL_JAR is not set');
    });
  });
}
