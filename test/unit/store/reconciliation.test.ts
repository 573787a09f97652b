import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { parseTag, repositoryKey } from '../../../lib/image/reference.ts';
import {
  loadCursor,
  loadHeads,
  loadScanHint,
  loadVerification,
  saveCursor,
  saveScanHint,
  saveTagHint,
  saveVerification,
} from '../../../lib/store/reconciliation.ts';
import { loadHistory, saveTagEvent } from '../../../lib/store/tag-history.ts';
import { aDigest, anImageOf, aRepository, aTagEvent, aTagName, at } from '../../build/lineage.ts';
import { itemsOf, openTables } from '../../doubles/dynamodb.ts';

const repository = aRepository();
const A = aDigest('a');

describe('heads', () => {
  test('are those of one repository, with what was hinted about each; a deleted one has no digest', async () => {
    const { lineage } = await openTables();
    const tag = (name: string) => aTagName({ tag: parseTag(name) });
    await saveTagEvent(lineage, tag('latest'), aTagEvent('02:00', A));
    await saveTagEvent(lineage, tag('old'), aTagEvent('02:00', A));
    await saveTagEvent(lineage, tag('old'), aTagEvent('03:00', undefined));
    await saveTagEvent(
      lineage,
      aTagName({ repository: aRepository({ name: 'demo-api/a' }) }),
      aTagEvent('02:00', A),
    );
    await saveTagHint(lineage, tag('new'), { digest: A, at: at('04:00') });
    await saveTagHint(lineage, tag('latest'), { at: at('04:00') });
    expect(Object.fromEntries(await loadHeads(lineage, repository))).toEqual({
      latest: { digest: A, at: at('02:00'), hinted: { at: at('04:00') } },
      new: { hinted: { digest: A, at: at('04:00') } },
      old: { at: at('03:00') },
    });
  });

  test('move as ever where a hint came first', async () => {
    const { lineage } = await openTables();
    await saveTagHint(lineage, aTagName(), { digest: A, at: at('04:00') });
    await saveTagEvent(lineage, aTagName(), aTagEvent('02:00', A));
    expect((await loadHeads(lineage, repository)).get(parseTag('latest'))).toMatchObject({ digest: A });
  });

  test('are read to the last page', async () => {
    const { lineage, requests } = await openTables();
    // A page ends at a megabyte; no digest is that long.
    const digest = 'a'.repeat(300_000) as Digest;
    for (const tag of ['v1', 'v2', 'v3', 'v4', 'v5'])
      await saveTagHint(lineage, aTagName({ tag: parseTag(tag) }), { digest, at: at('04:00') });
    requests.splice(0);
    expect((await loadHeads(lineage, repository)).size).toBe(5);
    expect(requests).toEqual(['QueryCommand', 'QueryCommand']);
  });
});

test('the window of an event that never came is kept with it', async () => {
  const { lineage } = await openTables();
  const window = { notBefore: at('01:00'), notAfter: at('02:00') };
  await saveTagEvent(lineage, aTagName(), { ...aTagEvent('02:00', A), window });
  expect(await loadHistory(lineage, aTagName(), { at: at('03:00'), limit: 1 })).toMatchObject([{ window }]);
});

test('a verification of before it lay beside the name is found until there is a newer one', async () => {
  const { lineage } = await openTables();
  const [old, newer] = [
    { verifiedAt: at('02:00'), since: at('01:00') },
    { verifiedAt: at('03:00'), since: at('01:00') },
  ];
  const Item = { pk: `REPO#${repositoryKey(repository)}`, sk: 'RECON', ...old };
  await lineage.client.send(new PutCommand({ TableName: lineage.name, Item }));
  expect(await loadVerification(lineage, repository)).toEqual(old);
  await saveVerification(lineage, repository, newer);
  expect(await loadVerification(lineage, repository)).toEqual(newer);
});

test('a verification, the cursor and the hint about a scan come back as they were saved', async () => {
  const { lineage, ledger } = await openTables();
  const image = anImageOf(A);
  expect(await loadVerification(lineage, repository)).toBeUndefined();
  expect(await loadCursor(lineage)).toBeUndefined();
  expect(await loadScanHint(ledger, image)).toBeUndefined();
  const verification = { verifiedAt: at('03:00'), since: at('01:00'), settledBefore: at('02:55') };
  await saveVerification(lineage, repository, verification);
  expect(await loadVerification(lineage, repository)).toEqual(verification);
  await saveCursor(lineage, 'a#b#c');
  expect(await loadCursor(lineage)).toBe('a#b#c');
  await saveCursor(lineage, undefined);
  expect(await loadCursor(lineage)).toBeUndefined();
  const mark = { reason: 'scanned', at: at('03:00'), times: 1, completedAt: at('02:00') } as const;
  await saveScanHint(ledger, image, mark);
  expect(await loadScanHint(ledger, image)).toEqual(mark);
  // The hint goes after 90 days, the lineage never.
  const [item] = await itemsOf(ledger);
  expect(item?.expiresAt).toBe(Date.parse(at('03:00')) / 1000 + 90 * 86_400);
  expect((await itemsOf(lineage)).filter((it) => 'expiresAt' in it)).toEqual([]);
});
