import { expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { livesOf } from '../../../lib/lookup/life.ts';
import { cve, digestOf, historian, hoursAgo } from '../../browser/world.ts';
import { openTables } from '../../doubles/dynamodb.ts';
import { lookupPorts } from '../../doubles/lookup.ts';

const [A, B] = [digestOf('a'), digestOf('b')];

test('the life of an image is what its newest scan counts and everything that ran it, the newest first', async () => {
  const tables = await openTables();
  const demo = historian(tables);
  for (const digest of [A, B]) await demo.image(digest, []);
  await demo.scan(A, hoursAgo(9), [cve('CVE-2026-1', 'HIGH')]);
  await demo.scan(A, hoursAgo(8), [cve('CVE-2026-1', 'HIGH'), cve('CVE-2026-2', 'CRITICAL')]);
  await demo.run('old', A, hoursAgo(7), hoursAgo(6));
  await demo.run('new', A, hoursAgo(5));
  const lives = await livesOf(demo.repository, [A, B, A], lookupPorts(tables));
  expect(lives).toMatchObject([
    {
      digest: A,
      scan: { counts: { CRITICAL: 1, HIGH: 1 } },
      runs: [
        { workload: { name: 'new' }, tasks: 1 },
        { workload: { name: 'old' }, tasks: 0, lastStoppedAt: hoursAgo(6) },
      ],
    },
    { digest: B, runs: [] },
  ]);
  expect(lives[1]).not.toHaveProperty('scan');
});

test('the findings of a scan are kept with their packages, their score and whether a fix is there', async () => {
  const tables = await openTables();
  const demo = historian(tables);
  const fixed = { name: untrusted('openssl'), version: untrusted('3.0.11'), fixedIn: untrusted('3.0.17') };
  await demo.scan(A, hoursAgo(8), [
    cve('CVE-2026-2', 'CRITICAL', { packages: [fixed], score: 9.8, fix: 'all', platforms: ['linux/arm64'] }),
  ]);
  const found = await lookupPorts(tables).loadScanFindings({ repository: demo.repository, digest: A });
  expect(found?.found).toEqual([
    {
      id: 'CVE-2026-2',
      severity: 'CRITICAL',
      packages: [fixed],
      score: 9.8,
      fix: 'all',
      platforms: ['linux/arm64'],
    },
  ]);
});
