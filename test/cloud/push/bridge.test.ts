import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parsePush } from '../../../lib/intake/parse.ts';
import type { Endpoint } from '../../../local/http.ts';
import { processesOf } from '../left-over.ts';
import { startBridge } from './bridge.ts';
import { clientsIn, installClients } from './clients.ts';
import { copyImage, type ImageMaker, imageMaker } from './images.ts';
import type { ImageActionEvent } from './notification.ts';
import { type Registry, startRegistry } from './registry.ts';

const hasClients = await installClients();
const commit = '5f2c9d1e8b7a6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const another = '0d9c8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e2d1c';
const platforms = ['linux/amd64', 'linux/arm64'];

/** What EventBridge adds to an event, and what our queue then carries. */
function onQueue(event: ImageActionEvent): string {
  const envelope = { version: '0', id: crypto.randomUUID(), account: '111122223333', region: 'eu-west-1' };
  return JSON.stringify({ ...envelope, ...event });
}

describe.skipIf(!hasClients)('real pushes, bridged', () => {
  const events: ImageActionEvent[] = [];
  let refusals = 0;
  let folder: string;
  let bridge: Endpoint;
  let registry: Registry;
  let make: ImageMaker;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scan-response-bridge-'));
    make = imageMaker(folder, clientsIn(folder));
    bridge = await startBridge(async (received) => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('the bus is away');
      events.push(...received);
    });
    registry = await startRegistry(bridge.url);
  });
  afterAll(async () => {
    await registry.close();
    await bridge.close();
    await rm(folder, { recursive: true });
  });

  /** Pushes and returns the digest and the events that came of it, once the tagged one is there. */
  async function push(from: string, tag: string) {
    const before = events.length;
    const to = `docker://${registry.host}/shop/demo-api:${tag}`;
    const digest = await copyImage(clientsIn(folder), from, to);
    const came = () => events.slice(before).map((event) => parsePush(onQueue(event)));
    await vi.waitFor(() => expect(came().map((event) => event.tag)).toContain(tag), 5000);
    return { digest, events: came() };
  }

  test('a single image is one event', async () => {
    const startedAt = new Date(Date.now() - 1000).toISOString();
    const { digest, events } = await push(await make.single(commit), 'v1');
    expect(events).toEqual([
      expect.objectContaining({
        kind: 'image-action',
        action: 'push',
        digest,
        tag: 'v1',
        imageKind: 'image',
      }),
    ]);
    expect(events[0]?.repository.name).toBe('shop/demo-api');
    expect(events[0]?.at.localeCompare(startedAt)).toBe(1);
  });

  test('an index of two platforms is three, and only the index has the tag', async () => {
    const { digest, events } = await push(await make.twoPlatforms(commit), 'v2');
    expect(events.map(({ tag, imageKind }) => ({ tag, imageKind }))).toEqual([
      { imageKind: 'image' },
      { imageKind: 'image' },
      { tag: 'v2', imageKind: 'index' },
    ]);
    expect(events.at(-1)?.digest).toBe(digest);
  });

  test('a tag that moves is one event with the digest it moved to', async () => {
    const { digest } = await push(await make.single(another), 'old');
    const moved = await push(`docker://${registry.host}/shop/demo-api:old`, 'v2');
    expect(moved.events).toEqual([expect.objectContaining({ digest, tag: 'v2' })]);
  });

  test.each([
    { form: 'image', kind: 'image' },
    { form: 'artifact', kind: 'attestation' },
  ] as const)('attestations kept as $form come without a tag, as $kind', async ({ form, kind }) => {
    const { events } = await push(await make.attested({ commit, platforms, form }), `attested-${form}`);
    expect(events.filter(({ tag }) => tag)).toHaveLength(1);
    expect(events.map(({ imageKind }) => imageKind).sort()).toEqual(
      ['image', 'image', kind, kind, 'index'].sort(),
    );
  });

  test('a registry that is closed leaves no process, no port and no file', async () => {
    const { host, folder, close } = await startRegistry(bridge.url);
    expect((await fetch(`http://${host}/v2/`)).status).toBe(200);
    expect(processesOf(folder)).not.toEqual([]);
    await close();
    await expect(fetch(`http://${host}/v2/`)).rejects.toThrow('fetch failed');
    expect(processesOf(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  test('a push while the bus is away comes when it is back', async () => {
    refusals = 2;
    const { events } = await push(`docker://${registry.host}/shop/demo-api:v1`, 'late');
    expect(events).toHaveLength(1);
    expect(refusals).toBeLessThan(0);
  });
});
