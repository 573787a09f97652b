import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../../lib/image/digest.ts';
import type { Mark } from '../../../lib/image/mark.ts';
import type { ImageRecord } from '../../../lib/image/record.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { findParents, loadImage, saveImage, saveMark } from '../../../lib/store/image.ts';
import type { Table } from '../../../lib/store/table.ts';
import { aDigest, anImageOf, aRecord, aRepository, at } from '../../build/lineage.ts';
import { itemsOf, openTables } from '../../doubles/dynamodb.ts';

const FULL = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const OTHER = 'f'.repeat(40);
const tags = (...texts: readonly string[]) => texts.map(parseTag);
const image = anImageOf(aDigest('a'));
const platforms = [
  { digest: aDigest('1'), platform: 'linux/amd64' },
  { digest: aDigest('2'), platform: 'linux/arm64/v8' },
];
const anIndex = aRecord({ kind: 'index', platforms });

async function saved(...records: readonly ImageRecord[]) {
  const { lineage } = await openTables();
  for (const record of records) await saveImage(lineage, record);
  return lineage;
}

/** What the `by-commit` index holds for the first four hex digits of a commit. */
async function indexed({ client, name: TableName }: Table, firstFour: string) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      IndexName: 'by-commit',
      KeyConditionExpression: 'gsi2pk = :pk',
      ExpressionAttributeValues: { ':pk': `C#${firstFour}` },
    }),
  );
  return Items.map(({ gsi2sk, tier }) => ({ commit: gsi2sk.split('#')[0], tier }));
}

describe('an image', () => {
  test('comes back as it was saved', async () => {
    const record = { ...anIndex, tags: tags(FULL, 'latest') };
    expect(await loadImage(await saved(record), image)).toEqual(record);
  });

  test('without a tag comes back without a tag', async () => {
    const record = aRecord({ tags: [] });
    expect(await loadImage(await saved(record), image)).toEqual(record);
  });

  test('that nobody saved is not known', async () => {
    const lineage = await saved(aRecord());
    expect(await loadImage(lineage, anImageOf(aDigest('b')))).toBeUndefined();
    expect(
      await loadImage(lineage, anImageOf(aDigest('a'), aRepository({ name: 'team/demo-api' }))),
    ).toBeUndefined();
  });

  test('saved again changes nothing', async () => {
    const lineage = await saved(anIndex);
    const before = await itemsOf(lineage);
    await saveImage(lineage, anIndex);
    expect(await itemsOf(lineage)).toEqual(before);
  });

  test('keeps the time of the first push', async () => {
    const lineage = await saved(aRecord(), aRecord({ pushedAt: at('05:00') }));
    expect(await loadImage(lineage, image)).toMatchObject({ pushedAt: at('02:00') });
  });

  test('keeps its platforms when its manifest could not be read the next time', async () => {
    const lineage = await saved(anIndex, { ...anIndex, platforms: [] });
    expect(await loadImage(lineage, image)).toEqual(anIndex);
  });

  test('collects tags, and ends the same in any order', async () => {
    const records = [['latest'], ['v1.2.3', FULL], ['latest', 'main']].map((it) =>
      aRecord({ ...anIndex, tags: tags(...it) }),
    );
    const one = await saved(...records);
    const other = await saved(...[...records].reverse());
    expect(await loadImage(one, image)).toMatchObject({ tags: [FULL, 'latest', 'main', 'v1.2.3'] });
    expect(await itemsOf(other)).toEqual(await itemsOf(one));
  });
});

describe('the commit index', () => {
  const short = aRecord({ tags: tags(FULL.slice(0, 7)) });
  const full = aRecord({ tags: tags(FULL) });
  const unrelated = aRecord({ tags: tags('latest', 'v1.2.3', '20261120') });

  test.each([
    ['a short tag, then the full one', [short, full], FULL, 7],
    ['the full tag, then a short one', [full, short], FULL, 7],
    ['the full tag, then another full one', [full, aRecord({ tags: tags(OTHER) })], FULL, 7],
    ['another full one, then the full tag', [aRecord({ tags: tags(OTHER) }), full], FULL, 7],
    ['the full tag, then tags that name none', [full, unrelated], FULL, 7],
    ['only a short tag', [short, unrelated], FULL.slice(0, 7), 8],
    ['both at once', [aRecord({ tags: tags(FULL.slice(0, 7), FULL) })], FULL, 7],
  ])('%s', async (_what, records, commit, tier) => {
    const lineage = await saved(...records);
    expect(await indexed(lineage, FULL.slice(0, 4))).toEqual([{ commit, tier }]);
    expect(await indexed(lineage, OTHER.slice(0, 4))).toEqual([]);
  });

  test('does not hold an image whose tags name no commit', async () => {
    const lineage = await saved(unrelated);
    const [item] = await itemsOf(lineage);
    expect(item).not.toHaveProperty('gsi2pk');
    expect(item).not.toHaveProperty('tier');
  });

  test('holds the same digest once for each repository', async () => {
    const elsewhere = { ...full, image: anImageOf(aDigest('a'), aRepository({ region: 'us-east-1' })) };
    expect(await indexed(await saved(full, elsewhere), FULL.slice(0, 4))).toHaveLength(2);
  });
});

describe('the parents of a manifest', () => {
  test('an attestation has them like a platform', async () => {
    const lineage = await saved({ ...anIndex, attestations: [aDigest('3')] });
    expect(await findParents(lineage, anImageOf(aDigest('3')))).toEqual([aDigest('a')]);
  });

  test('are found however many indexes of other repositories list it too', async () => {
    const lineage = await saved();
    // More than a page of them.
    const wordy = [{ digest: aDigest('1'), platform: `linux/${'x'.repeat(20_000)}` }];
    for (let nth = 0; nth < 60; nth += 1) {
      const digest = parseDigest(`sha256:${nth.toString(16).padStart(64, '0')}`);
      const elsewhere = anImageOf(digest, aRepository({ name: 'elsewhere' }));
      await saveImage(lineage, { ...anIndex, image: elsewhere, platforms: wordy });
    }
    await saveImage(lineage, { ...anIndex, image: anImageOf(aDigest('f')) });
    expect(await findParents(lineage, anImageOf(aDigest('1')))).toEqual([aDigest('f')]);
  });

  test('are the indexes of the same repository that list it', async () => {
    const secondIndex = { ...anIndex, image: anImageOf(aDigest('b')), platforms: platforms.slice(1) };
    const lineage = await saved(anIndex, secondIndex);
    expect(await findParents(lineage, anImageOf(aDigest('1')))).toEqual([aDigest('a')]);
    expect(await findParents(lineage, anImageOf(aDigest('2')))).toEqual([aDigest('a'), aDigest('b')]);
    expect(await findParents(lineage, anImageOf(aDigest('a')))).toEqual([]);
  });

  const here = aRepository({ name: 'team/api' });
  test.each([
    ['whose name ends with this one’s', aRepository({ name: 'other/team/api' })],
    ['whose name is the end of this one’s', aRepository({ name: 'api' })],
    ['whose name continues this one’s', aRepository({ name: 'team/api/v2' })],
    ['of the same name in another region', { ...here, region: 'eu-west-2' }],
    ['of the same name in another account', { ...here, account: '444455556666' }],
  ])('are never in a repository %s', async (_what, elsewhere) => {
    const lineage = await saved({ ...anIndex, image: anImageOf(aDigest('a'), elsewhere) });
    expect(await findParents(lineage, anImageOf(aDigest('1'), here))).toEqual([]);
    expect(await findParents(lineage, anImageOf(aDigest('1'), elsewhere))).toEqual([aDigest('a')]);
  });
});

describe('a mark', () => {
  const archived: Mark = { op: 'archive', at: at('04:00') };
  const restored: Mark = { op: 'restore', at: at('05:00') };
  const deleted: Mark = { op: 'delete', at: at('06:00') };

  test('is on the image with the others, in the order of their times, once', async () => {
    const lineage = await saved(aRecord());
    for (const mark of [restored, deleted, archived, restored]) await saveMark(lineage, image, mark);
    expect(await loadImage(lineage, image)).toEqual(aRecord({ marks: [archived, restored, deleted] }));
  });

  test('does not make an unknown image a known one', async () => {
    const lineage = await saved();
    await saveMark(lineage, image, archived);
    expect(await loadImage(lineage, image)).toBeUndefined();
  });

  test('that came before the image is on it, and stays when a tag is added', async () => {
    const lineage = await saved();
    await saveMark(lineage, image, deleted);
    await saveImage(lineage, aRecord());
    await saveImage(lineage, aRecord({ tags: tags('main') }));
    expect(await loadImage(lineage, image)).toEqual(
      aRecord({ marks: [deleted], tags: tags('latest', 'main') }),
    );
  });
});
