import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import type { OpenFindings } from '../../../lib/policy/open-findings.ts';
import type { Shown } from '../../../lib/policy/shown.ts';
import { NO_FINDINGS } from '../../../lib/scan/severity.ts';
import { loadOpenFindings, saveOpenFindings } from '../../../lib/store/open-findings.ts';
import { closeShown, listOpen, listShown } from '../../../lib/store/shown.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';

const A = aDigest('a');
const OPEN: Shown = { scanType: 'enhanced', counts: { ...NO_FINDINGS, CRITICAL: 2 }, fixable: NO_FINDINGS };
const closed = (time: string): Shown => ({ scanType: 'basic', counts: NO_FINDINGS, closedAt: at(time) });
const repository = aRepository();

function baseline(reference: string, shown?: Shown, readAt = at('02:10')): OpenFindings {
  const one = { reference, digest: A, pushedAt: at('02:00'), scanKey: 'key', ids: ['CVE-1'], readAt };
  return { ...one, ...(shown && { shown }) };
}

async function tableWith(...baselines: readonly OpenFindings[]) {
  const tables = await openTables();
  for (const it of baselines) await saveOpenFindings(tables.ledger, repository, it);
  tables.requests.splice(0);
  return tables;
}

test('open, and closed since: one query of the index finds them, with their scan type', async () => {
  const { ledger, requests } = await tableWith(
    baseline('latest', OPEN),
    baseline('main', closed('02:31')),
    baseline('old', closed('02:30')),
    baseline('clean'),
  );
  const listed = await listShown(ledger, at('02:30'));
  expect(requests).toEqual(['QueryCommand']);
  expect([...listed].sort((a, b) => (a.reference < b.reference ? -1 : 1))).toEqual([
    { repository, reference: 'latest', shown: OPEN },
    { repository, reference: 'main', shown: closed('02:31') },
  ]);
});

test('a reference that is shown no more leaves the index', async () => {
  const { ledger } = await tableWith(baseline('latest', OPEN));
  await saveOpenFindings(ledger, repository, baseline('latest', undefined, at('02:20')));
  expect(await listShown(ledger, at('01:00'))).toEqual([]);
});

test('every page of the index is read', async () => {
  const { ledger, requests } = await openTables();
  const many = Array.from({ length: 30 }, (_, n) => baseline(`release-${n}`, OPEN));
  const large = { ...OPEN, padding: 'x'.repeat(40_000) };
  for (const it of many) await saveOpenFindings(ledger, repository, { ...it, shown: large });
  requests.splice(0);
  expect(await listShown(ledger, at('02:30'))).toHaveLength(30);
  expect(requests.length).toBeGreaterThan(1);
});

test('closing sets zeros once, forgets the reading, and keeps the baseline', async () => {
  const { ledger } = await tableWith(baseline('latest', OPEN), baseline('clean'));
  const [open] = await listOpen(ledger, repository);
  expect(open).toEqual({ reference: 'latest', shown: OPEN, digest: A });
  if (!open) return;
  await closeShown(ledger, repository, open, at('03:00'));
  await closeShown(ledger, repository, open, at('03:05'));
  const after = await loadOpenFindings(ledger, repository, 'latest');
  expect(after).toMatchObject({
    scanKey: '',
    ids: ['CVE-1'],
    shown: { closedAt: at('03:00'), counts: NO_FINDINGS },
  });
  expect(await listOpen(ledger, repository)).toEqual([]);
});

test('what a scan of another image shows since is not closed', async () => {
  const { ledger } = await tableWith(baseline('latest', OPEN));
  await closeShown(
    ledger,
    repository,
    { reference: 'latest', digest: aDigest('b'), shown: OPEN },
    at('03:00'),
  );
  expect((await loadOpenFindings(ledger, repository, 'latest'))?.shown).toEqual(OPEN);
});

// The figure of ARCHITECTURE.md; print it with VERBOSE=1.
test('a hundred open references cost at most six read units a beat', async () => {
  const { ledger } = await openTables();
  for (let n = 0; n < 100; n += 1) {
    const named = aRepository({ name: `some-team/some-service-${n}` });
    await saveOpenFindings(ledger, named, baseline('release-2026-11', OPEN));
  }
  const { ConsumedCapacity } = await ledger.client.send(
    new QueryCommand({
      TableName: ledger.name,
      IndexName: 'by-shown',
      KeyConditionExpression: 'gsi1pk = :partition AND gsi1sk > :since',
      ExpressionAttributeValues: { ':partition': 'SHOWN', ':since': 'CLOSED#2026' },
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  if (process.env.VERBOSE) process.stdout.write(`${JSON.stringify(ConsumedCapacity)}\n`);
  expect(ConsumedCapacity?.CapacityUnits).toBeGreaterThan(0);
  expect(ConsumedCapacity?.CapacityUnits).toBeLessThanOrEqual(6);
});
