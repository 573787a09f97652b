import { describe, expect, test } from 'vitest';
import { basicAnswer } from '../../../local/ecr/findings.ts';
import { createRegistry, type Registry } from '../../../local/ecr/registry.ts';
import { sha256 } from './ecr-client.ts';

const now = () => new Date('2026-11-20T03:10:15.678Z');
const indexMediaType = 'application/vnd.oci.image.index.v1+json';
const manifestMediaType = 'application/vnd.oci.image.manifest.v1+json';
const configMediaType = 'application/vnd.oci.image.config.v1+json';

function emptyRegistry(): Registry {
  return createRegistry({ account: '123456789012', region: 'eu-central-1', now });
}

function manifest(registry: Registry, digest: string) {
  return JSON.parse(registry.find('demo-api')?.images.get(digest)?.text ?? 'null');
}

describe('a pushed image', () => {
  test('holds manifests and blobs under their real digests', () => {
    const registry = emptyRegistry();
    registry.push('demo-api', { platforms: ['linux/amd64', 'linux/arm64'], attestation: true });
    const { images, blobs } = registry.find('demo-api') ?? {};
    expect(images?.size).toBe(4);
    expect(blobs?.size).toBe(6);
    for (const [digest, image] of images ?? []) expect(sha256(image.text)).toBe(digest);
    for (const [digest, content] of blobs ?? []) expect(sha256(content)).toBe(digest);
  });

  test('is one manifest whose config carries platform, labels and layer', () => {
    const registry = emptyRegistry();
    const { digest, children } = registry.push('demo-api', { labels: { revision: 'abc1234' } });
    expect(children).toEqual([]);
    const { config, layers } = manifest(registry, digest);
    const blobs = registry.find('demo-api')?.blobs;
    expect(JSON.parse(blobs?.get(config.digest) ?? '')).toEqual({
      architecture: 'amd64',
      os: 'linux',
      config: { Labels: { revision: 'abc1234' } },
      rootfs: { type: 'layers', diff_ids: [layers[0].digest] },
    });
    expect(layers[0].size).toBe(blobs?.get(layers[0].digest)?.length);
  });

  test('is an image index over its platforms, the attestation pointing to the first', () => {
    const registry = emptyRegistry();
    const { digest, children } = registry.push('demo-api', {
      platforms: ['linux/amd64', 'linux/arm/v7'],
      attestation: true,
    });
    expect(children.map(({ platform }) => platform)).toEqual([
      'linux/amd64',
      'linux/arm/v7',
      'unknown/unknown',
    ]);
    const index = manifest(registry, digest);
    expect(index.mediaType).toBe(indexMediaType);
    expect(index.manifests).toMatchObject([
      { digest: children[0]?.digest, platform: { os: 'linux', architecture: 'amd64' } },
      { digest: children[1]?.digest, platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
      {
        digest: children[2]?.digest,
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: {
          'vnd.docker.reference.digest': children[0]?.digest,
          'vnd.docker.reference.type': 'attestation-manifest',
        },
      },
    ]);
  });

  test('with an attestation is an index even over one platform', () => {
    const { children } = emptyRegistry().push('demo-api', { attestation: true });
    expect(children.map(({ platform }) => platform)).toEqual(['linux/amd64', 'unknown/unknown']);
  });

  test('has the same digest for the same seed and another without one', () => {
    const registry = emptyRegistry();
    const digest = (seed?: string) => registry.push('demo-api', seed ? { seed } : {}).digest;
    expect(digest('a')).toBe(digest('a'));
    expect(new Set([digest('a'), digest('b'), digest(), digest()]).size).toBe(4);
  });

  test('of no platform is refused', () => {
    expect(() => emptyRegistry().push('demo-api', { platforms: [] })).toThrow('at least one platform');
  });
});

describe('push events', () => {
  test('of one tag are in the envelope of EventBridge', () => {
    const { digest, events } = emptyRegistry().push('demo-api', { tags: ['main-abc1234'] });
    expect(events).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'ECR Image Action',
        source: 'aws.ecr',
        account: '123456789012',
        time: '2026-11-20T03:10:15Z',
        region: 'eu-central-1',
        resources: [],
        detail: {
          result: 'SUCCESS',
          'repository-name': 'demo-api',
          'image-digest': digest,
          'action-type': 'PUSH',
          'image-tag': 'main-abc1234',
          'manifest-media-type': manifestMediaType,
          'artifact-media-type': configMediaType,
        },
      },
    ]);
  });

  test('of an index come children first and untagged, then one per tag, each with its own id', () => {
    const { digest, children, events } = emptyRegistry().push('demo-api', {
      tags: ['latest', 'main-abc1234'],
      platforms: ['linux/amd64', 'linux/arm64'],
      attestation: true,
    });
    const told = events.map(({ detail }) => [detail['image-digest'], detail['image-tag']]);
    expect(told).toEqual([
      ...children.map((child) => [child.digest, '']),
      [digest, 'latest'],
      [digest, 'main-abc1234'],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(5);
    expect(events.at(-1)?.detail).toMatchObject({ 'manifest-media-type': indexMediaType });
    expect(events.at(-1)?.detail).not.toHaveProperty('artifact-media-type');
    expect(events[0]?.detail).toMatchObject({ 'artifact-media-type': configMediaType });
  });

  test('of an untagged image is one with an empty tag', () => {
    const { events } = emptyRegistry().push('demo-api', {});
    expect(events.map(({ detail }) => detail['image-tag'])).toEqual(['']);
  });
});

describe('tags', () => {
  test('move to the digest that was pushed last', () => {
    const registry = emptyRegistry();
    const old = registry.push('demo-api', { tags: ['latest', '1.0'] });
    const young = registry.push('demo-api', { tags: ['latest'] });
    expect(Object.fromEntries(registry.find('demo-api')?.tags ?? [])).toEqual({
      latest: young.digest,
      '1.0': old.digest,
    });
  });

  test('are put on an image again with one PUSH event', () => {
    const registry = emptyRegistry();
    const old = registry.push('demo-api', { tags: ['1.0'] });
    registry.push('demo-api', { tags: ['latest'] });
    const events = registry.retag('demo-api', old.digest, 'latest');
    expect(events.map(({ detail }) => detail)).toMatchObject([
      { 'action-type': 'PUSH', 'image-tag': 'latest', 'image-digest': old.digest },
    ]);
    expect(registry.find('demo-api')?.tags.get('latest')).toBe(old.digest);
  });
});

describe('removal', () => {
  test('takes image, tags and scan away, leaves the children, and tells of each tag', () => {
    const registry = emptyRegistry();
    const { digest, children } = registry.push('demo-api', { tags: ['a', 'b'], platforms: ['linux/amd64'] });
    const events = registry.remove('demo-api', digest);
    expect(events.map(({ detail }) => [detail['action-type'], detail['image-tag']])).toEqual([
      ['DELETE', 'a'],
      ['DELETE', 'b'],
    ]);
    const repository = registry.find('demo-api');
    expect([...(repository?.images.keys() ?? [])]).toEqual(children.map((child) => child.digest));
    expect(repository?.tags.size).toBe(0);
  });

  test('of an untagged image tells once with an empty tag', () => {
    const registry = emptyRegistry();
    const { digest } = registry.push('demo-api', {});
    expect(registry.remove('demo-api', digest).map(({ detail }) => detail['image-tag'])).toEqual(['']);
  });

  test.each<[string, (registry: Registry) => unknown]>([
    ['retag', (registry) => registry.retag('demo-api', 'sha256:0', 'latest')],
    ['remove', (registry) => registry.remove('demo-api', 'sha256:0')],
    ['scan', (registry) => registry.scan('demo-api', 'sha256:0', basicAnswer([]))],
    ['clearScan', (registry) => registry.clearScan('demo-api', 'sha256:0')],
  ])('%s of an image that is not there says so', (_name, change) => {
    const registry = emptyRegistry();
    expect(() => change(registry)).toThrow('no image sha256:0 in repository demo-api: push it first');
  });
});
