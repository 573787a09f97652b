import { expect, test } from 'vitest';
import { asIs } from './ledger/planted.ts';
import { interleavingVerdict } from './ledger/suite.ts';

test('2,000 interleavings of three workers', async () => {
  expect(await interleavingVerdict(0, 2000, asIs)).toEqual({ runs: 2000, wrong: [] });
});
