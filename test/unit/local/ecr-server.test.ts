import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  GetDownloadUrlForLayerCommand,
  paginateDescribeImages,
} from '@aws-sdk/client-ecr';
import { describe, expect, test } from 'vitest';
import { pushedAt, repositoryName, sha256, startRegistry } from './ecr-client.ts';

const indexMediaType = 'application/vnd.oci.image.index.v1+json';
const manifestMediaType = 'application/vnd.oci.image.manifest.v1+json';

describe('DescribeImages', () => {
  test('tells what was pushed, by tag and by digest', async () => {
    const { registry, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, { tags: ['latest', '1.0'] });
    for (const imageId of [{ imageDigest: digest }, { imageTag: '1.0' }]) {
      const command = new DescribeImagesCommand({ repositoryName, imageIds: [imageId] });
      const { imageDetails } = await client.send(command);
      expect(imageDetails).toEqual([
        {
          registryId: '123456789012',
          repositoryName,
          imageDigest: digest,
          imageTags: ['latest', '1.0'],
          imagePushedAt: pushedAt,
          imageSizeInBytes: expect.any(Number),
          imageManifestMediaType: manifestMediaType,
          artifactMediaType: 'application/vnd.oci.image.config.v1+json',
          imageStatus: 'ACTIVE',
        },
      ]);
    }
  });

  test('has neither tags of untagged images nor a config type of an index', async () => {
    const { registry, client } = await startRegistry();
    const { digest, children } = registry.push(repositoryName, { platforms: ['linux/amd64'] });
    const ids = [digest, children[0]?.digest].map((imageDigest) => ({ imageDigest }));
    const { imageDetails = [] } = await client.send(
      new DescribeImagesCommand({ repositoryName, imageIds: ids }),
    );
    expect(imageDetails[0]).not.toHaveProperty('imageTags');
    expect(imageDetails[0]).not.toHaveProperty('artifactMediaType');
    expect(imageDetails[0]?.imageManifestMediaType).toBe(indexMediaType);
    expect(imageDetails[0]?.imageSizeInBytes).toBe(imageDetails[1]?.imageSizeInBytes);
  });

  test('lists a repository by pages', async () => {
    const { registry, client } = await startRegistry();
    for (let n = 0; n < 5; n++) registry.push(repositoryName, n % 2 ? {} : { tags: [`v${n}`] });
    const counts: number[] = [];
    const pages = paginateDescribeImages({ client, pageSize: 2 }, { repositoryName });
    for await (const page of pages) counts.push(page.imageDetails?.length ?? 0);
    expect(counts).toEqual([2, 2, 1]);
    const filter = { tagStatus: 'UNTAGGED' } as const;
    const { imageDetails } = await client.send(new DescribeImagesCommand({ repositoryName, filter }));
    expect(imageDetails).toHaveLength(2);
  });

  test.each([
    ['ImageNotFoundException', repositoryName, { imageTag: 'gone' }],
    ['ImageNotFoundException', repositoryName, { imageDigest: sha256('gone') }],
    ['ImageNotFoundException', repositoryName, { imageTag: 'latest', imageDigest: sha256('other') }],
    ['RepositoryNotFoundException', 'gone', { imageTag: 'latest' }],
  ])('answers %s', async (name, repository, imageId) => {
    const { registry, client } = await startRegistry();
    registry.push(repositoryName, { tags: ['latest'] });
    const command = new DescribeImagesCommand({ repositoryName: repository, imageIds: [imageId] });
    await expect(client.send(command)).rejects.toMatchObject({ name });
  });
});

describe('BatchGetImage', () => {
  test('gives the exact manifests, and missing ones as failures', async () => {
    const { registry, client } = await startRegistry();
    const { digest, children } = registry.push(repositoryName, {
      tags: ['latest'],
      platforms: ['linux/amd64'],
    });
    const { images = [], failures } = await client.send(
      new BatchGetImageCommand({
        repositoryName,
        imageIds: [{ imageTag: 'latest' }, { imageDigest: children[0]?.digest }, { imageTag: 'gone' }],
        acceptedMediaTypes: [indexMediaType, manifestMediaType],
      }),
    );
    expect(images.map((image) => image.imageId)).toEqual([
      { imageTag: 'latest', imageDigest: digest },
      { imageDigest: children[0]?.digest },
    ]);
    for (const { imageId, imageManifest = '' } of images)
      expect(sha256(imageManifest)).toBe(imageId?.imageDigest);
    expect(images.map((image) => image.imageManifestMediaType)).toEqual([indexMediaType, manifestMediaType]);
    expect(failures).toMatchObject([{ imageId: { imageTag: 'gone' }, failureCode: 'ImageNotFound' }]);
  });

  test('keeps to the accepted media types', async () => {
    const { registry, client } = await startRegistry();
    registry.push(repositoryName, { tags: ['latest'], platforms: ['linux/amd64'] });
    const ask = { repositoryName, imageIds: [{ imageTag: 'latest' }] };
    const strict = new BatchGetImageCommand({ ...ask, acceptedMediaTypes: [manifestMediaType] });
    expect(await client.send(strict)).toMatchObject({
      images: [],
      failures: [{ failureCode: 'ImageNotFound' }],
    });
    expect((await client.send(new BatchGetImageCommand(ask))).images).toHaveLength(1);
  });
});

describe('GetDownloadUrlForLayer', () => {
  test('points to the blob, which needs no credentials', async () => {
    const { registry, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, { labels: { revision: 'abc1234' } });
    const { config } = JSON.parse(registry.find(repositoryName)?.images.get(digest)?.text ?? '');
    const command = new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: config.digest });
    const { downloadUrl = '', layerDigest } = await client.send(command);
    const blob = await (await fetch(downloadUrl)).text();
    expect(layerDigest).toBe(config.digest);
    expect(sha256(blob)).toBe(config.digest);
    expect(JSON.parse(blob).config.Labels).toEqual({ revision: 'abc1234' });
    expect((await fetch(downloadUrl.replace(config.digest, sha256('gone')))).status).toBe(404);
  });

  test('knows no other layer', async () => {
    const { registry, client } = await startRegistry();
    registry.push(repositoryName, {});
    const command = new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: sha256('gone') });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'LayersNotFoundException' });
  });
});

describe('planned failures', () => {
  test('hit one operation as often as planned', async () => {
    const { registry, server, client } = await startRegistry();
    registry.push(repositoryName, { tags: ['latest'] });
    server.fail('BatchGetImage', 2, 'ThrottlingException');
    server.fail('BatchGetImage', 1, 'ServerException');
    const ask = { repositoryName, imageIds: [{ imageTag: 'latest' }] };
    const throttled = { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } };
    await expect(client.send(new BatchGetImageCommand(ask))).rejects.toMatchObject(throttled);
    expect((await client.send(new DescribeImagesCommand(ask))).imageDetails).toHaveLength(1);
    await expect(client.send(new BatchGetImageCommand(ask))).rejects.toMatchObject(throttled);
    await expect(client.send(new BatchGetImageCommand(ask))).rejects.toMatchObject({
      name: 'ServerException',
      $metadata: { httpStatusCode: 500 },
    });
    expect((await client.send(new BatchGetImageCommand(ask))).images).toHaveLength(1);
  });

  test('are retried by the client as it retries AWS', async () => {
    const { registry, server, client } = await startRegistry({ maxAttempts: 2 });
    registry.push(repositoryName, { tags: ['latest'] });
    server.fail('DescribeImages', 1, 'ThrottlingException');
    const { $metadata } = await client.send(new DescribeImagesCommand({ repositoryName }));
    expect($metadata.attempts).toBe(2);
  });

  test('of an operation that is not here are refused', async () => {
    const { server } = await startRegistry();
    expect(() => server.fail('PutImage', 1, 'ThrottlingException')).toThrow('no operation PutImage');
  });
});
