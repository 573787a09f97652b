import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAnswer } from '../../../local/ecr/findings.ts';
import type { ScanAnswer } from '../../../local/ecr/scan-answer.ts';
import { basicFindings } from '../../flow/findings.ts';
import { type Service, startService } from '../service.ts';
import { type AttestedImage, type AttestedSpec, attestedImage } from './attested-image.ts';
import { installClients } from './clients.ts';
import type { Blob } from './layout.ts';
import { type Pusher, startPusher } from './pusher.ts';

const REPOSITORY = 'demo-api';
const platforms = ['linux/amd64', 'linux/arm64'];
const SINGLE = '1a7e5c0d9b3f4e2a8c6d1b0f7e9a5c3d2b4f6e81';
const INDEX = '2b8f6d1e0c4a5f3b9d7e2c1a8f0b6d4e3c5a7f92';
const BY_ARTIFACTS: AttestedSpec = {
  ...{ commit: '3c9a7e2f1d5b6a4c0e8f3d2b9a1c7e5f4d6b8a03', platforms, form: 'artifact' },
};
const BY_IMAGES: AttestedSpec = {
  ...{ commit: '4d0b8f3a2e6c7b5d1f9a4e3c0b2d8f6a5e7c9b14', platforms, form: 'image' },
};

/** What `latest` was given, and an instant at which it still had it. */
interface Step {
  readonly digest: string;
  readonly at: string;
}

const hasClients = await installClients();

describe.skipIf(!hasClients)('what real clients push is what the look-up names', () => {
  const steps = new Map<string, Step>();
  let service: Service;
  let pusher: Pusher;

  /** Moves `latest`, in a second of its own: events have no finer time. */
  async function moveLatest(step: string, from: string): Promise<void> {
    await sleep(1000 - (Date.now() % 1000));
    const digest = await pusher.push(from, 'latest');
    steps.set(step, { digest, at: new Date().toISOString() });
  }

  /** As CI does: the commit's tag, then `latest`. */
  async function release(step: string, image: string, commit: string): Promise<void> {
    await pusher.push(image, commit);
    await moveLatest(step, image);
  }

  /** The JSON document that the look-up answers with. */
  async function ask(...args: readonly string[]) {
    const { code, out, error } = await service.deployment.cli(...args, '--json');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    return JSON.parse(out);
  }

  function step(name: string): Step {
    const found = steps.get(name);
    if (!found) throw new Error(`no such step: ${name}`);
    return found;
  }

  beforeAll(async () => {
    service = await startService();
    pusher = await startPusher(service.emulators, REPOSITORY);
    const { single, twoPlatforms, attested } = pusher.make;
    await release('a labelled image', await single(SINGLE), SINGLE);
    await release('a two-platform index', await twoPlatforms(INDEX), INDEX);
    await moveLatest('a re-tag back to the first', pusher.pushed(SINGLE));
    await release('one attested by artifacts', await attested(BY_ARTIFACTS), BY_ARTIFACTS.commit);
    await release('one attested by images', await attested(BY_IMAGES), BY_IMAGES.commit);
    await service.settled();
  });
  afterAll(async () => {
    await pusher?.close();
    await service?.stop();
  });

  test.each([
    ['a labelled image', SINGLE, []],
    ['a two-platform index', INDEX, platforms],
    ['a re-tag back to the first', SINGLE, []],
    ['one attested by artifacts', BY_ARTIFACTS.commit, platforms],
    ['one attested by images', BY_IMAGES.commit, platforms],
  ])('while latest was %s: its digest, its commit, its platforms', async (name, commit, platforms) => {
    const { digest, at } = step(name);
    const answer = await ask('who', 'demo-api:latest', '--at', at);
    expect(answer).toMatchObject({ digest, provenance: { best: { commit }, conflicts: [] } });
    expect(await pusher.labelledCommit(digest)).toBe(commit);
    expect(answer.image.platforms.map(({ platform }: { platform: string }) => platform)).toEqual(platforms);
  });

  test('at two instants a person reads two commits', async () => {
    const lines = async (name: string) => {
      const { out } = await service.deployment.cli('who', 'demo-api:latest', '--at', step(name).at);
      return out;
    };
    expect(await lines('a two-platform index')).toContain(`${INDEX}  (from the tag, unverified: ${INDEX})`);
    expect(await lines('one attested by images')).toContain(`${BY_IMAGES.commit}  (from the tag, unverified`);
  });

  test('the history is what was pushed, newest first, and each ends when the next begins', async () => {
    const { entries } = await ask('history', 'demo-api:latest');
    const digests = [...steps.values()].map(({ digest }) => digest);
    expect(entries.map(({ digest }: Step) => digest)).toEqual(digests.toReversed());
    const { until } = await ask('who', 'demo-api:latest', '--at', step('a labelled image').at);
    expect(until).toBe(entries.at(-2).at);
  });

  test('nothing that was pushed lies in the dead letters', () => {
    expect(service.farEnd.got(REPOSITORY).deadLetters).toEqual([]);
  });

  describe.each([
    ['one attested by artifacts', BY_ARTIFACTS],
    ['one attested by images', BY_IMAGES],
  ])('%s', (name, spec) => {
    const image: AttestedImage = attestedImage(spec);
    const digests = image.attestations.map(({ descriptor }) => descriptor.digest);

    test('is what was built here, byte by byte', () => {
      expect(image.index.descriptor.digest).toBe(step(name).digest);
    });

    test('has attestations that were pushed and told of', () => {
      const told = pusher.events.map(({ detail }) => detail['image-digest']);
      expect(told).toEqual(expect.arrayContaining(digests));
    });

    test('has attestations that are no image and no platform in the lineage', async () => {
      const items = await service.items('lineage', REPOSITORY);
      const of = (it: string) => items.filter(({ pk }) => pk === `IMG#${it}`).map(({ sk }) => `${sk}`);
      expect(of(image.index.descriptor.digest)).toEqual([expect.stringMatching(/^AT#/)]);
      for (const digest of digests) expect(of(digest).filter((sk) => !sk.startsWith('PARENT#'))).toEqual([]);
      for (const { platforms = [] } of items)
        for (const { digest } of platforms as readonly Step[]) expect(digests).not.toContain(digest);
    });

    test('has attestations that the look-up has never heard of', async () => {
      for (const digest of digests) {
        const { code, error } = await service.deployment.cli('who', `demo-api@${digest}`);
        expect({ code, error }).toEqual({
          code: 2,
          error: expect.stringContaining('has never been recorded'),
        });
      }
    });
  });

  // Media types do not tell these attestations from images: ECR scans them, and fails.
  test('one message tells of the two platforms; the failed scan of an attestation is no message', async () => {
    const { index, images, attestations } = attestedImage(BY_IMAGES);
    for (const image of images) await scanned(image, basicAnswer(basicFindings('CRITICAL')));
    for (const attestation of attestations) await scanned(attestation, { status: 'FAILED' });
    for (const { descriptor } of [...attestations, ...images]) {
      const detail = { 'repository-name': REPOSITORY, 'image-digest': descriptor.digest };
      await service.send('ecr-image-scan.complete', detail);
      await service.settled();
    }
    const { sns, slack, events } = service.farEnd.got(REPOSITORY);
    expect([sns, slack, events].map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(sns[0]?.body).toMatchObject({
      digest: index.descriptor.digest,
      commit: { sha: BY_IMAGES.commit },
      platforms: images.map(({ descriptor }, at) => ({
        digest: descriptor.digest,
        platform: platforms[at],
        state: 'scanned',
      })),
    });
    for (const { descriptor } of attestations)
      expect(JSON.stringify([sns, slack, events])).not.toContain(descriptor.digest);
  });

  /** Gives a manifest the answer to its scan. */
  async function scanned({ descriptor, bytes }: Blob, answer: ScanAnswer): Promise<void> {
    const manifest = { ...descriptor, text: bytes.toString() };
    await service.scanner.know(REPOSITORY, manifest);
    await service.scanner.answer(REPOSITORY, manifest, answer);
  }
});
