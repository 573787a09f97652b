import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../lib/image/digest.ts';
import {
  blobsToRead,
  childrenToRead,
  type ImageDocuments,
  isReferrerToRead,
  MAX_BLOB_BYTES,
} from '../../../lib/image/documents.ts';
import { evidenceIn } from '../../../lib/image/evidence.ts';
import { readManifest } from '../../../lib/image/manifest-fields.ts';
import { aManifest, anIndexOf, aPlainImageOf, descriptor } from '../../build/documents.ts';
import { aDigest } from '../../build/lineage.ts';
import { buildkitV1, githubAttestation } from '../../build/provenance.ts';

const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const URI = 'https://github.com/example/demo-api.git#main';
const provenance = [buildkitV1({ contextUri: URI, contextDigest: { sha1: COMMIT } })];
const arm64 = { platform: 'linux/arm64/v8', provenance };
const amd64 = { platform: 'linux/amd64', provenance };
const sbom = { predicateType: 'https://spdx.dev/Document', predicate: {} };
const NO_LABELS = { labels: false };

/** As it is before any blob has been read. */
function unread({ blobs: _, ...documents }: ImageDocuments) {
  return documents;
}

describe('childrenToRead', () => {
  test('the platform that most people build first, with what is attested of it', () => {
    const { manifest, children } = anIndexOf({ platforms: [arm64, amd64] });
    const [ofArm64, attestedArm64, ofAmd64, attestedAmd64] = children.map(({ digest }) => digest);
    expect(childrenToRead(manifest)).toEqual([ofAmd64, attestedAmd64, ofArm64, attestedArm64]);
  });

  test('at most ten', () => {
    const platforms = Array.from({ length: 12 }, (_, n) => ({ platform: `linux/p${n}`, provenance }));
    expect(childrenToRead(anIndexOf({ platforms }).manifest)).toHaveLength(10);
  });

  test('nothing of an image, of what is no JSON, and of what only looks like an index', () => {
    const index = anIndexOf({ platforms: [amd64] }).manifest;
    expect(childrenToRead(aPlainImageOf(amd64).manifest)).toEqual([]);
    expect(childrenToRead({ ...index, text: 'no' })).toEqual([]);
    expect(childrenToRead({ ...index, mediaType: 'application/vnd.oci.image.manifest.v1+json' })).toEqual([]);
  });
});

test('a text that is an index and an image at once is what the registry says that it is', () => {
  const { manifest } = anIndexOf({ platforms: [amd64] });
  const { blobs: _, ...plain } = aPlainImageOf({});
  const layer = { mediaType: 'application/vnd.in-toto+json', digest: aDigest('1'), size: 1 };
  const both = JSON.stringify({
    ...JSON.parse(plain.manifest.text),
    ...JSON.parse(manifest.text),
    layers: [layer],
  });
  const asIndex = readManifest({ ...manifest, text: both });
  const asImage = readManifest({ ...plain.manifest, text: both });
  expect([asIndex?.entries.length, asIndex?.layers, asIndex?.config]).toEqual([2, [], undefined]);
  expect([asImage?.entries, asImage?.layers.length]).toEqual([[], 1]);
});

describe('blobsToRead', () => {
  test.each(['artifact', 'annotation'] as const)('the provenance of one platform, attached as %s', (form) => {
    const documents = anIndexOf({
      platforms: [arm64, { ...amd64, provenance: [sbom, ...provenance] }],
      form,
    });
    const blobs = blobsToRead(unread(documents), NO_LABELS);
    expect(blobs.map(({ what }) => what)).toEqual(['statement']);
    const text = documents.blobs.get(blobs[0]?.digest ?? aDigest('0')) ?? '';
    const ofAmd64 = documents.children.find((it) => it.digest === childrenToRead(documents.manifest)[0]);
    expect(text).toContain(ofAmd64?.digest.slice('sha256:'.length));
    expect(blobs[0]).toEqual({
      digest: digestOf(text),
      size: text.length,
      mediaType: 'application/vnd.in-toto+json',
      what: 'statement',
    });
  });

  test('an attestation once, though the registry lists it as a referrer too', () => {
    const documents = anIndexOf({ platforms: [amd64] });
    const listed = { ...documents, referrers: documents.children };
    expect(blobsToRead(unread(listed), NO_LABELS)).toHaveLength(1);
    expect(evidenceIn(listed)).toEqual(evidenceIn(documents));
  });

  test('bundles about the index, at most three, and none with another predicate', () => {
    const attestations = Array.from({ length: 5 }, (_, n) => githubAttestation(`${n}`.repeat(40)));
    const documents = anIndexOf({ platforms: [{}], bundles: [sbom, ...attestations] });
    const blobs = blobsToRead(unread(documents), NO_LABELS);
    expect(blobs.map(({ what }) => what)).toEqual(['bundle', 'bundle', 'bundle']);
    expect(blobs.map(({ digest }) => documents.blobs.get(digest))).not.toContain(undefined);
  });

  test('a referrer of something else is not ours', () => {
    const { referrers } = anIndexOf({ platforms: [{}], bundles: [githubAttestation(COMMIT)] });
    const documents = { ...anIndexOf({ platforms: [amd64] }), referrers };
    expect(blobsToRead(unread(documents), NO_LABELS).map(({ what }) => what)).toEqual(['statement']);
  });

  test('the config of one platform where labels may be read', () => {
    const documents = anIndexOf({ platforms: [arm64, amd64] });
    const [config] = blobsToRead(unread(documents), { labels: true }).filter(({ what }) => what === 'config');
    expect(documents.blobs.get(config?.digest ?? aDigest('0'))).toContain('amd64');
    const plain = blobsToRead(unread(aPlainImageOf({})), { labels: true });
    expect(plain.map(({ what }) => what)).toEqual(['config']);
  });

  test('nothing that is too large, by what its descriptor says', () => {
    const layer = { mediaType: 'application/vnd.in-toto+json', digest: aDigest('1') };
    const blobs = (size: unknown) => {
      const attestation = aManifest('manifest', { layers: [{ ...layer, size }] });
      const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
      const manifest = aManifest('index', { manifests: [descriptor(attestation, { annotations })] });
      const { image } = anIndexOf({ platforms: [] });
      return blobsToRead({ image, manifest, children: [attestation], referrers: [] }, NO_LABELS);
    };
    expect(blobs(MAX_BLOB_BYTES)).toHaveLength(1);
    expect(blobs(MAX_BLOB_BYTES + 1)).toEqual([]);
    expect(blobs(-1)).toMatchObject([{ size: 0 }]);
  });
});

test.each([
  ['application/vnd.dev.sigstore.bundle.v0.3+json', true],
  ['application/vnd.dev.sigstore.bundle+json;version=0.3', true],
  ['application/vnd.docker.attestation.manifest.v1+json', true],
  ['application/vnd.in-toto+json', true],
  ['application/vnd.dsse.envelope.v1+json', true],
  ['application/vnd.dev.cosign.artifact.sig.v1+json', false],
  ['application/spdx+json', false],
  ['application/vnd.cyclonedx+json', false],
  [undefined, false],
])('a referrer of the type %s: %s', (artifactType, expected) => {
  expect(isReferrerToRead(artifactType)).toBe(expected);
});
