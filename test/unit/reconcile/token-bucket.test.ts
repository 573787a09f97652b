import { expect, test } from 'vitest';
import { tokenBucket } from '../../../lib/reconcile/token-bucket.ts';

test('lets so many through a second, in order, however many ask at once', async () => {
  const waits: number[] = [];
  const clock = { now: () => new Date(1_000_000), sleep: async (ms: number) => void waits.push(ms) };
  const pace = tokenBucket(20, clock);
  await Promise.all(Array.from({ length: 5 }, () => pace()));
  expect(waits).toEqual([50, 100, 150, 200]);
});

test('who has not asked for a while does not wait, and has saved nothing up', async () => {
  const waits: number[] = [];
  let nowMs = 0;
  const clock = { now: () => new Date(nowMs), sleep: async (ms: number) => void waits.push(ms) };
  const pace = tokenBucket(10, clock);
  await pace();
  nowMs = 5000;
  await pace();
  await pace();
  expect(waits).toEqual([100]);
});
