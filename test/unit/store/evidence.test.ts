import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import type { Evidence, Tier } from '../../../lib/image/evidence.ts';
import { mergeEvidence } from '../../../lib/image/evidence.ts';
import type { ImageRecord } from '../../../lib/image/record.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { findCommits, saveEvidence } from '../../../lib/store/evidence.ts';
import { loadImage, saveImage } from '../../../lib/store/image.ts';
import * as keys from '../../../lib/store/keys.ts';
import type { Table } from '../../../lib/store/table.ts';
import { aDigest, anImageOf, aRecord, aRepository } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';

const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const OTHER = 'f'.repeat(40);
const image = anImageOf(aDigest('a'));

function evidence(commit: string, tier: Tier, over: Partial<Evidence> = {}): Evidence {
  const source = { from: 'provenance', document: aDigest('d'), field: tier } as const;
  return { commit, tier, source, repoUrl: untrusted('https://github.com/acme/demo'), ...over };
}

async function recorded(tags: readonly string[] = ['latest']) {
  const { lineage } = await openTables();
  await saveImage(lineage, aRecord({ tags: tags.map(parseTag) }));
  return lineage;
}

async function known(lineage: Table): Promise<ImageRecord> {
  return (await loadImage(lineage, image)) ?? expect.fail('not recorded');
}

async function add(lineage: Table, found: readonly Evidence[], unread?: string): Promise<boolean> {
  const before = await known(lineage);
  return saveEvidence(lineage, before, mergeEvidence(before.evidence, found), unread);
}

async function itemOf({ client, name: TableName }: Table) {
  const { Item } = await client.send(new GetCommand({ TableName, Key: keys.imageKey(image) }));
  return Item ?? {};
}

/** The images that are found by the beginning of a commit. */
async function foundBy({ client, name: TableName }: Table, prefix: string) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'by-commit',
      KeyConditionExpression: 'gsi2pk = :pk AND begins_with(gsi2sk, :prefix)',
      ExpressionAttributeValues: { ':pk': keys.commitPartition(prefix), ':prefix': prefix },
    }),
  );
  return Items.map(({ tier }) => tier);
}

describe('evidence of an image', () => {
  test('comes back as it was kept, with everything else of the image', async () => {
    const lineage = await recorded();
    const found = [
      evidence(COMMIT, 'builder', { isDirty: true }),
      evidence(OTHER, 'label', { doubt: 'inherited' }),
    ];
    expect(await add(lineage, found)).toBe(true);
    expect(await known(lineage)).toEqual(aRecord({ evidence: found }));
  });

  test('makes the image findable by its strongest commit, and no longer by the weaker', async () => {
    const lineage = await recorded(['main-f0f0f0f']);
    expect(await foundBy(lineage, 'f0f0f0f')).toEqual([8]);
    await add(lineage, [evidence(OTHER, 'label')]);
    expect(await foundBy(lineage, 'fffffff')).toEqual([5]);
    await add(lineage, [evidence(COMMIT, 'builder')]);
    expect(await foundBy(lineage, COMMIT.slice(0, 7))).toEqual([1]);
    expect([await foundBy(lineage, 'fffffff'), await foundBy(lineage, 'f0f0f0f')]).toEqual([[], []]);
  });

  test('only moves to stronger: neither weaker evidence nor another tag changes what it is found by', async () => {
    const lineage = await recorded();
    await add(lineage, [evidence(COMMIT, 'builder')]);
    await add(lineage, [evidence(OTHER, 'annotation')]);
    await saveImage(lineage, { ...(await known(lineage)), tags: [parseTag(OTHER)] });
    await saveImage(lineage, aRecord({ tags: [parseTag('f0f0f0f')] }));
    expect(await foundBy(lineage, COMMIT)).toEqual([1]);
    expect((await known(lineage)).evidence.map(({ tier }) => tier)).toEqual(['builder', 'annotation']);
  });

  test('that is not believed makes nothing findable', async () => {
    const lineage = await recorded();
    await add(lineage, [evidence(COMMIT, 'label', { doubt: 'inherited' })]);
    expect(await foundBy(lineage, COMMIT)).toEqual([]);
    expect((await known(lineage)).evidence).toHaveLength(1);
  });

  test('of two who write at once one is told to look again, and nothing is lost', async () => {
    const lineage = await recorded();
    const before = await known(lineage);
    expect(await saveEvidence(lineage, before, [evidence(COMMIT, 'builder')])).toBe(true);
    expect(await saveEvidence(lineage, before, [evidence(OTHER, 'declared')])).toBe(false);
    expect(await add(lineage, [evidence(OTHER, 'declared')])).toBe(true);
    expect((await known(lineage)).evidence.map(({ tier }) => tier)).toEqual(['builder', 'declared']);
  });

  test('is bounded, however much is pushed', async () => {
    const lineage = await recorded();
    for (let n = 0; n < 5; n++) {
      const many = Array.from({ length: 10 }, (_, index) =>
        evidence(`${n}${index}`.padEnd(40, 'e'), 'client-hint', { buildUrl: untrusted('x'.repeat(300)) }),
      );
      expect(await add(lineage, many)).toBe(true);
    }
    expect((await known(lineage)).evidence.length).toBeLessThanOrEqual(10);
    expect(JSON.stringify(await itemOf(lineage)).length).toBeLessThan(8_000);
  });

  test('of an index of two platforms, from two sources, fits into two write units', async () => {
    const platforms = ['1', '2'].map((digit) => ({ digest: aDigest(digit), platform: 'linux/amd64' }));
    const lineage = await recorded(['latest', COMMIT]);
    await saveImage(
      lineage,
      aRecord({ kind: 'index', platforms, attestations: [aDigest('3'), aDigest('4')] }),
    );
    await add(lineage, [evidence(COMMIT, 'builder')]);
    await add(lineage, [evidence(COMMIT, 'annotation')]);
    const item = { ...(await itemOf(lineage)), tags: ['latest', COMMIT] };
    expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThanOrEqual(2_048);
  });
});

describe('evidence that comes with the push', () => {
  const found = [evidence(COMMIT, 'builder')];
  const pushed = aRecord({ tags: ['main-f0f0f0f', 'latest'].map(parseTag) });

  test('is kept in the same write, and makes the image findable', async () => {
    const { lineage } = await openTables();
    expect(await saveImage(lineage, { ...pushed, read: found })).toBe(true);
    expect(await known(lineage)).toEqual({
      ...aRecord({ tags: ['latest', 'main-f0f0f0f'].map(parseTag) }),
      evidence: found,
    });
    expect([await foundBy(lineage, COMMIT), await foundBy(lineage, 'f0f0f0f')]).toEqual([[1], []]);
  });

  test('is the same item as when it comes after the push, and when it is told twice', async () => {
    const [{ lineage: one }, { lineage: other }] = [await openTables(), await openTables()];
    await saveImage(one, { ...pushed, read: found });
    expect(await saveImage(one, { ...pushed, read: found })).toBe(true);
    await saveImage(other, pushed);
    await add(other, found);
    expect(await itemOf(one)).toEqual(await itemOf(other));
  });

  test('that is not believed leaves the image findable by its tag', async () => {
    const { lineage } = await openTables();
    const read = [evidence(COMMIT, 'label', { doubt: 'inherited' })];
    expect(await saveImage(lineage, { ...pushed, read })).toBe(true);
    expect(await foundBy(lineage, 'f0f0f0f')).toEqual([8]);
    expect((await known(lineage)).evidence).toEqual(read);
  });

  test('does not replace what was declared meanwhile: the image is not kept, and found again without it', async () => {
    const { lineage } = await openTables();
    const declared = [evidence(OTHER, 'declared')];
    expect(await saveEvidence(lineage, pushed, declared)).toBe(true);
    expect(await saveImage(lineage, { ...pushed, read: found })).toBe(false);
    expect(await loadImage(lineage, image)).toBeUndefined();
    await saveImage(lineage, pushed);
    expect((await known(lineage)).evidence).toEqual(declared);
    expect([await foundBy(lineage, OTHER), await foundBy(lineage, 'f0f0f0f')]).toEqual([[6], []]);
  });
});

describe('why something could not be read', () => {
  test('stands beside the evidence until it could', async () => {
    const lineage = await recorded();
    await add(lineage, [], 'no right');
    expect(await known(lineage)).toEqual(aRecord({ unread: 'no right' }));
    expect(await itemOf(lineage)).not.toHaveProperty('evidence');
    await add(lineage, [evidence(COMMIT, 'builder')]);
    expect(await known(lineage)).toEqual(aRecord({ evidence: [evidence(COMMIT, 'builder')] }));
    await add(lineage, [], 'too slow');
    expect(await known(lineage)).toMatchObject({ unread: 'too slow', evidence: [{ tier: 'builder' }] });
    await add(lineage, []);
    expect(await known(lineage)).not.toHaveProperty('unread');
  });
});

test('the commits of a digest, in whichever repository it is', async () => {
  const lineage = await recorded([OTHER, 'latest']);
  await add(lineage, [evidence(COMMIT, 'builder')]);
  await saveImage(
    lineage,
    aRecord({
      image: anImageOf(aDigest('a'), aRepository({ name: 'base' })),
      tags: [parseTag('main-abc1234')],
    }),
  );
  expect([...(await findCommits(lineage, aDigest('a')))].sort()).toEqual([COMMIT, 'abc1234', OTHER].sort());
  expect(await findCommits(lineage, aDigest('b'))).toEqual([]);
});
