import { expect, test } from 'vitest';
import { asIs } from './ledger/planted.ts';
import { interleavingVerdict } from './ledger/suite.ts';

const SEEDS = 50_000;

test('R3: 50,000 interleavings of three workers', async () => {
  const { runs, wrong } = await interleavingVerdict(0, SEEDS, asIs);
  expect(wrong).toEqual([]);
  expect(runs).toBe(SEEDS);
  process.stdout.write(`R3: ${runs} interleavings, ${wrong.length} wrong\n`);
}, 240_000);
