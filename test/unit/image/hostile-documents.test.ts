import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { blobsToRead, childrenToRead, type ImageDocuments } from '../../../lib/image/documents.ts';
import { basesOf, evidenceIn, MAX_EVIDENCE } from '../../../lib/image/evidence.ts';
import { anIndexOf, aPlainImageOf } from '../../build/documents.ts';
import {
  anEnvelope,
  aStatement,
  buildkitV1,
  buildkitV02,
  githubAttestation,
} from '../../build/provenance.ts';

const COMMIT = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const SECRET = 'user:pass@';
const URL = `https://${SECRET}github.com/example/demo-api.git#refs/heads/main:dir`;
const build = {
  contextUri: URL,
  contextDigest: { sha1: COMMIT },
  materials: [{ uri: URL, digest: { sha1: COMMIT } }],
  vcs: { source: URL, revision: `${COMMIT}-dirty` },
  builderId: `https://${SECRET}ci.example.com/job/7`,
  github: {
    github_workflow_sha: COMMIT,
    github_server_url: `https://${SECRET}github.com`,
    github_repository: 'o/r',
  },
};
const labels = {
  'org.opencontainers.image.revision': COMMIT,
  'org.opencontainers.image.source': URL,
  'x.CIRCLE_SHA1': COMMIT,
  'x.CIRCLE_REPOSITORY_URL': URL,
};
const env = [`DD_TAGS=git.commit.sha:${COMMIT},git.repository_url:${URL}`, `DD_GIT_REPOSITORY_URL=${URL}`];
const whole = anIndexOf({
  annotations: labels,
  platforms: [
    {
      labels,
      env,
      annotations: labels,
      descriptorAnnotations: labels,
      provenance: [buildkitV1(build), buildkitV02(build)],
    },
  ],
  bundles: [githubAttestation(COMMIT)],
});
const plain = aPlainImageOf({ labels, env, provenance: [buildkitV02(build)] }, [buildkitV1(build)]);

/** What may be kept of documents, whatever they hold. */
function check(documents: ImageDocuments): void {
  const { blobs: _, ...unread } = documents;
  childrenToRead(documents.manifest);
  blobsToRead(unread, { labels: true });
  basesOf(documents);
  const found = evidenceIn(documents);
  expect(found.length).toBeLessThanOrEqual(MAX_EVIDENCE);
  for (const { commit } of found) expect(commit).toMatch(/^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/);
  const kept = JSON.stringify(found);
  expect(kept).not.toMatch(/@|pass|[\\<>]/);
  expect(kept.length).toBeLessThan(20_000);
}

/** The documents with every text changed by the same function; the digests stay, as if they had been checked. */
function altered(documents: ImageDocuments, change: (text: string, n: number) => string): ImageDocuments {
  let n = 0;
  const one = <T extends { readonly text: string }>(it: T): T => ({ ...it, text: change(it.text, n++) });
  return {
    ...documents,
    manifest: one(documents.manifest),
    children: documents.children.map(one),
    referrers: documents.referrers.map(one),
    blobs: new Map([...documents.blobs].map(([digest, text]) => [digest, change(text, n++)])),
  };
}

test('the documents that are altered here do name commits, in all ways', () => {
  check(whole);
  check(plain);
  expect(new Set(evidenceIn(whole).map(({ source }) => source.from)).size).toBeGreaterThan(3);
  expect(evidenceIn(plain).map(({ tier }) => tier)).toContain('builder');
});

const nasty = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    null,
    {},
    [],
    0,
    -1,
    1e308,
    true,
    '',
    URL,
    COMMIT,
    `${COMMIT}-dirty`,
    { __proto__: null },
    [[]],
    '\u202e',
    'sha256:x',
  ),
  fc.array(fc.constantFrom(URL, COMMIT, { sha1: URL }), { maxLength: 3 }),
);

/** A JSON document in which some values are others. */
function mutate(value: unknown, replacements: readonly unknown[], pick: () => number): unknown {
  if (pick() === 0) return replacements[Math.abs(pick()) % replacements.length];
  if (Array.isArray(value)) return value.map((it) => mutate(it, replacements, pick));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, mutate(it, replacements, pick)]));
}

describe('nothing is thrown, and nothing is kept but commits and plain names', () => {
  test('when values of the documents are others', () => {
    const choices = fc.infiniteStream(fc.nat({ max: 30 }));
    fc.assert(
      fc.property(
        fc.constantFrom(whole, plain),
        fc.array(nasty, { minLength: 1, maxLength: 5 }),
        choices,
        (documents, replacements, stream) => {
          const pick = () => stream.next().value;
          check(
            altered(documents, (text) => JSON.stringify(mutate(JSON.parse(text), replacements, pick)) ?? ''),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('when a document is any text, or cut off', () => {
    const other = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('', 'null', '[]', '{}', '{"manifests":[null]}'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(whole, plain),
        fc.array(fc.option(other), { minLength: 1 }),
        fc.nat(),
        (documents, others, length) => {
          check(altered(documents, (text, n) => others[n % others.length] ?? text.slice(0, length)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('when envelopes hold each other', () => {
    let text = aStatement('https://slsa.dev/provenance/v1', {}, whole.manifest.digest);
    for (let i = 0; i < 5; i += 1) text = JSON.stringify({ dsseEnvelope: anEnvelope(text) });
    check(altered(whole, (it) => (it.includes('dsseEnvelope') ? text : it)));
  });
});

describe('no document takes long', () => {
  const LONG = 1_000_000;
  const repeated = [
    'a',
    '0',
    '-',
    '@',
    '/',
    ':',
    '.',
    ' ',
    ',',
    '=',
    '.git',
    '@refs/',
    'a@',
    'a:',
    '//',
    '%20',
    'git+https://a/',
    '\n',
  ];

  test.each(repeated)('of a million times %j', (part) => {
    const text = part.repeat(LONG / part.length);
    const started = performance.now();
    const replaced = (it: string) => it.replaceAll(COMMIT, JSON.stringify(text).slice(1, -1));
    check(
      altered(plain, (it) =>
        replaced(it).replaceAll('github.com', `github.com${JSON.stringify(text.slice(0, 400)).slice(1, -1)}`),
      ),
    );
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('of 100,000 labels, layers, platforms or materials', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => [`${n}.CIRCLE_SHA1`, COMMIT] as const);
    const started = performance.now();
    check(aPlainImageOf({ labels: Object.fromEntries(many) }));
    const materials = many.map(([uri]) => ({ uri, digest: { sha1: COMMIT } }));
    check(aPlainImageOf({ provenance: [buildkitV1({ contextUri: 'x', materials })] }));
    const layers = many.map(([name]) => ({ digest: whole.manifest.digest, mediaType: name }));
    check(
      altered(plain, (it) =>
        it.startsWith('{"schemaVersion"') ? JSON.stringify({ layers, manifests: layers }) : it,
      ),
    );
    check(
      altered(whole, (it) =>
        it.startsWith('{"schemaVersion"') ? JSON.stringify({ layers, manifests: layers }) : it,
      ),
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('of 100,000 brackets', () => {
    for (const bracket of ['[', '{"config":', '{"predicate":'])
      check(altered(plain, () => bracket.repeat(100_000)));
  });
});

test('a blob that is missing costs nothing else', () => {
  const { blobs, ...documents } = whole;
  const missing = (gone: Digest) => new Map([...blobs].filter(([digest]) => digest !== gone));
  for (const gone of blobs.keys()) check({ ...documents, blobs: missing(gone) });
  expect(evidenceIn({ ...documents, blobs: new Map() }).length).toBeGreaterThan(0);
});
