import { expect, test } from 'vitest';
import { tableOf } from './table.ts';

test('a row shows its numbers and whether they are good enough', () => {
  const rows = [
    {
      id: 'R1',
      size: 1000,
      promise: 'nothing lost',
      target: '0 lost',
      measured: { lost: 0, scans: 1000 },
      pass: true,
    },
    {
      id: 'R7',
      size: 1,
      promise: 'outage',
      target: '≤ 30 min',
      measured: { 'minutes at most': 31 },
      pass: false,
    },
  ];
  expect(tableOf(rows).split('\n')).toEqual([
    '| id | promise      | number to reach | measured            | pass   |',
    '| -- | ------------ | --------------- | ------------------- | ------ |',
    '| R1 | nothing lost | 0 lost          | 0 lost, 1,000 scans | yes    |',
    '| R7 | outage       | ≤ 30 min        | 31 minutes at most  | **no** |',
  ]);
});
