import { expect, test } from 'vitest';
import { planReading } from '../../../lib/store/rereading.ts';
import { aDigest, anImageOf } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';

const DUE_MS = Date.parse('2026-11-20T08:02:00.000Z');
const image = anImageOf(aDigest('a'));

test.each([
  ['before it is due: covered', DUE_MS - 1, false],
  ['when it is due: planned again', DUE_MS, true],
  ['after it was due: planned again', DUE_MS + 1, true],
])('%s', async (_, coveredMs, planned) => {
  const { ledger } = await openTables();
  expect(await planReading(ledger, image, DUE_MS, 0)).toBe(true);
  expect(await planReading(ledger, anImageOf(aDigest('b')), DUE_MS, 0)).toBe(true);
  expect(await planReading(ledger, image, DUE_MS + 120_000, coveredMs)).toBe(planned);
  // Who plans again moves the plan: the next one is covered by it.
  expect(await planReading(ledger, image, DUE_MS + 240_000, DUE_MS + 1)).toBe(!planned);
});

test('of a hundred at once one plans', async () => {
  const { ledger } = await openTables();
  const answers = await Promise.all(Array.from({ length: 100 }, () => planReading(ledger, image, DUE_MS, 0)));
  expect(answers.filter(Boolean)).toHaveLength(1);
});
