import { DescribeImagesCommand, ListImageReferrersCommand } from '@aws-sdk/client-ecr';
import { describe, expect, test } from 'vitest';
import type { Registry } from '../../../local/ecr/registry.ts';
import { repositoryName, sha256, startRegistry } from './ecr-client.ts';

const COMMIT = 'a'.repeat(40);
const SHA256_COMMIT = 'b'.repeat(64);
const source = (commit: string) => ({ uri: 'https://github.com/acme/demo.git#refs/heads/main', commit });
const vcs = { source: 'https://github.com/acme/demo', revision: `${COMMIT}-dirty` };
const platforms = ['linux/amd64', 'linux/arm64'];

const textOf = (registry: Registry, digest: string) =>
  JSON.parse(registry.find(repositoryName)?.images.get(digest)?.text ?? 'null');
const blobOf = (registry: Registry, digest: string) =>
  JSON.parse(registry.find(repositoryName)?.blobs.get(digest) ?? 'null');

/** The attestation manifest of the second platform, its statement, and the platform's own digest. */
async function attested(
  attestation: Exclude<NonNullable<Parameters<Registry['push']>[1]['attestation']>, boolean>,
) {
  const { registry } = await startRegistry();
  const { children } = registry.push(repositoryName, { platforms, attestation });
  expect(children.map(({ platform }) => platform)).toEqual([
    ...platforms,
    'unknown/unknown',
    'unknown/unknown',
  ]);
  const manifest = textOf(registry, children[3]?.digest ?? '');
  return { manifest, statement: blobOf(registry, manifest.layers[0].digest), image: children[1]?.digest };
}

describe('BuildKit’s attestations', () => {
  test('until 0.32: an image manifest with a config', async () => {
    const { manifest, statement, image } = await attested({ source: source(COMMIT) });
    expect(manifest).not.toHaveProperty('subject');
    expect(manifest.config.mediaType).toBe('application/vnd.oci.image.config.v1+json');
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: 'https://slsa.dev/provenance/v0.2',
      subject: [{ digest: { sha256: image?.slice('sha256:'.length) } }],
      predicate: { invocation: { configSource: { digest: { sha1: COMMIT } } } },
    });
  });

  test('as of 0.32: an artifact about its platform, with the empty config', async () => {
    const { manifest, statement, image } = await attested({
      form: 'artifact',
      predicate: 'v1',
      source: source(SHA256_COMMIT),
    });
    expect(manifest).toMatchObject({
      artifactType: 'application/vnd.docker.attestation.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256('{}'), size: 2, data: 'e30=' },
      layers: [{ annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' } }],
      subject: { digest: image },
    });
    const configSource = { digest: { sha256: SHA256_COMMIT } };
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      predicate: { buildDefinition: { externalParameters: { configSource } } },
    });
  });

  test.each(['v0.2', 'v1'] as const)(
    '%s: what the client said is where BuildKit puts it',
    async (predicate) => {
      const { statement } = await attested({ predicate, vcs });
      const { metadata, runDetails } = statement.predicate;
      const said =
        runDetails?.metadata.buildkit_metadata ?? metadata['https://mobyproject.org/buildkit@v1#metadata'];
      expect(said.vcs).toMatchObject(vcs);
      expect(JSON.stringify(statement)).not.toContain('sha1');
    },
  );
});

describe('what is pushed about an image', () => {
  const run = { repository: 'acme/demo', commit: COMMIT };

  test('is a manifest with a subject, a bundle in a blob, and a push event without a tag', async () => {
    const { registry } = await startRegistry();
    const { digest } = registry.push(repositoryName, { tags: ['latest'] });
    const { digest: referrer, events } = registry.attest(repositoryName, digest, run);
    const text = registry.find(repositoryName)?.images.get(referrer)?.text ?? '';
    expect(sha256(text)).toBe(referrer);
    const manifest = JSON.parse(text);
    expect(manifest.subject.digest).toBe(digest);
    const { dsseEnvelope } = blobOf(registry, manifest.layers[0].digest);
    const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString());
    expect(statement.predicate.buildDefinition.resolvedDependencies[0].digest).toEqual({ gitCommit: COMMIT });
    expect(events.map(({ detail }) => detail)).toMatchObject([
      {
        'image-digest': referrer,
        'image-tag': '',
        'artifact-media-type': 'application/vnd.dev.sigstore.bundle.v0.3+json',
      },
    ]);
  });

  test('is listed by page, and says what it is about', async () => {
    const { registry, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, { tags: ['latest'] });
    const digests = ['1', '2', '3'].map(
      (digit) => registry.attest(repositoryName, digest, { ...run, commit: digit.repeat(40) }).digest,
    );
    const list = (nextToken?: string) =>
      client.send(
        new ListImageReferrersCommand({
          repositoryName,
          subjectId: { imageDigest: digest },
          maxResults: 2,
          nextToken,
        }),
      );
    const first = await list();
    const second = await list(first.nextToken);
    const found = [...(first.referrers ?? []), ...(second.referrers ?? [])].map((it) => it.digest);
    expect([found, second.nextToken]).toEqual([digests, undefined]);
    const { imageDetails } = await client.send(
      new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest: digests[0] }] }),
    );
    expect(imageDetails?.[0]?.subjectManifestDigest).toBe(digest);
  });
});

test('annotations are where they were put: the index, its descriptors, the manifests', async () => {
  const { registry } = await startRegistry();
  const annotations = {
    index: { on: 'index' },
    descriptor: { on: 'descriptor' },
    manifest: { on: 'manifest' },
  };
  const { digest, children } = registry.push(repositoryName, { platforms, annotations });
  const index = textOf(registry, digest);
  expect(index.annotations).toEqual({ on: 'index' });
  expect(index.manifests.map((it: { annotations: object }) => it.annotations)).toEqual([
    { on: 'descriptor' },
    { on: 'descriptor' },
  ]);
  expect(children.map((child) => textOf(registry, child.digest).annotations)).toEqual([
    { on: 'manifest' },
    { on: 'manifest' },
  ]);
});
