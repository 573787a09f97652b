import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { lookupEnvironment } from '../../local/story/ask.ts';
import { basicFindings } from './findings.ts';
import { flowForFile, type Item } from './stack.ts';

// The packaged bundles read real documents from a registry that computes real digests.

const flow = flowForFile({
  longestPauseSeconds: 1,
  environment: { SCAN_RESPONSE_READ_BLOBS: 'true', SCAN_RESPONSE_REFERRERS_AFTER_SECONDS: '1' },
});
const COMMIT = '8f1c7a2b3d4e5f60718293a4b5c6d7e8f9012345';
const OTHER = '24dd0a6f7c5e3b1a9f8d7c6b5a4938271605f4e3';
const SHA256_COMMIT = '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b';
const URI = 'https://github.com/acme/demo.git#refs/heads/main';
const VCS = { source: 'https://github.com/acme/demo', revision: COMMIT };
const PLATFORMS = ['linux/amd64', 'linux/arm64'];

function ask(...args: readonly string[]): Promise<string> {
  const { PATH = '' } = process.env;
  const env = { PATH, TZ: 'UTC', ...lookupEnvironment(flow().stack) };
  const file = join(process.cwd(), 'dist/cli/scan-response.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { env }, (_, out, error) => resolve(out || error));
  });
}

/** The image's own item. */
async function itemOf(repository: string, digest: string): Promise<Item> {
  const items = await flow().items('lineage', repository);
  return items.find(({ pk, sk }) => pk === `IMG#${digest}` && `${sk}`.startsWith('AT#')) ?? {};
}

const evidenceOf = ({ evidence = '[]' }: Item): { tier: string; commit: string }[] =>
  JSON.parse(String(evidence));
const tiersOf = (item: Item) => evidenceOf(item).map(({ tier, commit }) => `${tier} ${commit}`);

/** Pushes and waits until its documents are read. */
async function pushed(repository: string, image: Parameters<ReturnType<typeof flow>['push']>[1]) {
  const { digest, children } = flow().push(repository, image);
  await flow().settled(repository);
  return { digest, children, item: await itemOf(repository, digest) };
}

describe('a commit that no tag names', () => {
  test.each([
    [
      'provenance-1',
      { predicate: 'v1', form: 'artifact', source: { uri: URI, commit: COMMIT } },
      'builder',
      COMMIT,
    ],
    [
      'provenance-02',
      { predicate: 'v0.2', form: 'image', source: { uri: URI, commit: COMMIT } },
      'builder',
      COMMIT,
    ],
    ['provenance-02-artifact', { predicate: 'v0.2', form: 'artifact', vcs: VCS }, 'client-hint', COMMIT],
    ['provenance-1-image', { predicate: 'v1', form: 'image', vcs: VCS }, 'client-hint', COMMIT],
    [
      'sha256',
      { predicate: 'v1', form: 'artifact', source: { uri: URI, commit: SHA256_COMMIT } },
      'builder',
      SHA256_COMMIT,
    ],
  ] as const)('from %s of two platforms, over packaged bundles', async (name, attestation, tier, commit) => {
    const repository = `evidence/${name}`;
    const { digest, item } = await pushed(repository, {
      tags: ['latest'],
      platforms: PLATFORMS,
      attestation,
    });
    expect(tiersOf(item)).toContain(`${tier} ${commit}`);
    expect(item).toMatchObject({
      gsi2pk: `C#${commit.slice(0, 4)}`,
      gsi2sk: expect.stringContaining(`${commit}#`),
    });
    const answer = JSON.parse(await ask('who', `${repository}:latest`, '--json'));
    expect(answer).toMatchObject({ digest, provenance: { best: { commit, tier } } });
  });

  test('that was built with changes: it says so', async () => {
    const vcs = { ...VCS, revision: `${COMMIT}-dirty` };
    const { item } = await pushed('evidence/dirty', {
      tags: ['latest'],
      attestation: { predicate: 'v1', vcs },
    });
    expect(evidenceOf(item)).toMatchObject([{ commit: COMMIT, tier: 'client-hint', isDirty: true }]);
  });

  test('from annotations and labels, the annotation first', async () => {
    const key = 'org.opencontainers.image.revision';
    const { item } = await pushed('evidence/annotated', {
      ...{ tags: ['latest'], platforms: PLATFORMS, labels: { [key]: COMMIT } },
      annotations: { index: { [key]: COMMIT } },
    });
    expect(tiersOf(item)).toEqual([`annotation ${COMMIT}`, `label ${COMMIT}`]);
  });

  test('is in the message, with how we know', async () => {
    const repository = 'evidence/notice';
    const attestation = { predicate: 'v1', source: { uri: URI, commit: COMMIT } } as const;
    const { children } = await pushed(repository, { tags: ['latest'], attestation });
    flow().scan(repository, children[0]?.digest ?? '', basicAnswer(basicFindings('CRITICAL', 1)));
    await flow().settled(repository);
    const { slackBodies, sns } = flow().got(repository);
    expect(slackBodies).toHaveLength(1);
    expect(slackBodies[0]).toContain(COMMIT.slice(0, 7));
    expect(slackBodies[0]).toContain('verified by the builder');
    expect(JSON.stringify(sns[0]?.body)).toContain(COMMIT);
  });
});

describe('what comes later', () => {
  test('a referrer: found after the delay without any event, and stronger than the label', async () => {
    const repository = 'evidence/referrer';
    const labels = { 'org.opencontainers.image.revision': OTHER };
    const { digest } = flow().push(repository, { tags: ['latest'], labels });
    flow().stack.registry.attest(repository, digest, { repository: 'acme/demo', commit: COMMIT });
    await sleep(1_500);
    await flow().settled(repository);
    expect(tiersOf(await itemOf(repository, digest))).toEqual([
      `signed-unverified ${COMMIT}`,
      `label ${OTHER}`,
    ]);
  });

  test.each(['ECR Image Action', 'ECR Referrer Action'])(
    'a referrer told by %s is read at once',
    async (type) => {
      const repository = `evidence/told-by-${type.split(' ')[1]?.toLowerCase()}`;
      const { digest, children, item } = await pushed(repository, { tags: ['latest'], platforms: PLATFORMS });
      expect(item).not.toHaveProperty('evidence');
      // About one platform: the index that people name gets it.
      const about = children[1]?.digest ?? '';
      const { events } = flow().stack.registry.attest(repository, about, {
        repository: 'acme/demo',
        commit: COMMIT,
      });
      for (const event of events) flow().stack.bus.put({ ...event, 'detail-type': type });
      await flow().settled(repository);
      expect(tiersOf(await itemOf(repository, digest))).toEqual([`signed-unverified ${COMMIT}`]);
      expect(flow().got(repository).deadLetters).toEqual([]);
    },
  );
});

describe('what cannot be read', () => {
  test('a blob that is not what its digest says: the push and the weaker evidence stay, with the reason', async () => {
    const repository = 'evidence/forged';
    const annotations = { index: { 'org.opencontainers.image.revision': COMMIT } };
    const attestation = { source: { uri: URI, commit: OTHER } };
    const { registry, bus } = flow().stack;
    const { digest, events } = registry.push(repository, { tags: ['latest'], annotations, attestation });
    const blobs = registry.find(repository)?.blobs ?? new Map();
    for (const [of, content] of blobs) blobs.set(of, content.replaceAll('e', 'x'));
    for (const event of events) bus.put(event);
    await flow().settled(repository);
    const item = await itemOf(repository, digest);
    expect(tiersOf(item)).toEqual([`annotation ${COMMIT}`]);
    expect(item.unread).toMatch(/^the statement sha256:.*: the blob is not what its digest says$/);
    expect(flow().got(repository).deadLetters).toEqual([]);
  });

  test('no right to pull: written down once, tried no more, and put right by the next reading', async () => {
    const repository = 'evidence/denied';
    const { ecr, registry, bus } = flow().stack;
    ecr.fail('GetDownloadUrlForLayer', 100, 'AccessDeniedException');
    const attestation = { source: { uri: URI, commit: COMMIT } };
    const { digest, item } = await pushed(repository, { tags: ['latest'], attestation });
    expect(item.unread).toContain('AccessDeniedException');
    expect(tiersOf(item)).toEqual([]);
    ecr.heal();
    for (const event of registry.attest(repository, digest, { repository: 'acme/demo', commit: OTHER })
      .events)
      bus.put(event);
    await flow().settled(repository);
    const read = await itemOf(repository, digest);
    expect(tiersOf(read)).toEqual([`builder ${COMMIT}`, `signed-unverified ${OTHER}`]);
    expect(read).not.toHaveProperty('unread');
  });

  test('a busy registry: read again later', async () => {
    const repository = 'evidence/throttled';
    flow().stack.ecr.fail('ListImageReferrers', 7, 'ThrottlingException');
    const attestation = { source: { uri: URI, commit: COMMIT } };
    const { item } = await pushed(repository, { tags: ['latest'], attestation });
    expect(tiersOf(item)).toEqual([`builder ${COMMIT}`]);
    expect(flow().got(repository).deadLetters).toEqual([]);
  });
});
