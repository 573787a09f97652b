import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { parseDigest } from '../../../lib/image/digest.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { whichImages } from '../../../lib/lookup/commit.ts';
import { findImage } from '../../../lib/lookup/digest.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { openTables } from '../../doubles/dynamodb.ts';
import { lookupPorts, recorder } from '../../doubles/lookup.ts';

const [A, B, C] = ['a', 'b', 'c'].map(aDigest) as [Digest, Digest, Digest];
const COMMIT = 'abc1234d4e5f60718293a4b5c6d7e8f901234567';
const LIKE_IT = 'abc1234f00f60718293a4b5c6d7e8f9012345678';

async function open() {
  const tables = await openTables();
  const shop = recorder(tables, aRepository({ name: 'web/shop' }));
  return { tables, ports: lookupPorts(tables), demo: recorder(tables), shop };
}

describe('a commit', () => {
  test('by any beginning of it: the images, the newest first, with their tags', async () => {
    const { ports, demo, shop } = await open();
    await demo.image(A, ['latest', COMMIT], { pushedAt: at('01:00') });
    await shop.image(B, [COMMIT], { pushedAt: at('02:00') });
    await demo.image(C, ['0000000'], { pushedAt: at('03:00') });
    for (const hex of [COMMIT, COMMIT.slice(0, 12), 'abc1234', 'abc1']) {
      expect(await whichImages(hex, ports)).toMatchObject({
        found: 'one',
        commit: COMMIT,
        images: [
          { digest: B, repository: { name: 'web/shop' }, tags: [COMMIT] },
          { digest: A, repository: { name: 'demo-api' }, tags: [COMMIT, 'latest'], pushedAt: at('01:00') },
        ],
      });
    }
  });

  test('of which a tag names only the beginning is found by the whole', async () => {
    const { ports, demo } = await open();
    await demo.image(A, ['main-abc1234']);
    expect(await whichImages(COMMIT, ports)).toMatchObject({
      ...{ found: 'one', commit: 'abc1234', images: [], maybe: [{ digest: A }] },
    });
    expect(await whichImages('abc1235', ports)).toMatchObject({ found: 'nothing' });
  });

  test('a short form goes with the one longer commit that begins so', async () => {
    const { ports, demo } = await open();
    await demo.image(A, [COMMIT]);
    await demo.image(B, ['sha-abc1234']);
    expect(await whichImages('abc1234', ports)).toMatchObject({
      ...{ found: 'one', commit: COMMIT, images: [{ digest: A }, { digest: B }] },
    });
  });

  test('that is short for several is ambiguous, and none of them is chosen', async () => {
    const { ports, demo } = await open();
    await demo.image(A, [COMMIT]);
    await demo.image(B, [LIKE_IT]);
    await demo.image(C, ['sha-abc1234']);
    expect(await whichImages('abc1234', ports)).toMatchObject({
      found: 'commits',
      candidates: [
        { commit: 'abc1234', images: [{ digest: C }] },
        { commit: COMMIT, images: [{ digest: A }] },
        { commit: LIKE_IT, images: [{ digest: B }] },
      ],
    });
    for (const [hex, commit, digest] of [
      ['abc1234d', COMMIT, A],
      [LIKE_IT, LIKE_IT, B],
    ] as const) {
      expect(await whichImages(hex, ports)).toMatchObject({
        ...{ found: 'one', commit, images: [{ digest }], maybe: [{ digest: C }] },
      });
    }
  });

  test('that nobody recorded is not found', async () => {
    const { ports } = await open();
    expect(await whichImages('abc1234', ports)).toEqual({
      found: 'nothing',
      why: 'no image is on record whose commit begins with abc1234',
    });
  });
});

describe('a digest', () => {
  test('by its beginning: what a tag has pointed to, in any repository or in one', async () => {
    const { ports, demo, shop } = await open();
    await demo.image(A, ['latest', 'old']);
    await demo.image(B, ['latest']);
    const found = { found: 'one', image: { digest: A, repository: aRepository() }, isParent: false };
    expect(await findImage('a'.repeat(12), {}, ports)).toEqual(found);
    await shop.image(A, ['latest']);
    expect(await findImage('a'.repeat(8), {}, ports)).toMatchObject({
      found: 'images',
      candidates: [{ digest: A }, { digest: A }],
    });
    expect(await findImage('a'.repeat(8), { name: 'demo-api' }, ports)).toEqual(found);
    expect(await findImage('a'.repeat(8), { name: 'other' }, ports)).toMatchObject({
      why: 'no tag on record of other ever pointed to a digest that begins with sha256:aaaaaaaa',
    });
  });

  test('by the events of its tags as well, which were in the index before its image was', async () => {
    const { tables, ports, demo } = await open();
    await demo.image(A, ['latest']);
    const hex = A.slice('sha256:'.length);
    const key = { pk: 'TAG#111122223333#eu-west-1#demo-api#v1', sk: `E#${at('01:00')}#event` };
    const points = { gsi1pk: 'D#aaaa', gsi1sk: `${hex}#111122223333#eu-west-1#demo-api#v1#${at('01:00')}` };
    const Item = { ...key, ...points, op: 'push', digest: A, recordedAt: at('01:00') };
    await tables.lineage.client.send(new PutCommand({ TableName: tables.lineage.name, Item }));
    expect(await findImage('aaaaaaaa', {}, ports)).toMatchObject({ found: 'one', image: { digest: A } });
    const name = { repository: aRepository(), tag: parseTag('v1') };
    const [event] = await ports.loadHistory(name, { at: at('12:00'), limit: 1 });
    expect(event).not.toHaveProperty('gsi1sk');
  });

  test('two that begin alike are ambiguous', async () => {
    const { ports, demo } = await open();
    const alike = parseDigest(`sha256:${'a'.repeat(63)}b`);
    await demo.image(A, ['latest']);
    await demo.image(alike, ['next']);
    expect(await findImage('a'.repeat(12), {}, ports)).toMatchObject({ found: 'images' });
    expect(await findImage('a'.repeat(63), {}, ports)).toMatchObject({ found: 'images' });
    expect(await findImage(`${'a'.repeat(63)}b`, {}, ports)).toMatchObject({ image: { digest: alike } });
  });

  test('in full: also what never had a tag, and the index that lists a platform', async () => {
    const { ports, demo } = await open();
    const platforms = [{ digest: B, platform: 'linux/amd64' }];
    await demo.image(A, [], { kind: 'index', platforms });
    expect(await findImage('a'.repeat(64), {}, ports)).toMatchObject({
      image: { digest: A },
      isParent: false,
    });
    expect(await findImage('b'.repeat(64), {}, ports)).toMatchObject({
      image: { digest: A },
      isParent: true,
    });
    expect(await findImage('c'.repeat(64), {}, ports)).toMatchObject({ found: 'nothing' });
  });
});
