import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { actionsOf } from './actions.ts';
import { callsOf } from './calls.ts';
import { list } from './template.ts';

const guide = readFileSync('docs/history.md', 'utf8');

/** What people are told to allow. */
function allowedBy(name: string): readonly string[] {
  const [, policy = ''] = guide.match(new RegExp(`\`\`\`json ${name}\\n([\\s\\S]*?)\`\`\``)) ?? [];
  const { Statement } = JSON.parse(policy);
  return Statement.flatMap(({ Action }: { Action: string | string[] }) => list(Action)).sort();
}

async function calledBy(command: string): Promise<readonly string[]> {
  const calls = await callsOf(`../lib/services/${command}`);
  return [...new Set(calls.flatMap(actionsOf))].sort();
}

test('backfill: what it calls, but for the queue, which is for OperatorRole', async () => {
  const called = await calledBy('backfill');
  expect(allowedBy('backfill')).toEqual(called.filter((it) => !it.startsWith('sqs:')));
  expect(called.filter((it) => it.startsWith('sqs:'))).toEqual(['sqs:GetQueueUrl', 'sqs:SendMessage']);
});

test('declare: what it calls; asking who one is takes no permission', async () => {
  const called = await calledBy('declare');
  expect(allowedBy('declare')).toEqual(called.filter((it) => it !== 'sts:GetCallerIdentity'));
});
