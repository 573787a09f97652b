import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidEvent } from '../../../lib/errors.ts';
import { digestOf } from '../../../lib/image/digest.ts';
import { isImageIndex, kindOf, MANIFEST_MEDIA_TYPES, parseIndex } from '../../../lib/image/manifest.ts';
import { toPlatform } from '../../../lib/image/platform.ts';
import { aDigest } from '../../build/lineage.ts';

const [OCI_INDEX, DOCKER_LIST, OCI_IMAGE, DOCKER_IMAGE] = MANIFEST_MEDIA_TYPES;
const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';

/** Reads a manifest under its own digest, as ECR gives it. */
function read(manifest: unknown) {
  const text = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  return parseIndex(text, digestOf(text));
}

const amd64 = { digest: aDigest('a'), platform: { os: 'linux', architecture: 'amd64' } };
const arm64 = { digest: aDigest('b'), platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } };

describe('parseIndex', () => {
  test('lists the platforms of an index, and its attestations apart from them', () => {
    const attestation = {
      digest: aDigest('c'),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': aDigest('a'),
      },
    };
    expect(read({ mediaType: OCI_INDEX, manifests: [amd64, arm64, attestation] })).toEqual({
      platforms: [
        { digest: aDigest('a'), platform: 'linux/amd64' },
        { digest: aDigest('b'), platform: 'linux/arm64/v8' },
      ],
      attestations: [aDigest('c')],
    });
  });

  test.each([
    ['by its annotation', { ...arm64, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }],
    ['by its platform', { digest: aDigest('b'), platform: { os: 'unknown', architecture: 'unknown' } }],
  ])('knows an attestation %s alone', (_, attestation) => {
    expect(read({ manifests: [amd64, attestation] })).toEqual({
      platforms: [{ digest: aDigest('a'), platform: 'linux/amd64' }],
      attestations: [aDigest('b')],
    });
  });

  test('an image without a platform in the index is kept: it may hold anything', () => {
    expect(read({ manifests: [{ digest: aDigest('a') }] }).platforms).toEqual([
      { digest: aDigest('a'), platform: 'unknown/unknown' },
    ]);
  });

  test('null where a field may be absent is absent', () => {
    const platform = { os: 'linux', architecture: 'arm64', variant: null };
    expect(
      read({
        mediaType: null,
        config: null,
        manifests: [
          { digest: aDigest('a'), platform: null, annotations: null },
          { digest: aDigest('b'), platform },
        ],
      }).platforms,
    ).toEqual([
      { digest: aDigest('a'), platform: 'unknown/unknown' },
      { digest: aDigest('b'), platform: 'linux/arm64' },
    ]);
    expect(read({ manifests: null })).toEqual({ platforms: [], attestations: [] });
  });

  test.each([
    [
      'an image',
      { mediaType: OCI_IMAGE, config: { mediaType: OCI_CONFIG, digest: aDigest('d') }, layers: [] },
    ],
    ['an empty index', { mediaType: OCI_INDEX, manifests: [] }],
  ])('%s has none', (_, manifest) => {
    expect(read(manifest)).toEqual({ platforms: [], attestations: [] });
  });

  test('believes no text that has another digest', () => {
    const text = JSON.stringify({ manifests: [amd64] });
    expect(() => parseIndex(`${text} `, digestOf(text))).toThrow(InvalidEvent);
  });

  test.each([
    ['no JSON', 'not { json'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]x'],
    ['manifests is no list', { manifests: {} }],
    ['a manifest without digest', { manifests: [{ platform: { os: 'linux' } }] }],
    ['a digest that is none', { manifests: [{ digest: 'sha256:short' }] }],
    ['a digest that forges a key', { manifests: [{ digest: `${aDigest('a')}#PARENT` }] }],
    ['os is a number', { manifests: [{ ...amd64, platform: { os: 1 } }] }],
    ['annotations are numbers', { manifests: [{ ...amd64, annotations: { a: 1 } }] }],
  ])('InvalidEvent for %s', (_, manifest) => {
    expect(() => read(manifest)).toThrow(InvalidEvent);
  });

  test('ends in two lists or in InvalidEvent, whatever the manifest is', () => {
    const descriptor = fc.record(
      {
        digest: fc.oneof(fc.constant(aDigest('a')), fc.string()),
        platform: fc.jsonValue(),
        annotations: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const manifest = fc.oneof(fc.jsonValue(), fc.record({ manifests: fc.array(descriptor) }));
    fc.assert(
      fc.property(manifest, (it) => {
        try {
          expect(Object.values(read(it)).every(Array.isArray)).toBe(true);
        } catch (error) {
          if (!(error instanceof InvalidEvent)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  [{ os: 'linux', architecture: 'amd64' }, 'linux/amd64'],
  [{ os: 'linux', architecture: 'arm64', variant: 'v8' }, 'linux/arm64/v8'],
  [{ os: 'linux', architecture: 'arm64', variant: '' }, 'linux/arm64'],
  [{}, 'unknown/unknown'],
  [{ os: 'linux\n<!channel>', architecture: '../x' }, 'linux---channel-/..-x'],
  [{ os: 'x'.repeat(1000), architecture: '#' }, `${'x'.repeat(32)}/-`],
  [{ os: '\u202eunil', architecture: '🐳' }, '-unil/--'],
])('toPlatform(%j) is %s', (descriptor, expected) => {
  expect(toPlatform(descriptor)).toBe(expected);
});

test.each([
  [OCI_INDEX, undefined, 'index'],
  [DOCKER_LIST, undefined, 'index'],
  [OCI_INDEX, 'application/vnd.example', 'index'],
  [OCI_IMAGE, OCI_CONFIG, 'image'],
  [DOCKER_IMAGE, 'application/vnd.docker.container.image.v1+json', 'image'],
  [OCI_IMAGE, undefined, 'image'],
  [undefined, undefined, 'image'],
  [OCI_IMAGE, 'application/vnd.buildkit.cacheconfig.v0', 'cache'],
  [OCI_IMAGE, 'application/vnd.docker.attestation.manifest.v1+json', 'attestation'],
  [OCI_IMAGE, 'application/vnd.cncf.helm.config.v1+json', 'artifact'],
  [OCI_IMAGE, 'application/vnd.dev.sigstore.bundle.v0.3+json', 'artifact'],
  [OCI_IMAGE, 'application/vnd.cncf.notary.signature', 'artifact'],
  [OCI_IMAGE, 'text/sbom+json', 'artifact'],
] as const)('kindOf(%s, %s) is %s', (mediaType, artifactMediaType, kind) => {
  expect(kindOf(mediaType, artifactMediaType)).toBe(kind);
  expect(isImageIndex(mediaType)).toBe(kind === 'index');
});
