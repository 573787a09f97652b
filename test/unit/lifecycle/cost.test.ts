import { expect, test } from 'vitest';
import { bytesText, columns } from '../../../lib/cli/columns.ts';
import { bytesAfter, bytesOf, monthlyPrice } from '../../../lib/lifecycle/cost.ts';
import { evaluate } from '../../../lib/lifecycle/evaluate.ts';
import { NOW, stored } from '../../build/stored.ts';

test('an index is counted by what it lists, and each storage class by itself', () => {
  const images = [
    stored('I', ['v1'], 1, { kind: 'index', sizeBytes: 70 }),
    ...[stored('A', [], 1, { sizeBytes: 70 }), stored('B', [], 1, { sizeBytes: 50 })],
    stored('C', [], 1, { sizeBytes: 7, storageClass: 'archive' }),
  ];
  expect(bytesOf(images)).toEqual({ standard: 120, archive: 7 });
});

test('what expires is gone, what is archived moves', () => {
  const images = [
    stored('A', ['v1'], 9, { sizeBytes: 5 }),
    stored('B', [], 9, { sizeBytes: 7 }),
    stored('C', ['x'], 9, { sizeBytes: 11 }),
  ];
  const rule = { storageClass: 'standard', criterion: { by: 'age', since: 'pushed', days: 1 } } as const;
  const rules = [
    { ...rule, priority: 1, tags: { status: 'untagged' }, action: 'expire' } as const,
    { ...rule, priority: 2, tags: { status: 'tagged', prefixes: ['v'] }, action: 'archive' } as const,
  ];
  expect(bytesAfter(evaluate(rules, images, new Map(), NOW))).toEqual({ standard: 11, archive: 5 });
});

test('ten cents a GB and month; the archive costs less above 150 TB only', () => {
  expect(monthlyPrice({ standard: 250e9, archive: 0 })).toBeCloseTo(25, 9);
  expect(monthlyPrice({ standard: 0, archive: 150e12 })).toBeCloseTo(15_000, 6);
  expect(monthlyPrice({ standard: 0, archive: 250e12 })).toBeCloseTo(15_000 + 7_000, 6);
});

test.each<[number, string]>([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 kB'],
  [42_100_000, '42.1 MB'],
  [1.5e12, '1.5 TB'],
  [2e15, '2000.0 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

test('columns are as wide as their widest cell, and the last one ends where it ends', () => {
  expect(
    columns([
      ['a', 'b', 'c'],
      ['long', '', 'x'],
      ['😀😀', 'y', ''],
    ]),
  ).toEqual(['a     b  c', 'long     x', '😀😀    y']);
  expect(columns([])).toEqual([]);
});
