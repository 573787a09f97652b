import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ECRClient } from '@aws-sdk/client-ecr';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Digest, parseDigest } from '../../../lib/image/digest.ts';
import type { DocumentsReading } from '../../../lib/image/documents-reading.ts';
import { readDocuments } from '../../../lib/registry/documents.ts';
import { findSubject } from '../../../lib/registry/referrers.ts';
import type { Registry } from '../../../local/ecr/registry.ts';
import { repositoryName, startRegistry } from '../local/ecr-client.ts';

const platforms = ['linux/amd64', 'linux/arm64'];
const attestation = {
  predicate: 'v1',
  form: 'artifact',
  vcs: { source: 'https://x.example', revision: 'a'.repeat(40) },
} as const;
const OPEN = { blobs: true, allowLoopback: true };
const RUN = { repository: 'acme/demo', commit: 'b'.repeat(40) };

function imageOf({ account, region }: Registry, digest: string, name = repositoryName) {
  return { repository: { account, region, name }, digest: parseDigest(digest) };
}

async function setUp(image: Parameters<Registry['push']>[1] = { platforms, attestation, tags: ['latest'] }) {
  const { registry, server, client } = await startRegistry();
  const pushed = registry.push(repositoryName, image);
  const read = (options: Partial<Parameters<typeof readDocuments>[2]> = {}) =>
    readDocuments(client, imageOf(registry, pushed.digest), { ...OPEN, ...options });
  return { registry, server, client, read, ...pushed };
}

/** Fails when nothing was read. */
function documentsIn(reading: DocumentsReading) {
  return reading.state === 'read' ? reading : expect.fail(`nothing was read: ${JSON.stringify(reading)}`);
}

/** A client whose endpoint takes what is sent, and says nothing. */
async function startSilent(): Promise<ECRClient> {
  const server = createServer(() => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new ECRClient({ region: 'eu-central-1', endpoint: `http://127.0.0.1:${port}`, credentials });
  onTestFinished(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return client;
}

const digestsOf = (list: readonly { readonly digest: Digest }[]) => list.map(({ digest }) => digest).sort();
const whys = (reading: DocumentsReading) => ('unread' in reading ? reading.unread.map(({ why }) => why) : []);

describe('the documents of an image', () => {
  test('are its manifest, its children with their attestations, and what they point to', async () => {
    const { read, digest, children } = await setUp();
    const { documents, unread } = documentsIn(await read());
    expect(unread).toEqual([]);
    expect(documents.manifest.digest).toBe(digest);
    expect(digestsOf(documents.children)).toEqual(children.map((it) => it.digest).sort());
    expect([...documents.blobs.values()].join()).toContain('"a'.padEnd(10, 'a'));
    expect(documents.referrers).toEqual([]);
  });

  test('have what was attested about the index and about a platform later, each once', async () => {
    const { read, registry, digest, children } = await setUp();
    const about = [digest, children[1]?.digest ?? ''];
    const attested = about.map((it) => registry.attest(repositoryName, it, RUN).digest);
    const { documents } = documentsIn(await read());
    expect(digestsOf(documents.referrers)).toEqual(attested.sort());
    expect([...documents.blobs.values()].filter((text) => text.includes('dsseEnvelope'))).toHaveLength(2);
  });

  test('are manifests alone where blobs may not be read: nothing else is asked for', async () => {
    const { read, server, registry, digest } = await setUp();
    registry.attest(repositoryName, digest, RUN);
    for (const name of ['GetDownloadUrlForLayer', 'ListImageReferrers'])
      server.fail(name, 1, 'AccessDeniedException');
    const { documents, unread } = documentsIn(await read({ blobs: false }));
    expect(unread).toEqual([]);
    expect([documents.referrers, documents.blobs]).toEqual([[], new Map()]);
    expect(documents.children).toHaveLength(4);
  });

  test('are looked for on every page, and not for ever', async () => {
    const { read, registry, digest } = await setUp({ tags: ['latest'] });
    for (let n = 0; n < 60; n++) {
      registry.attest(repositoryName, digest, { ...RUN, commit: n.toString(16).padStart(40, '0') });
    }
    const { documents, unread } = documentsIn(await read());
    expect(documents.referrers).toHaveLength(10);
    expect(unread).toEqual([]);
  });
});

describe('what is missing', () => {
  test('an image that is gone, and a repository', async () => {
    const { client, registry } = await setUp();
    const gone = imageOf(registry, `sha256:${'f'.repeat(64)}`);
    expect(await readDocuments(client, gone, OPEN)).toEqual({ state: 'gone' });
    const elsewhere = imageOf(registry, `sha256:${'f'.repeat(64)}`, 'deleted');
    expect(await readDocuments(client, elsewhere, OPEN)).toEqual({ state: 'gone' });
  });

  test('a child that is gone costs that child', async () => {
    const { read, registry, children } = await setUp();
    registry.remove(repositoryName, children[0]?.digest ?? '');
    const { documents, unread } = documentsIn(await read());
    expect(documents.children).toHaveLength(3);
    expect(unread).toEqual([]);
  });

  test.each([
    ['AccessDeniedException', false],
    ['KmsException', false],
    ['ThrottlingException', true],
    ['ServerException', true],
  ])('the manifest, for %s: it may pass: %s', async (code, mayPass) => {
    const { read, server } = await setUp();
    server.fail('BatchGetImage', 1, code);
    expect(await read()).toEqual({
      state: 'unread',
      unread: [{ why: `ecr:BatchGetImage: ${code}`, mayPass }],
    });
  });

  test('the list of referrers: the rest is read', async () => {
    const { read, server } = await setUp();
    server.fail('ListImageReferrers', 3, 'UnableToListUpstreamImageReferrersException');
    const reading = documentsIn(await read());
    expect(reading.documents.blobs.size).toBeGreaterThan(0);
    expect(new Set(whys(reading))).toEqual(
      new Set(['ecr:ListImageReferrers: UnableToListUpstreamImageReferrersException']),
    );
  });

  test('an endpoint that does not answer: within the time that is given', async () => {
    const { registry, digest } = await setUp();
    const silent = await startSilent();
    const slow = readDocuments(silent, imageOf(registry, digest), { ...OPEN, totalMs: 50 });
    const outcome = await Promise.race([slow, new Promise((resolve) => setTimeout(resolve, 2000, 'late'))]);
    expect(outcome).toMatchObject({ state: 'unread', unread: [{ mayPass: true }] });
  });
});

describe('what is not what it says', () => {
  test('a manifest: it is not read', async () => {
    const { read, registry, digest } = await setUp();
    const images = registry.find(repositoryName)?.images;
    const image = images?.get(digest);
    if (image) images?.set(digest, { ...image, text: `${image.text} ` });
    expect(await read()).toEqual({
      state: 'unread',
      unread: [{ why: 'a manifest is not what its digest says', mayPass: false }],
    });
  });

  test('a blob: it is not read, and its address is not told', async () => {
    const { read, registry } = await setUp();
    const blobs = registry.find(repositoryName)?.blobs ?? new Map();
    for (const [digest, content] of blobs) blobs.set(digest, content.replaceAll('a', 'b'));
    const reading = documentsIn(await read());
    expect(reading.documents.blobs.size).toBe(0);
    expect(whys(reading).length).toBeGreaterThan(0);
    expect(whys(reading).every((why) => why.endsWith('the blob is not what its digest says'))).toBe(true);
    expect(whys(reading).join()).not.toContain('http');
  });

  test('an address on this machine, where none is allowed', async () => {
    const { read } = await setUp();
    const reading = documentsIn(await read({ allowLoopback: false }));
    expect(reading.documents.blobs.size).toBe(0);
    expect(whys(reading)[0]).toMatch(/the blob is not where ECR keeps its layers$/);
  });
});

test('what a manifest is about', async () => {
  const { client, registry, digest } = await setUp({ tags: ['latest'] });
  const referrer = registry.attest(repositoryName, digest, RUN).digest;
  expect(await findSubject(client, imageOf(registry, referrer))).toBe(digest);
  expect(await findSubject(client, imageOf(registry, digest))).toBeUndefined();
  expect(await findSubject(client, imageOf(registry, digest, 'deleted'))).toBeUndefined();
});
