import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { DAILY_CHECKS } from '../../lib/audit/tally.ts';
import { loadAuditWalk, saveAuditWalk } from '../../lib/store/daily-audit.ts';
import { loopback } from '../doubles/loopback.ts';
import { flowForFile } from './stack.ts';

const flow = flowForFile();
const OPEN = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' }],
});

/** Yesterday the audit was done: what the packaged function would find in the ledger tomorrow. */
async function aDayPasses(): Promise<void> {
  const { dynamodb, tables } = flow().stack;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(loopback(dynamodb.url)));
  onTestFinished(() => client.destroy());
  const ledger = { client, name: tables.ledger };
  const walk = (await loadAuditWalk(ledger)) ?? expect.fail('no audit has begun');
  const startedAt = new Date(Date.parse(walk.startedAt) - 86_400_000).toISOString() as typeof walk.startedAt;
  await saveAuditWalk(ledger, { ...walk, startedAt });
}

/** Lets both functions run; the gauges of the audit that came of it, `<check> <severity>`. */
async function gauges(): Promise<Readonly<Record<string, number>>> {
  const { stack } = flow();
  const before = stack.datadog.series.length;
  expect((await stack.runNow('scan-response-dev-reconcile')).error).toBeUndefined();
  expect((await stack.runNow('scan-response-dev-heartbeat')).error).toBeUndefined();
  await stack.idle();
  const series = stack.datadog.series
    .slice(before)
    .filter(({ metric }) => metric === 'scan_response.audit.findings');
  return Object.fromEntries(
    series.map(({ metricTags: [account, region, ...rest], value }) => {
      expect([account, region]).toEqual(['account_id:111122223333', 'region:us-east-1']);
      return [rest.map((it) => it.split(':')[1]).join(' '), value];
    }),
  );
}

/** The texts of the events about it. */
function events(): readonly string[] {
  const told = flow().stack.datadog.events.filter(({ title }) => title.startsWith('Audit of'));
  return told.map(({ text }) => text);
}

function audits(): readonly object[] {
  const lines = flow().stack.logs.map(({ line }) => line as { readonly message?: string });
  return lines.filter(({ message }) => message === 'audited');
}

test('two planted faults are gauges once a day, and zeros when they are mended', async () => {
  const { registry } = flow().stack;
  for (const name of ['audited/good', 'audited/bare', 'audited/open']) {
    registry.push(name, { tags: ['latest'] });
    const repository = registry.find(name) ?? expect.fail(name);
    repository.lifecyclePolicy = '{"rules":[]}';
  }
  const bare = registry.find('audited/bare') ?? expect.fail();
  const open = registry.find('audited/open') ?? expect.fail();
  delete bare.lifecyclePolicy;
  open.policy = OPEN;

  const first = await gauges();
  const faults = { 'lifecycle-none medium': 1, 'policy-public high': 1 };
  expect(first).toMatchObject(faults);
  expect(Object.values(first).filter((it) => it > 0)).toHaveLength(2);
  expect(new Set(Object.keys(first).map((it) => it.split(' ')[0]))).toEqual(new Set(DAILY_CHECKS));
  expect(events()).toEqual([
    expect.stringMatching(/^- MEDIUM lifecycle-none in 111122223333 us-east-1: not known → 1$/m),
  ]);
  expect(audits()).toMatchObject([{ repositories: 3, isFinished: true, failures: 0 }]);

  bare.lifecyclePolicy = '{"rules":[]}';
  delete open.policy;
  expect(await gauges()).toMatchObject(faults);
  expect(audits()).toHaveLength(1);
  expect(events()).toHaveLength(1);

  await aDayPasses();
  const mended = await gauges();
  expect(Object.keys(mended)).toEqual(Object.keys(first));
  expect(Object.values(mended).filter((it) => it !== 0)).toEqual([]);
  expect(audits()).toHaveLength(2);
  expect(events().slice(1)).toEqual([
    expect.stringMatching(/^- HIGH policy-public in 111122223333 us-east-1: 1 → 0$/m),
  ]);
}, 60_000);
