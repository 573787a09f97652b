import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PRICES } from '../../lib/lifecycle/prices.ts';
import { actionsOf } from './actions.ts';
import { callsOf } from './calls.ts';

const guide = readFileSync('docs/lifecycle.md', 'utf8');

test('people are told to allow what the commands call', async () => {
  const [, policy = ''] = guide.match(/```json lifecycle\n([\s\S]*?)```/) ?? [];
  const called = (await callsOf('../lib/services/stored-images')).flatMap(actionsOf);
  // The role is one that no command of these two takes.
  const expected = [...new Set(called)].filter((it) => !it.startsWith('sts:')).sort();
  expect([...JSON.parse(policy).Statement[0].Action].sort()).toEqual(expected);
});

test('the prices in the guide are those of the code', () => {
  expect(guide).toContain(`$${PRICES.standardPerGb.toFixed(2)} a GB and month in ${PRICES.region}`);
  expect(guide).toContain(
    `up to ${PRICES.archiveThresholdBytes / 1e12} TB, $${PRICES.archivePerGbAbove.toFixed(2)} above`,
  );
});
