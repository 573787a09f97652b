import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trailHint } from '../../../lib/backfill/hint.ts';
import { readTrailEvent } from '../../../lib/backfill/trail-event.ts';
import { parsePush } from '../../../lib/intake/parse.ts';
import { aDigest } from '../../build/lineage.ts';
import { batchDeleteImage, putImage } from '../../doubles/cloudtrail.ts';

const deed = {
  ...{ account: '111122223333', region: 'eu-west-1', repository: 'demo-api' },
  at: new Date('2026-10-01T02:03:04Z'),
};
const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const manifest = (more: object) => ({ digest: aDigest('a'), text: JSON.stringify(more) });
const plain = manifest({
  mediaType: IMAGE,
  config: { mediaType: 'application/vnd.oci.image.config.v1+json' },
});
const read = (record: object) => readTrailEvent(JSON.stringify(record));

describe('an event of CloudTrail', () => {
  test('a push says what was pushed, when, and by which role, and becomes the event AWS did not send', () => {
    const record = putImage(deed, plain, 'latest');
    const [event, ...more] = read(record);
    expect(more).toEqual([]);
    expect(parsePush(trailHint(event as never))).toEqual({
      ...{ kind: 'image-action', action: 'push', eventId: record.eventID, at: '2026-10-01T02:03:04.000Z' },
      repository: { account: deed.account, region: deed.region, name: deed.repository },
      ...{ digest: aDigest('a'), tag: 'latest', imageKind: 'image', source: 'backfill', actor: 'role/ci' },
    });
  });

  test('a tag that was taken away', () => {
    const [event] = read(batchDeleteImage(deed, aDigest('a'), 'latest'));
    expect(parsePush(trailHint(event as never))).toMatchObject({
      action: 'delete',
      tag: 'latest',
      source: 'backfill',
    });
  });

  test.each([
    ['a part of an index', putImage(deed, plain)],
    ['a refusal', { ...putImage(deed, plain, 'latest'), responseElements: null, errorCode: 'AccessDenied' }],
    [
      'a build cache',
      putImage(deed, manifest({ config: { mediaType: 'application/vnd.buildkit.cacheconfig.v0' } }), 'x'),
    ],
    ['an artifact', putImage(deed, manifest({ artifactType: 'application/vnd.example' }), 'x')],
    ['a signature', putImage(deed, plain, `sha256-${'a'.repeat(64)}.sig`)],
    [
      "a push into another account's registry",
      { ...putImage(deed, plain, 'latest'), recipientAccountId: '222233334444' },
    ],
  ])('%s is about no tag', (_, record) => {
    expect(read(record)).toEqual([]);
  });

  test('of a manifest that was too long for the trail, its media type is taken from beside it', () => {
    const record = putImage(deed, { digest: aDigest('a'), text: 'cut' }, 'latest') as never as Record<
      string,
      object
    >;
    const index = 'application/vnd.oci.image.index.v1+json';
    const requestParameters = { ...record.requestParameters, imageManifestMediaType: index };
    expect(read({ ...record, requestParameters })).toMatchObject([{ mediaType: index }]);
  });

  test.each([
    ['no JSON', 'x'],
    ['null', 'null'],
    [
      'another call',
      JSON.stringify({ ...putImage(deed, plain, 'latest'), eventName: 'GetDownloadUrlForLayer' }),
    ],
    ['a tag that is none', JSON.stringify(putImage(deed, plain, 'a#b'))],
    ['a digest that is none', JSON.stringify(putImage(deed, { ...plain, digest: 'sha256:1' }, 'x'))],
    ['an id that could forge a key', JSON.stringify({ ...putImage(deed, plain, 'x'), eventID: 'a#b' })],
  ])('%s is unreadable, and no reason to stop', (_, text) => {
    expect(readTrailEvent(text)).toBe('unreadable');
  });
});

const recorded = join(
  process.env.RECORDED_DIR ?? '../shared/recorded',
  'lineage/cloudtrail-ecr-putimage-doc.json',
);

test.skipIf(!existsSync(recorded))("the event in AWS's documents", () => {
  expect(readTrailEvent(readFileSync(recorded, 'utf8'))).toMatchObject([
    {
      ...{ op: 'push', eventId: '2bfd4ee2-2178-4a82-a27d-b12939923f0f', at: '2019-04-15T16:45:00.000Z' },
      repository: { account: '123456789012', region: 'us-east-2', name: 'testrepo' },
      ...{ tag: 'latest', actor: 'user/Mary_Major' },
    },
  ]);
});
