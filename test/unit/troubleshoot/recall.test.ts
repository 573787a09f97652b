import { afterAll, beforeAll, expect, test } from 'vitest';
import { recall } from '../../../lib/troubleshoot/recall.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { startTables, type Tables } from '../../doubles/dynamodb.ts';
import { lookupPorts, recorder } from '../../doubles/lookup.ts';

let tables: Tables;
beforeAll(async () => {
  tables = await startTables();
  const here = recorder(tables);
  await here.tag('v1', '01:00', aDigest('a'));
  await here.tag('v1', '02:00', aDigest('b'));
  await here.tag('v1', '03:00');
  await here.tag('v2', '01:00', aDigest('a'));
  await recorder(tables, aRepository({ region: 'us-east-1' })).tag('latest', '01:00', aDigest('a'));
});
afterAll(() => tables.close());

test('when a tag went, and what it was before', async () => {
  const past = await recall(lookupPorts(tables), aRepository(), 'v1');
  expect(past).toMatchObject({ deletedAt: at('03:00'), was: aDigest('b') });
});

test('where a repository of the name was seen', async () => {
  const { elsewhere } = await recall(lookupPorts(tables), aRepository({ region: 'ap-northeast-1' }), 'v1');
  expect(elsewhere.map(({ region }) => region).sort()).toEqual(['eu-west-1', 'us-east-1']);
});

test('a tag that stands, and one that never was', async () => {
  expect(await recall(lookupPorts(tables), aRepository(), 'v2')).toMatchObject({ was: aDigest('a') });
  const never = await recall(lookupPorts(tables), aRepository(), 'v9');
  expect(never).not.toHaveProperty('was');
  expect(never).not.toHaveProperty('deletedAt');
});
