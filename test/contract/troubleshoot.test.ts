import { expect, test } from 'vitest';
import { CAUSES } from '../../lib/troubleshoot/table.ts';
import { actionsOf } from './actions.ts';
import { callsOf } from './calls.ts';

/** Asked with signed requests of our own: lib/vpc/. */
const WITHOUT_CLIENT = [
  ...['ec2:DescribeVpcEndpoints', 'ec2:DescribeRouteTables', 'ec2:DescribeSubnets'],
  'kms:DescribeKey',
];

test('docs/troubleshooting.md lists the rights that the checks of a push or a pull need, and no other', async () => {
  const called = (await callsOf('../lib/services/troubleshoot')).flatMap(actionsOf);
  const said = new Set(CAUSES.flatMap(({ asks }) => asks));
  expect([...said].sort()).toEqual([...new Set([...called, ...WITHOUT_CLIENT])].sort());
});
