import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf, parseDigest } from '../../../lib/image/digest.ts';
import { kindOf, parseIndex } from '../../../lib/image/manifest.ts';
import { attestedImage } from './attested-image.ts';
import { clientsIn, installClients } from './clients.ts';
import { writeLayout } from './layout.ts';

const hasClients = await installClients();
const commit = '5f2c9d1e8b7a6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const platforms = ['linux/amd64', 'linux/arm64'];

describe.each([
  { form: 'image', kind: 'image' },
  { form: 'artifact', kind: 'attestation' },
] as const)('an index with attestations kept as $form', ({ form, kind }) => {
  const { index, images, attestations, blobs } = attestedImage({ commit, platforms, form });

  test('has two platforms and two attestations, by the product’s own reading', () => {
    const digest = parseDigest(index.descriptor.digest);
    expect(parseIndex(index.bytes.toString(), digest)).toEqual({
      platforms: images.map(({ descriptor }, at) => ({ digest: descriptor.digest, platform: platforms[at] })),
      attestations: attestations.map(({ descriptor }) => descriptor.digest),
    });
  });

  test(`pushes its attestations as what their media types call: ${kind}`, () => {
    for (const { bytes } of attestations) {
      const { mediaType, artifactType, config } = JSON.parse(bytes.toString());
      expect(kindOf(mediaType, artifactType ?? config.mediaType)).toBe(kind);
    }
  });

  test('states in every attestation the digest of its image and the commit', () => {
    const statements = blobs.filter(({ descriptor }) => descriptor.mediaType.includes('in-toto'));
    expect(statements.map(({ bytes }) => JSON.parse(bytes.toString()).subject[0].digest.sha256)).toEqual(
      images.map(({ descriptor }) => descriptor.digest.slice('sha256:'.length)),
    );
    for (const { bytes } of statements) expect(bytes.toString()).toContain(`"sha1":"${commit}"`);
  });

  describe.skipIf(!hasClients)('as a layout on disk', () => {
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'scan-response-layout-'));
      await writeLayout(join(folder, 'demo-api'), 'latest', index, blobs);
    });
    afterAll(async () => {
      await rm(folder, { recursive: true });
    });

    test('is read by skopeo, byte by byte', async () => {
      const skopeo = clientsIn(folder);
      const raw = await skopeo('skopeo', ['inspect', '--raw', `oci:${folder}/demo-api:latest`]);
      expect(digestOf(raw)).toBe(index.descriptor.digest);
    });

    test.each(platforms)('gives skopeo the image of %s with its label', async (platform) => {
      const [os = '', architecture = ''] = platform.split('/');
      const only = ['--override-os', os, '--override-arch', architecture];
      const skopeo = clientsIn(folder);
      const inspected = JSON.parse(
        await skopeo('skopeo', [...only, 'inspect', `oci:${folder}/demo-api:latest`]),
      );
      expect(inspected).toMatchObject({
        Architecture: architecture,
        Labels: { 'org.opencontainers.image.revision': commit },
      });
    });

    test('is copied whole, every blob checked, into a folder of files', async () => {
      const skopeo = clientsIn(folder);
      const to = join(folder, 'copy');
      await skopeo('skopeo', [
        ...['copy', '-q', '--all', '--preserve-digests', '--insecure-policy'],
        ...[`oci:${folder}/demo-api:latest`, `dir:${to}`],
      ]);
      const raw = await skopeo('skopeo', ['inspect', '--raw', `dir:${to}`]);
      expect(digestOf(raw)).toBe(index.descriptor.digest);
    });
  });
});
