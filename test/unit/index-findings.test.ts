import { afterAll, beforeAll, expect, test } from 'vitest';
import { untrusted } from '../../lib/image/untrusted.ts';
import { type FindingsIndexPorts, indexFindings } from '../../lib/index-findings.ts';
import { findingsIndexPorts } from '../../lib/services/run.ts';
import { findSightings, listFound, loadFound, loadKnownIds } from '../../lib/store/findings-index.ts';
import { aDigest, anImageOf, aRepository, at } from '../build/lineage.ts';
import { aFinding } from '../build/notice.ts';
import { aScan } from '../build/scan.ts';
import { itemsOf, startTables, type Tables } from '../doubles/dynamodb.ts';

let tables: Tables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

let repositories = 0;
function anIndexedImage(hexDigit = 'a', repository = aRepository({ name: `found-${repositories++}` })) {
  return { image: anImageOf(aDigest(hexDigit), repository), pushedAt: at('01:00') };
}

const scanOf = (...ids: readonly string[]) =>
  aScan({ findings: ids.map((id) => aFinding({ id: untrusted(id) })) });

/** The real ports, with the names of the writes that were asked for. */
function counted(): { readonly ports: FindingsIndexPorts; readonly writes: string[] } {
  const ports = findingsIndexPorts(tables.ledger);
  const writes: string[] = [];
  return {
    writes,
    ports: {
      ...ports,
      saveFound: async (...to) => {
        writes.push('image');
        return ports.saveFound(...to);
      },
      saveKnownIds: async (...to) => {
        writes.push('known');
        return ports.saveKnownIds(...to);
      },
      saveSightings: async (ids, ...to) => {
        writes.push(...ids);
        return ports.saveSightings(ids, ...to);
      },
    },
  };
}

test('what is new to the repository is written before the image, and what is known is not written again', async () => {
  const { ports, writes } = counted();
  const first = anIndexedImage('a');
  await indexFindings(first, scanOf('CVE-1', 'CVE-2'), at('02:00'), ports);
  expect(writes.splice(0)).toEqual(['CVE-1', 'CVE-2', 'known', 'image']);
  const second = anIndexedImage('b', first.image.repository);
  await indexFindings(second, scanOf('CVE-1', 'CVE-2'), at('03:00'), ports);
  expect(writes.splice(0)).toEqual(['image']);
  await indexFindings(second, scanOf('CVE-2', 'CVE-3'), at('04:00'), ports);
  expect(writes.splice(0)).toEqual(['CVE-3', 'known', 'image']);
  await indexFindings(second, scanOf('CVE-3', 'CVE-2'), at('05:00'), ports);
  expect(writes).toEqual([]);
});

test('the image and the repository are found again', async () => {
  const indexed = anIndexedImage();
  const { repository } = indexed.image;
  const id = 'CVE-2026-77';
  await indexFindings(indexed, scanOf(id), at('02:00'), counted().ports);
  const other = anIndexedImage('b');
  await indexFindings(other, scanOf(id), at('02:00'), counted().ports);
  expect(await findSightings(tables.ledger, id)).toEqual([repository, other.image.repository]);
  expect(await listFound(tables.ledger, repository)).toEqual({
    images: [
      {
        ...indexed,
        readAt: at('02:00'),
        found: [{ id, severity: 'CRITICAL', platforms: [], since: at('02:00') }],
        leftOut: 0,
      },
    ],
  });
  expect(await loadKnownIds(tables.ledger, repository)).toEqual(new Set([id]));
});

test('an older reading that comes late changes nothing', async () => {
  const indexed = anIndexedImage();
  const { ports, writes } = counted();
  await indexFindings(indexed, scanOf('CVE-1'), at('03:00'), ports);
  writes.length = 0;
  await indexFindings(indexed, scanOf('CVE-2'), at('02:00'), ports);
  expect(writes).toEqual([]);
  expect((await loadFound(tables.ledger, indexed.image))?.found).toMatchObject([{ id: 'CVE-1' }]);
});

test('two workers at once: the newer reading holds, whoever writes first', async () => {
  const indexed = anIndexedImage();
  const { ports } = counted();
  await Promise.all([
    indexFindings(indexed, scanOf('CVE-1'), at('02:00'), ports),
    indexFindings(indexed, scanOf('CVE-1', 'CVE-2'), at('02:01'), ports),
  ]);
  expect((await loadFound(tables.ledger, indexed.image))?.found.map(({ id }) => id)).toEqual([
    'CVE-1',
    'CVE-2',
  ]);
});

test('a crash between any two writes is made up for by the next try', async () => {
  for (let dies = 0; dies < 4; dies += 1) {
    const indexed = anIndexedImage();
    const { ports, writes } = counted();
    const alive =
      <A extends unknown[], R>(write: (...of: A) => Promise<R>) =>
      async (...of: A) => {
        if (writes.length >= dies) throw new Error('the worker died');
        return write(...of);
      };
    const mortal: FindingsIndexPorts = {
      ...ports,
      saveFound: alive(ports.saveFound),
      saveKnownIds: alive(ports.saveKnownIds),
      saveSightings: alive(ports.saveSightings),
    };
    await expect(indexFindings(indexed, scanOf('CVE-8', 'CVE-9'), at('02:00'), mortal)).rejects.toThrow(
      'died',
    );
    await indexFindings(indexed, scanOf('CVE-8', 'CVE-9'), at('02:01'), ports);
    for (const id of ['CVE-8', 'CVE-9'])
      expect(await findSightings(tables.ledger, id)).toContainEqual(indexed.image.repository);
    expect((await loadFound(tables.ledger, indexed.image))?.found).toHaveLength(2);
  }
});

test('a repository of many images is read in pages, and nothing of the index expires', async () => {
  const first = anIndexedImage();
  const { repository } = first.image;
  // Ids that do not compress: about 30 kB an image.
  const ids = (nth: number) =>
    Array.from({ length: 1000 }, (_, index) =>
      `X${(index * 7919 + nth * 104_729) ** 2}-${Math.sin(index * nth + 1)}`
        .slice(0, 60)
        .replaceAll('-0.', '-'),
    );
  const ports = findingsIndexPorts(tables.ledger);
  const digests = Array.from({ length: 60 }, (_, nth) => aDigestNumber(nth));
  for (const [nth, digest] of digests.entries()) {
    const found = ids(nth).map((id) => ({ id, severity: 'LOW' as const, platforms: [], since: at('02:00') }));
    const image = { repository, digest };
    await ports.saveFound(
      { image, pushedAt: at('01:00'), readAt: at('02:00'), found, leftOut: 0 },
      undefined,
    );
  }
  const one = await listFound(tables.ledger, repository);
  expect(one.next).toBeDefined();
  const seen = [...one.images];
  for (let next = one.next; next; ) {
    const page = await listFound(tables.ledger, repository, next);
    seen.push(...page.images);
    next = page.next;
  }
  expect(new Set(seen.map(({ image }) => image.digest)).size).toBe(60);
  const expiring = (await itemsOf(tables.ledger)).filter(({ expiresAt }) => expiresAt !== undefined);
  expect(expiring).toEqual([]);
}, 30_000);

function aDigestNumber(nth: number) {
  return `sha256:${nth.toString(16).padStart(64, '0')}` as ReturnType<typeof aDigest>;
}
