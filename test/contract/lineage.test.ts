import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../lib/image/digest.ts';
import type { ImageDocuments } from '../../lib/image/documents.ts';
import { evidenceIn } from '../../lib/image/evidence.ts';
import { MANIFEST_MEDIA_TYPES } from '../../lib/image/manifest.ts';
import { provenanceOf } from '../../lib/image/provenance.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { aManifest, descriptor } from '../build/documents.ts';
import { aRepository } from '../build/lineage.ts';

const FOLDER = join(process.env.RECORDED_DIR ?? '../shared/recorded', 'lineage');
const recorded = readFolder();

/** What stands in the documents that others recorded: commit, tier and what else matters; `[]` where none is named. */
const EXPECTED: Readonly<Record<string, { readonly as: Reader; readonly found: readonly object[] }>> = {
  'buildkit-attestation-manifest-v0.32-oci-artifact.json': { as: asManifest, found: [] },
  'buildkit-index-with-attestation.json': { as: asIndex, found: [] },
  'buildkit-provenance-slsa-v1-max.json': { as: asStatement, found: [] },
  'buildkit-provenance-slsa-v1-min.json': { as: asStatement, found: [] },
  'cartography-attestation-manifest.json': { as: asManifest, found: [] },
  'cartography-batch-get-image-response.json': { as: asBatchGetImage, found: [] },
  'cartography-buildkit-cache-manifest.json': { as: asManifest, found: [] },
  'cartography-get-download-url-response.json': { as: asManifest, found: [] },
  'cartography-multi-arch-amd64-manifest.json': { as: asManifest, found: [] },
  'cartography-multi-arch-index.json': { as: asIndex, found: [] },
  'cartography-sample-config-blob-with-circleci-labels.json': {
    as: asConfig,
    found: [
      {
        commit: 'abcdef0123456789abcdef0123456789abcdef01',
        tier: 'label',
        repoUrl: 'https://github.com/exampleorg/service',
        source: { from: 'label', field: '*.CIRCLE_SHA1' },
      },
    ],
  },
  'cloudtrail-ecr-putimage-doc.json': { as: asPutImage, found: [] },
  'docker-library-image-config-d2c94e258dcb.json': { as: asConfig, found: [] },
  'docker-library-raw-index-347290ddd775.json': {
    as: asIndex,
    found: [
      {
        commit: '3fb6ebca4163bf5b9cc496ac3e8f11cb1e754aee',
        tier: 'annotation',
        repoUrl: 'https://github.com/docker-library/hello-world',
        directory: 'amd64/hello-world',
        source: { from: 'descriptor-annotation', field: 'org.opencontainers.image.revision' },
      },
    ],
  },
  'ecr-event-push-by-digest-empty-tag.json': { as: asManifest, found: [] },
  'ecr-event-push-tagged-with-media-types.json': { as: asManifest, found: [] },
  'ecs-deployment-state-change-2023.json': { as: asManifest, found: [] },
  'ecs-task-state-change-fargate-2024.json': { as: asManifest, found: [] },
  'metadata-action-bake-labels.json': {
    as: asBake,
    found: [
      {
        commit: '860c1904a1ce19322e91ac35af1ab07466440c37',
        tier: 'label',
        repoUrl: 'https://github.com/octocat/Hello-World',
      },
    ],
  },
  // About a package of npm's, with another predicate than provenance.
  'sigstore-statement.json': { as: asStatement, found: [] },
};

describe.skipIf(recorded.size === 0)('what others recorded', () => {
  test('nothing is in the folder that is not listed here', () => {
    expect([...recorded.keys()].sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  test.each(Object.entries(EXPECTED))('%s', (name, { as, found }) => {
    const evidence = evidenceIn(as(recorded.get(name) ?? ''));
    expect(evidence).toHaveLength(found.length);
    expect(evidence).toMatchObject(found);
  });

  test.each(['min', 'max'])('BuildKit’s own sample (%s) would name its commit if there were one', (mode) => {
    const statement = JSON.parse(recorded.get(`buildkit-provenance-slsa-v1-${mode}.json`) ?? '');
    const revision = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
    statement.predicate.runDetails.metadata.buildkit_metadata.vcs = { revision };
    const documents = asStatement(JSON.stringify(statement));
    expect(evidenceIn(documents)).toMatchObject([{ commit: revision, tier: 'client-hint' }]);
  });

  test('the raw index has the digest that it was recorded with', () => {
    const text = recorded.get('docker-library-raw-index-347290ddd775.json') ?? '';
    expect(digestOf(text)).toMatch(
      /^sha256:347290ddd775c1b85a3e381b09edde95242478eb65153e9b17225356f4c072ac$/,
    );
  });

  test('the labels of metadata-action’s own documentation and its tags name different commits: a conflict', () => {
    const text = recorded.get('metadata-action-bake-labels.json') ?? '';
    const tags = bakeTarget(text).tags.map((it) => parseTag(it.split(':')[1] ?? ''));
    expect(tags).toContain('sha-90dd603');
    const { best, conflicts } = provenanceOf(tags, evidenceIn(asBake(text))) ?? {};
    expect(best).toMatchObject({ commit: '860c1904a1ce19322e91ac35af1ab07466440c37', tier: 'label' });
    expect(conflicts).toMatchObject([{ commit: '90dd603', tier: 'tag-short' }]);
  });
});

type Reader = (text: string) => ImageDocuments;

/** The image that a push of this text would have made. */
function asManifest(text: string, mediaType: string = MANIFEST_MEDIA_TYPES[2]): ImageDocuments {
  const manifest = { digest: digestOf(text), mediaType, text };
  const image = { repository: aRepository(), digest: manifest.digest };
  return { image, manifest, children: [], referrers: [], blobs: new Map() };
}

function asIndex(text: string): ImageDocuments {
  return asManifest(text, MANIFEST_MEDIA_TYPES[0]);
}

/** A statement, in an attestation of the platform manifest that it is about. */
function asStatement(text: string): ImageDocuments {
  const layer = { mediaType: 'application/vnd.in-toto+json', digest: digestOf(text), size: text.length };
  const attestation = aManifest('manifest', { layers: [layer] });
  const platform = { os: 'unknown', architecture: 'unknown' };
  const { manifest } = asIndex(
    aManifest('index', { manifests: [descriptor(attestation, { platform })] }).text,
  );
  return { ...asIndex(manifest.text), children: [attestation], blobs: new Map([[digestOf(text), text]]) };
}

function asConfig(text: string): ImageDocuments {
  const mediaType = 'application/vnd.oci.image.config.v1+json';
  const config = { mediaType, digest: digestOf(text), size: text.length };
  const documents = asManifest(aManifest('manifest', { config, layers: [] }).text);
  return { ...documents, blobs: new Map([[digestOf(text), text]]) };
}

function asBatchGetImage(text: string): ImageDocuments {
  const [{ imageManifest, imageManifestMediaType }] = JSON.parse(text).images;
  return asManifest(imageManifest, imageManifestMediaType);
}

function asPutImage(text: string): ImageDocuments {
  return asManifest(JSON.parse(text).requestParameters.imageManifest);
}

function asBake(text: string): ImageDocuments {
  return asConfig(JSON.stringify({ config: { Labels: bakeTarget(text).labels } }));
}

function bakeTarget(text: string): { readonly tags: readonly string[]; readonly labels: object } {
  return JSON.parse(text).target['docker-metadata-action'];
}

function readFolder(): ReadonlyMap<string, string> {
  try {
    return new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
  } catch {
    return new Map();
  }
}
