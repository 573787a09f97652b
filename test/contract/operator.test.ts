import { expect, test } from 'vitest';
import { actionsOf } from './actions.ts';
import { callsOf } from './calls.ts';
import { grants, list, packagedResources } from './template.ts';

/** What a move does in its caller's name, and what a person may want to do about one. */
const BY_MOVES = ['sqs:CancelMessageMoveTask', 'sqs:DeleteMessage'];

test('the operator may do what redrive, replay and policy call on queues and the ledger, and nothing else', async () => {
  const onQueues = (await callsOf('../lib/services/operator')).flatMap(actionsOf);
  const onLedger = (await callsOf('../lib/services/apply-policy')).flatMap(actionsOf);
  const called = [
    ...onQueues.filter((action) => action.startsWith('sqs:')),
    ...onLedger.filter((action) => action.startsWith('dynamodb:')),
  ];
  const granted = grants(packagedResources())
    .filter(({ role }) => role === 'OperatorRole')
    .flatMap(({ Action }) => list(Action));
  expect([...new Set(granted)].sort()).toEqual([...new Set([...called, ...BY_MOVES])].sort());
});
