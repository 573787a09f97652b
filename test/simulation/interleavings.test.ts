import { expect, test } from 'vitest';
import { asIs } from './ledger/planted.ts';
import { interleavingVerdict } from './ledger/suite.ts';
import { isFull, record } from './report/row.ts';

const SEEDS = isFull ? 50_000 : 2_000;

test('three workers and one delivery: whoever comes first, it is told once', async () => {
  const { runs, wrong } = await interleavingVerdict(0, SEEDS, asIs);
  record({
    id: 'R3',
    size: runs,
    promise: 'three workers, delays, deaths and wrong clocks in any order: one holder, one message',
    target: '0 wrong of 50,000 interleavings',
    measured: { wrong: wrong.length, interleavings: runs },
    pass: wrong.length === 0,
  });
  expect(wrong).toEqual([]);
}, 1_800_000);

// A person who sends everything back without looking, and twelve bad days in a row: each repeat is marked.
test.each([19_131])('seed %d, which once was wrong', async (seed) => {
  expect(await interleavingVerdict(seed, 1, asIs)).toEqual({ runs: 1, wrong: [] });
});
