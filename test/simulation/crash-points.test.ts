import { expect, test } from 'vitest';
import { asIs } from './ledger/planted.ts';
import { crashVerdict } from './ledger/suite.ts';
import { REPLIES, SINK_KINDS } from './ledger/world.ts';

test.each(SINK_KINDS)('$name: every one and two crash points, every reply', async (kind) => {
  const plans = REPLIES.map((reply) => ({ kind, replies: [reply], crashes: [] }));
  const { runs, wrong } = await crashVerdict(plans, 2, asIs);
  expect(wrong).toEqual([]);
  expect(runs).toBeGreaterThan(1500);
});
