import { expect, test } from 'vitest';
import { parseDigest } from '../../../lib/image/digest.ts';
import { listImages, listRepositories } from '../../../lib/registry/list.ts';
import { peekScan } from '../../../lib/registry/peek.ts';
import type { ScanAnswer } from '../../../local/ecr/scan-answer.ts';
import { repositoryName, startRegistry } from '../local/ecr-client.ts';

const counts = { HIGH: 1 };
const completedAt = new Date('2026-11-20T04:00:00Z');

test('repositories and images come by the page, with what an event of each push would have said', async () => {
  const { registry, client } = await startRegistry();
  for (let n = 0; n < 1001; n++) registry.push(`${repositoryName}-${n}`, { seed: `${n}` });
  const first = await listRepositories(client);
  const second = await listRepositories(client, first.nextToken);
  expect([first.items.length, second.items.length, second.nextToken]).toEqual([1000, 1, undefined]);
  const account = '123456789012';
  const repository = { account, region: 'eu-central-1', name: `${repositoryName}-0` };
  expect(first.items[0]).toEqual(repository);
  const { digest } = registry.push(repository.name, {
    tags: ['latest'],
    platforms: ['linux/amd64', 'linux/arm64'],
  });
  const page = await listImages(client, repository);
  expect(page?.items).toHaveLength(4);
  expect(page?.items.find(({ image }) => image.digest === digest)).toEqual({
    image: { repository, digest },
    ...{ kind: 'index', tags: ['latest'], pushedAt: '2026-11-20T03:10:15.678Z', isArchived: false },
    mediaType: 'application/vnd.oci.image.index.v1+json',
  });
  expect(await listImages(client, { ...repository, name: 'gone' })).toBeUndefined();
});

test.each<[string, ScanAnswer | undefined, object]>([
  ['none', undefined, { state: 'pending' }],
  [
    'COMPLETE',
    { status: 'COMPLETE', counts, completedAt },
    { state: 'scanned', completedAt: completedAt.toISOString() },
  ],
  [
    'clean',
    { status: 'ACTIVE', counts: {}, completedAt },
    { state: 'scanned', completedAt: completedAt.toISOString() },
  ],
  ['COMPLETE, without counts yet', { status: 'COMPLETE' }, { state: 'pending' }],
  ['IN_PROGRESS', { status: 'IN_PROGRESS' }, { state: 'pending' }],
  ['FAILED', { status: 'FAILED' }, { state: 'unscannable' }],
  ['a status of tomorrow', { status: 'QUARANTINED' }, { state: 'unscannable' }],
])('a peek at a scan: %s', async (_, answer, expected) => {
  const { registry, client } = await startRegistry();
  const { digest } = registry.push(repositoryName, { tags: ['latest'] });
  if (answer) registry.setScan(repositoryName, digest, answer);
  const repository = { account: '123456789012', region: 'eu-central-1', name: repositoryName };
  expect(await peekScan(client, { repository, digest: parseDigest(digest) })).toEqual(expected);
  const gone = { repository, digest: parseDigest(`sha256:${'0'.repeat(64)}`) };
  expect(await peekScan(client, gone)).toEqual({ state: 'gone' });
});
