import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tableDefinitions } from '../../doubles/table-definitions.ts';

const yaml = readFileSync('resources/tables.yml', 'utf8');
const keySchema = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

test('the tables of the tests have the keys and indexes of the service’s', () => {
  const { lineage, ledger } = tableDefinitions(yaml);
  expect(lineage.KeySchema).toEqual(keySchema('pk', 'sk'));
  expect(lineage.AttributeDefinitions).toHaveLength(6);
  expect(lineage.GlobalSecondaryIndexes).toMatchObject([
    { IndexName: 'by-digest', KeySchema: keySchema('gsi1pk', 'gsi1sk') },
    { IndexName: 'by-commit', KeySchema: keySchema('gsi2pk', 'gsi2sk') },
  ]);
  expect(ledger.KeySchema).toEqual(keySchema('pk', 'sk'));
  expect(ledger.GlobalSecondaryIndexes).toMatchObject([
    { IndexName: 'by-shown', KeySchema: keySchema('gsi1pk', 'gsi1sk') },
  ]);
});

test.each([
  ['a table that is gone', yaml.replaceAll('-ledger', '-book'), /no table ledger/],
  ['attributes in another form', yaml.replaceAll('AttributeType', 'Type'), /no table lineage/],
  ['an index that projects otherwise', yaml.replaceAll('NonKeyAttributes', 'Attributes'), /NonKeyAttributes/],
])('%s is an error', (_what, text, message) => {
  expect(() => tableDefinitions(text)).toThrow(message);
});
