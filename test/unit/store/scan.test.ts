import { inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { scanKey } from '../../../lib/scan/compare.ts';
import type { Finding } from '../../../lib/scan/finding.ts';
import type { Scan } from '../../../lib/scan/scan.ts';
import { loadLatestScan, saveScan } from '../../../lib/store/scan.ts';
import { aDigest, anImageOf, aRepository, at } from '../../build/lineage.ts';
import { aFinding, aSubject } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';
import { type Item, itemsOf, openTables } from '../../doubles/dynamodb.ts';

const image = anImageOf(aDigest('a'));
const subject = aSubject({ image });

async function saved(...scans: readonly Scan[]) {
  const { ledger } = await openTables();
  for (const scan of scans) await saveScan(ledger, subject, scanKey(scan), scan);
  return ledger;
}

function unpack({ findings }: Item): unknown[][] {
  return JSON.parse(inflateRawSync(findings as Uint8Array).toString('utf8'));
}

function packedBytes({ findings }: Item): number {
  return (findings as Uint8Array).length;
}

/** What the look-up tells of a scan. */
function factOf({ type, completedAt, counts, platforms }: Scan) {
  return { type, ...(completedAt && { completedAt }), counts, platforms };
}

describe('a scan', () => {
  test('tells its type, time, counts of every severity, and platforms', async () => {
    const scan = aScan({
      platforms: [
        { digest: aDigest('1'), platform: 'linux/amd64', state: 'scanned' },
        { digest: aDigest('2'), platform: 'linux/arm64', state: 'pending', status: 'IN_PROGRESS' },
      ],
    });
    expect(await loadLatestScan(await saved(scan), image)).toEqual(factOf(scan));
  });

  test('without a completion time or findings is a scan, too', async () => {
    const { completedAt: _, ...scan } = aScan({ type: 'basic', findings: [] });
    expect(await loadLatestScan(await saved(scan), image)).toEqual(factOf(scan));
  });

  test('is of one digest in one repository', async () => {
    const ledger = await saved(aScan());
    expect(await loadLatestScan(ledger, anImageOf(aDigest('b')))).toBeUndefined();
    expect(
      await loadLatestScan(ledger, anImageOf(aDigest('a'), aRepository({ name: 'demo' }))),
    ).toBeUndefined();
  });

  test('recorded again changes nothing', async () => {
    const ledger = await saved(aScan());
    const before = await itemsOf(ledger);
    await saveScan(ledger, { ...subject, pushedAt: at('05:00') }, scanKey(aScan()), aScan());
    expect(await itemsOf(ledger)).toEqual(before);
  });

  test('the newest wins, in whatever order they are recorded', async () => {
    const [old, recent] = [aScan(), aScan({ completedAt: at('02:01:00.001'), findings: [] })];
    for (const order of [
      [old, recent],
      [recent, old],
    ]) {
      const ledger = await saved(...order);
      expect(await loadLatestScan(ledger, image)).toEqual(factOf(recent));
      expect(await itemsOf(ledger)).toHaveLength(2);
    }
  });
});

describe('the findings', () => {
  test('are kept, short and in order, and can be unpacked', async () => {
    const [worst, other] = [
      aFinding({ platforms: ['linux/amd64'] }),
      { id: untrusted('CVE-2026-2'), severity: 'LOW', packages: [], platforms: [] } satisfies Finding,
    ];
    const [item] = await itemsOf(await saved(aScan({ findings: [worst, other] })));
    expect(item).not.toHaveProperty('findingsLeftOut');
    expect(unpack(item as Item)).toEqual([
      ['CVE-2026-1001', 'CRITICAL', [['openssl', '3.0.1', '3.0.2']], 9.8, 'all', ['linux/amd64']],
      ['CVE-2026-2', 'LOW', [], null, null, []],
    ]);
  });

  test('come back whatever characters are in them', async () => {
    const id = 'CVE "\u0000\u001b[2J\u202e\u{1f600}\'\\';
    const [item] = await itemsOf(await saved(aScan({ findings: [aFinding({ id: untrusted(id) })] })));
    expect(unpack(item as Item)[0]?.[0]).toBe(id);
  });

  test('of an ordinary image fit, ten thousand of them', async () => {
    const findings = Array.from({ length: 10_000 }, (_, n) =>
      aFinding({
        id: untrusted(`CVE-20${10 + (n % 17)}-${1000 + n}`),
        packages: [
          { name: untrusted(`lib-${n % 300}`), version: untrusted(`${n % 9}.${n % 41}.${n % 7}-1`) },
        ],
      }),
    );
    const [item] = await itemsOf(await saved(aScan({ findings })));
    expect(item).not.toHaveProperty('findingsLeftOut');
    expect(unpack(item as Item)).toHaveLength(10_000);
    expect(packedBytes(item as Item)).toBeLessThan(400_000);
  });

  test('that do not fit are left out from the end, and their number is said', async () => {
    // Random hex cannot be compressed by much more than half.
    const random = (n: number) =>
      [...Array(8).keys()].map((i) => Math.imul(n * 8 + i + 1, 2654435761).toString(16)).join('');
    const findings = Array.from({ length: 10_000 }, (_, n) =>
      aFinding({
        id: untrusted(`CVE-2026-${n}`),
        packages: [{ name: untrusted(random(n)), version: untrusted(random(-n)) }],
      }),
    );
    const ledger = await saved(aScan({ findings }));
    const [item] = await itemsOf(ledger);
    const kept = unpack(item as Item);
    expect(item?.findingsLeftOut).toBe(10_000 - kept.length);
    expect(kept.length).toBeGreaterThan(1000);
    expect(kept.length).toBeLessThan(10_000);
    expect(kept.map(([id]) => id)).toEqual(findings.slice(0, kept.length).map(({ id }) => id));
    expect(packedBytes(item as Item)).toBeLessThan(400_000);
    expect(await loadLatestScan(ledger, image)).toMatchObject({ counts: { CRITICAL: 10_000 } });
  });
});

test('another failure than a condition is thrown', async () => {
  const { ledger } = await openTables();
  const saving = saveScan({ ...ledger, name: 'no-such-table' }, subject, 'key', aScan());
  await expect(saving).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
