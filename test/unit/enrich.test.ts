import { describe, expect, test } from 'vitest';
import { type EnrichPorts, enrich, enrichSubjects, readAtOnce } from '../../lib/enrich.ts';
import { NotReady } from '../../lib/errors.ts';
import { type Digest, digestOf } from '../../lib/image/digest.ts';
import type { DocumentsReading, Unread } from '../../lib/image/documents-reading.ts';
import type { Evidence } from '../../lib/image/evidence.ts';
import type { ImageRecord } from '../../lib/image/record.ts';
import { parseTag } from '../../lib/image/reference.ts';
import type { DocumentsHint, ImageAction } from '../../lib/intake/event.ts';
import { aDigest, anImageOf, aRecord, aRepository, at } from '../build/lineage.ts';

const COMMIT = 'c0ffee'.padEnd(40, '1');
const text = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: aDigest('c'), size: 2 },
  layers: [],
  annotations: {
    'org.opencontainers.image.revision': COMMIT,
    'org.opencontainers.image.base.digest': aDigest('b'),
  },
});
const DIGEST = digestOf(text);
const image = anImageOf(DIGEST);
const manifest = { digest: DIGEST, mediaType: 'application/vnd.oci.image.manifest.v1+json', text };
const documents = { image, manifest, children: [], referrers: [], blobs: new Map() };
const read = (unread: readonly Unread[] = []): DocumentsReading => ({ state: 'read', documents, unread });
const HINT: DocumentsHint = { kind: 'documents-hint', eventId: 'event', at: at('03:10'), image };
const DENIED = { why: 'ecr:GetDownloadUrlForLayer: AccessDeniedException', mayPass: false };
const BUSY = { why: 'ecr:BatchGetImage: ThrottlingException', mayPass: true };

interface Saved {
  readonly evidence: readonly Evidence[];
  readonly unread: string | undefined;
}

function setUp(over: Partial<EnrichPorts> & { readonly record?: ImageRecord | undefined } = {}) {
  const saved: Saved[] = [];
  const hints: [Digest, boolean, number | undefined][] = [];
  const known = 'record' in over ? over.record : aRecord({ image });
  const ports: EnrichPorts = {
    readsBlobs: true,
    againSeconds: 300,
    loadImage: async ({ digest }) => (digest === known?.image.digest ? known : undefined),
    readDocuments: async () => read(),
    findCommits: async () => [],
    async saveEvidence(_, evidence, unread) {
      saved.push({ evidence, unread });
      return true;
    },
    findSubject: async () => DIGEST,
    findParents: async () => [],
    async hintDocuments(hint, delaySeconds) {
      hints.push([hint.image.digest, hint.isAgain === true, delaySeconds]);
    },
    ...over,
  };
  return { ports, saved, hints };
}

describe('reading them at once', () => {
  test('says what they say', async () => {
    expect(await readAtOnce(image, setUp().ports)).toMatchObject([{ commit: COMMIT, tier: 'annotation' }]);
  });

  test.each<[string, Partial<EnrichPorts>]>([
    ['a part is not read', { readDocuments: async () => read([DENIED]) }],
    ['nothing is read', { readDocuments: async () => ({ state: 'unread', unread: [BUSY] }) }],
    ['the image is gone', { readDocuments: async () => ({ state: 'gone' }) }],
    ['the registry throws', { readDocuments: async () => Promise.reject(new Error('down')) }],
    ['the table throws', { findCommits: async () => Promise.reject(new Error('down')) }],
  ])('says nothing when %s: somebody else has to, with patience', async (_, over) => {
    expect(await readAtOnce(image, setUp(over).ports)).toBeUndefined();
  });
});

describe('reading the documents of an image', () => {
  test('keeps what they say, and looks again later', async () => {
    const { ports, saved, hints } = setUp();
    const outcome = await enrich(HINT, 0, ports);
    expect(outcome).toMatchObject({ action: 'read', outcome: 'read', evidence: ['annotation'] });
    expect(saved).toMatchObject([{ evidence: [{ commit: COMMIT, tier: 'annotation' }], unread: undefined }]);
    expect(hints).toEqual([[DIGEST, true, 300]]);
  });

  test('again: writes nothing that is known, in whatever order it comes back, and plans nothing', async () => {
    const first = setUp();
    await enrich(HINT, 0, first.ports);
    const evidence = (first.saved[0]?.evidence ?? []).map(
      (it) => Object.fromEntries(Object.entries(it).reverse()) as unknown as Evidence,
    );
    const { ports, saved, hints } = setUp({ record: aRecord({ image, evidence }) });
    await enrich({ ...HINT, isAgain: true }, 0, ports);
    expect([saved, hints]).toEqual([[], []]);
  });

  test.each([{ readsBlobs: false }, { againSeconds: 0 }])('plans nothing with %j', async (over) => {
    const { ports, hints } = setUp(over);
    await enrich(HINT, 0, ports);
    expect(hints).toEqual([]);
  });

  test('keeps what was known, and adds', async () => {
    const declared: Evidence = {
      commit: 'd'.repeat(40),
      tier: 'declared',
      source: { from: 'declaration', at: at('02:00') },
    };
    const { ports, saved } = setUp({ record: aRecord({ image, evidence: [declared] }) });
    await enrich(HINT, 0, ports);
    expect(saved[0]?.evidence.map(({ tier }) => tier)).toEqual(['annotation', 'declared']);
  });

  test('asks what is known of the base image', async () => {
    const asked: Digest[] = [];
    const { ports } = setUp({
      async findCommits(digest) {
        asked.push(digest);
        return [COMMIT];
      },
    });
    await enrich(HINT, 0, ports);
    expect(asked).toEqual([aDigest('b')]);
  });

  test('before the push is recorded: comes back soon, and not for ever', async () => {
    const { ports } = setUp({ record: undefined });
    await expect(enrich(HINT, 0, ports)).rejects.toMatchObject({ name: 'NotReady', retryAfterSeconds: 2 });
    expect(await enrich(HINT, 60, ports)).toMatchObject({ outcome: 'not-recorded' });
  });

  test('of an image that is gone changes nothing', async () => {
    const { ports, saved, hints } = setUp({ readDocuments: async () => ({ state: 'gone' }) });
    expect(await enrich(HINT, 0, ports)).toMatchObject({ outcome: 'gone' });
    expect([saved, hints]).toEqual([[], []]);
  });

  test('when somebody else writes at the same time: comes back', async () => {
    const { ports } = setUp({ saveEvidence: async () => false });
    await expect(enrich(HINT, 0, ports)).rejects.toThrow(NotReady);
  });
});

describe('what cannot be read', () => {
  test('is written down with the reason, and is no reason to come back', async () => {
    const { ports, saved, hints } = setUp({ readDocuments: async () => read([DENIED]) });
    expect(await enrich(HINT, 0, ports)).toMatchObject({ outcome: 'read', unread: [DENIED.why] });
    expect(saved).toMatchObject([{ evidence: [{ tier: 'annotation' }], unread: DENIED.why }]);
    expect(hints).toHaveLength(1);
  });

  test('is written down once', async () => {
    const { ports, saved } = setUp({
      record: aRecord({ image, unread: DENIED.why }),
      readDocuments: async () => ({ state: 'unread', unread: [DENIED] }),
    });
    expect(await enrich(HINT, 0, ports)).toMatchObject({ outcome: 'not-read' });
    expect(saved).toEqual([]);
  });

  test.each([
    [0, false, 10],
    [40, false, 40],
    [200, false, 200],
    [240, false, undefined],
    [40, true, 40],
    [60, true, undefined],
  ])('may pass: after %i s (again: %s) it is tried in %s s', async (waited, isAgain, seconds) => {
    const { ports, saved, hints } = setUp({
      readDocuments: async () => ({ state: 'unread', unread: [DENIED, BUSY] }),
    });
    const hint = isAgain ? { ...HINT, isAgain: true as const } : HINT;
    const outcome = await enrich(hint, waited, ports).catch((error: unknown) => error);
    if (seconds)
      expect(outcome).toMatchObject({ name: 'NotReady', retryAfterSeconds: seconds, message: BUSY.why });
    else expect(outcome).toMatchObject({ outcome: 'not-read', unread: [DENIED.why, BUSY.why] });
    expect(saved).toHaveLength(1);
    expect(hints).toHaveLength(seconds || isAgain ? 0 : 1);
  });
});

describe('something about an image is pushed', () => {
  const push: ImageAction = {
    ...{ kind: 'image-action', action: 'push', eventId: 'event', at: at('03:10') },
    ...{ repository: aRepository(), digest: aDigest('9'), imageKind: 'artifact' },
  };

  test('the image is read again at once', async () => {
    const { ports, hints } = setUp();
    expect(await enrichSubjects(push, ports)).toEqual([DIGEST]);
    expect(hints).toEqual([[DIGEST, true, undefined]]);
  });

  test('or the indexes that list it', async () => {
    const parents = [aDigest('1'), aDigest('2')];
    const { ports, hints } = setUp({ record: undefined, findParents: async () => parents });
    expect(await enrichSubjects(push, ports)).toEqual(parents);
    expect(hints.map(([digest]) => digest)).toEqual(parents);
  });

  test.each<[string, Partial<ImageAction>, Partial<EnrichPorts>]>([
    ['nobody reads blobs', {}, { readsBlobs: false }],
    ['it is about nothing', {}, { findSubject: async () => undefined }],
    ['it was deleted', { action: 'delete' }, {}],
    ['it is an image', { imageKind: 'image' }, {}],
    ['it is an attestation, which comes with its image', { imageKind: 'attestation' }, {}],
    ['it has a tag', { tag: parseTag('latest') }, {}],
  ])('nothing is read when %s', async (_, event, over) => {
    const { ports, hints } = setUp(over);
    expect(await enrichSubjects({ ...push, ...event }, ports)).toEqual([]);
    expect(hints).toEqual([]);
  });
});
