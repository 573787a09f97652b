import { expect, test } from 'vitest';
import { actionsOf } from './actions.ts';
import { callsOf } from './calls.ts';
import { grants, list, packagedResources } from './template.ts';

/** What a move does in its caller's name, and what a person may want to do about one. */
const BY_MOVES = ['sqs:CancelMessageMoveTask', 'sqs:DeleteMessage'];

test('the operator may do what redrive and replay call on queues, and nothing else', async () => {
  const calls = await callsOf('../lib/services/operator');
  const called = calls.flatMap(actionsOf).filter((action) => action.startsWith('sqs:'));
  const granted = grants(packagedResources())
    .filter(({ role }) => role === 'OperatorRole')
    .flatMap(({ Action }) => list(Action));
  expect([...new Set(granted)].sort()).toEqual([...new Set([...called, ...BY_MOVES])].sort());
});
