import { describe, expect, test } from 'vitest';
import { NotReady } from '../../../lib/errors.ts';
import { parseDigest } from '../../../lib/image/digest.ts';
import type { Image } from '../../../lib/image/reference.ts';
import { findImage, findIndex } from '../../../lib/registry/image.ts';
import type { Registry } from '../../../local/ecr/registry.ts';
import { pushedAt, repositoryName, startRegistry } from '../local/ecr-client.ts';

const platforms = ['linux/amd64', 'linux/arm64'];

function imageOf({ account, region }: Registry, digest: string, name = repositoryName): Image {
  return { repository: { account, region, name }, digest: parseDigest(digest) };
}

describe('finding an image', () => {
  test('gives its kind, its tags in order, and the time of its push', async () => {
    const { registry, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, { tags: ['v2', 'latest', '2.0'] });
    const image = imageOf(registry, digest);
    expect(await findImage(client, image)).toEqual({
      image,
      kind: 'image',
      tags: ['2.0', 'latest', 'v2'],
      pushedAt: '2026-11-20T03:10:15.678Z',
    });
    expect(pushedAt.toISOString()).toBe('2026-11-20T03:10:15.678Z');
  });

  test('gives no tags where there are none, and none that moved away', async () => {
    const { registry, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, { tags: ['latest'] });
    registry.push(repositoryName, { tags: ['latest'] });
    expect(await findImage(client, imageOf(registry, digest))).toMatchObject({ tags: [] });
  });

  test('tells an index from its parts', async () => {
    const { registry, client } = await startRegistry();
    const { digest, children } = registry.push(repositoryName, {
      tags: ['latest'],
      platforms,
      attestation: true,
    });
    const kinds = await Promise.all(
      [digest, ...children.map((child) => child.digest)].map(
        async (it) => (await findImage(client, imageOf(registry, it)))?.kind,
      ),
    );
    expect(kinds.slice(0, 3)).toEqual(['index', 'image', 'image']);
  });

  test('gives nothing for an image or a repository that is not there', async () => {
    const { registry, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, {});
    expect(await findImage(client, imageOf(registry, `sha256:${'f'.repeat(64)}`))).toBeUndefined();
    expect(await findImage(client, imageOf(registry, digest, 'deleted'))).toBeUndefined();
  });

  test('throws what does not mean absence', async () => {
    const { registry, server, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, {});
    server.fail('DescribeImages', 1, 'AccessDeniedException');
    await expect(findImage(client, imageOf(registry, digest))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('reading an index', () => {
  test('gives each platform with its digest, and the attestation apart from them', async () => {
    const { registry, client } = await startRegistry();
    const { digest, children } = registry.push(repositoryName, { platforms, attestation: true });
    const images = children.filter(({ platform }) => platforms.includes(platform));
    expect(images).toHaveLength(2);
    expect(children).toHaveLength(3);
    const attestations = children.filter((it) => !images.includes(it)).map((it) => it.digest);
    expect(await findIndex(client, imageOf(registry, digest))).toEqual({ platforms: images, attestations });
  });

  test('of a plain image gives none', async () => {
    const { registry, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, {});
    const nothing = { platforms: [], attestations: [] };
    expect(await findIndex(client, imageOf(registry, digest))).toEqual(nothing);
  });

  test('gives nothing for an image or a repository that is not there', async () => {
    const { registry, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, { platforms });
    expect(await findIndex(client, imageOf(registry, `sha256:${'f'.repeat(64)}`))).toBeUndefined();
    expect(await findIndex(client, imageOf(registry, digest, 'deleted'))).toBeUndefined();
  });

  test.each(['AccessDeniedException', 'ThrottlingException'])('throws %s', async (code) => {
    const { registry, server, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, { platforms });
    server.fail('BatchGetImage', 1, code);
    await expect(findIndex(client, imageOf(registry, digest))).rejects.toMatchObject({ name: code });
  });

  // The embedded registry knows one failure; here the client hears another.
  async function findIndexAfter(failureCode: string | undefined) {
    const { registry, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, { platforms });
    client.middlewareStack.add(
      (next) => async (args) => {
        const { response } = await next(args);
        const failures = failureCode ? [{ failureCode }] : [];
        return { response, output: { $metadata: {}, images: [], failures } };
      },
      { step: 'initialize' },
    );
    return findIndex(client, imageOf(registry, digest));
  }

  test('takes a digest that lost its image for absent', async () => {
    expect(await findIndexAfter('ImageTagDoesNotMatchDigest')).toBeUndefined();
  });

  test.each(['UpstreamUnavailable', 'KmsError', undefined])(
    'comes back later after the failure %s',
    async (code) => {
      const finding = findIndexAfter(code);
      await expect(finding).rejects.toThrow(NotReady);
      await expect(finding).rejects.toMatchObject({ retryAfterSeconds: 30 });
    },
  );
});
