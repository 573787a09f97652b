import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tableDefinitions } from '../../doubles/table-definitions.ts';
import { indexUnits, itemUnits } from '../../doubles/write-units.ts';

const { lineage } = tableDefinitions(readFileSync('resources/tables.yml', 'utf8'));
const keys = { pk: 'a', sk: 'b' };
const named = { ...keys, gsi2pk: 'C#0a1b', gsi2sk: '0a1b2c3', tier: 7 };

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
describe('what a write costs in the indexes', () => {
  test.each<[string, object | undefined, object | undefined, number]>([
    ['gets into none', undefined, keys, 0],
    ['has half a key', keys, { ...keys, gsi2pk: 'C#0a1b' }, 0],
    ['gets into one', keys, named, 1],
    ['gets into both', undefined, { ...named, gsi1pk: 'D', gsi1sk: 'd' }, 2],
    ['changes what no index holds', named, { ...named, evidence: '[]' }, 0],
    ['changes what the index holds beside its key', named, { ...named, tier: 1 }, 1],
    ['changes its key there', named, { ...named, gsi2sk: '0a1b2c3d' }, 2],
    ['leaves it', named, keys, 1],
  ])('an item that %s', (_, before, after, units) => {
    const size = (it: object) => JSON.stringify(it).length;
    expect(indexUnits(lineage, before as never, after as never, size)).toBe(units);
  });

  test('an entry of more than a kilobyte is two', () => {
    expect(indexUnits(lineage, undefined, { ...named }, () => 1025)).toBe(2);
  });
});

test('a write is a unit per kilobyte of what was there or is, whichever is more', () => {
  expect([[], [1], [1024], [1025], [2049, 10]].map(itemUnits)).toEqual([1, 1, 1, 2, 3]);
});
