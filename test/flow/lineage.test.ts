import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lookupEnvironment } from '../../local/story/ask.ts';
import { type Event, flowForFile, type Item } from './stack.ts';

const flow = flowForFile();
const COMMIT = '4f0c2d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const OTHER = '9b7e3c5a1d2f4e6b8a0c9d7e5f3b1a2c4d6e8f0a';

/** Asks the packaged CLI as a person would. */
function ask(...args: readonly string[]): Promise<{ exit: number; out: string; error: string }> {
  const env = { PATH: process.env.PATH ?? '', TZ: 'UTC', ...lookupEnvironment(flow().stack) };
  const file = join(process.cwd(), 'dist/cli/scan-response.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { env }, (failure, out, error) =>
      resolve({ exit: failure ? Number(failure.code) : 0, out, error }),
    );
  });
}

/** The events as if they had come at other times, a minute apart. */
function minutesApart(events: readonly object[], from = 0): readonly Event[] {
  return events.map((event, index) => ({
    ...(event as Event),
    time: `2026-11-20T02:${String(from + index).padStart(2, '0')}:00Z`,
  }));
}

async function put(repository: string, events: readonly object[]): Promise<void> {
  for (const event of events) flow().stack.bus.put(event);
  await flow().settled(repository);
}

describe('what a push leaves in the lineage', () => {
  test.concurrent('a tagged image: tag event, tag head, image, and the name of the repository', async () => {
    const { digest, events } = flow().stack.registry.push('lineage/plain', { tags: [COMMIT] });
    const [event] = minutesApart(events);
    await put('lineage/plain', [event ?? {}]);
    const where = '111122223333#us-east-1#lineage/plain';
    const key = `E#2026-11-20T02:00:00.000Z#${event?.id}`;
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await flow().items('lineage', 'lineage/plain')).toEqual([
      {
        pk: `IMG#${digest}`,
        sk: `AT#${where}`,
        kind: 'image',
        platforms: [],
        attestations: [],
        pushedAt: instant,
        tags: new Set([COMMIT]),
        tier: 7,
        gsi1pk: `D#${digest.slice(7, 11)}`,
        gsi1sk: `${digest.slice(7)}#${where}`,
        gsi2pk: `C#${COMMIT.slice(0, 4)}`,
        gsi2sk: expect.stringContaining(`${COMMIT}#`),
      },
      {
        pk: 'NAME#lineage/plain',
        sk: 'R#111122223333#us-east-1',
        account: '111122223333',
        region: 'us-east-1',
        gsi1pk: 'REPOSITORIES',
        gsi1sk: where,
      },
      { pk: `REPO#${where}`, sk: `TAG#${COMMIT}`, lastKey: key, digest },
      {
        pk: `TAG#${where}#${COMMIT}`,
        sk: key,
        op: 'push',
        digest,
        recordedAt: instant,
      },
    ]);
  });

  test.concurrent('an index: an edge from each platform and from the attestation, which is none', async () => {
    const platforms = ['linux/amd64', 'linux/arm64'];
    const { digest, children } = flow().push('lineage/index', { tags: ['v1'], platforms, attestation: true });
    await flow().settled('lineage/index');
    const items = await flow().items('lineage', 'lineage/index');
    const edges = items.filter(({ sk }) => `${sk}`.startsWith(`PARENT#${digest}#`));
    const expected = children.filter(({ platform }) => platforms.includes(platform));
    const [attestation] = children.filter((it) => !expected.includes(it));
    expect(edges.map(({ pk, platform }) => [pk, platform]).sort()).toEqual(
      [
        ...expected.map((child) => [`IMG#${child.digest}`, child.platform]),
        [`IMG#${attestation?.digest}`, undefined],
      ].sort(),
    );
    expect(items.find(({ sk }) => `${sk}`.startsWith('AT#'))).toMatchObject({
      pk: `IMG#${digest}`,
      kind: 'index',
      platforms: expected,
      attestations: [attestation?.digest],
    });
  });

  test.concurrent('push events in any order, and repeated, end in the same table', async () => {
    const { registry } = flow().stack;
    const first = registry.push('lineage/ordered', { tags: ['latest', COMMIT], seed: 'one' });
    const second = registry.push('lineage/ordered', { tags: ['latest', OTHER], seed: 'two' });
    const removed = registry.remove('lineage/ordered', second.digest);
    const back = registry.retag('lineage/ordered', first.digest, 'latest');
    const events = minutesApart([...first.events, ...second.events, ...removed, ...back]);
    expect(events).toHaveLength(7);
    for (const event of events) await put('lineage/ordered', [event]);
    const ordered = await timeless('lineage/ordered');

    const orders = [
      [6, 5, 4, 3, 2, 1, 0],
      [3, 0, 6, 1, 5, 2, 4, 3, 0],
      [0, 1, 2, 3, 4, 5, 6, 6, 5],
    ];
    for (const [index, order] of orders.entries()) {
      const repository = `lineage/shuffled-${index}`;
      registry.push(repository, { tags: ['latest', COMMIT], seed: 'one' });
      const renamed = order.map((at) => rename(events[at], repository));
      await put(repository, renamed);
      expect(await timeless(repository)).toEqual(ordered);
    }
  });

  test.concurrent('cache, signature and attestation pushes are not images', async () => {
    const { events } = flow().stack.registry.push('lineage/artifact', { tags: ['cache'] });
    const cache = { 'artifact-media-type': 'application/vnd.buildkit.cacheconfig.v0' };
    const signature = { 'image-tag': `sha256-${'ab'.repeat(32)}.sig` };
    const changed = (events as readonly object[]).flatMap((event) =>
      [cache, signature].map((detail) => ({ ...event, detail: { ...(event as Event).detail, ...detail } })),
    );
    await put('lineage/artifact', changed);
    expect(await flow().items('lineage', 'lineage/artifact')).toEqual([]);
    expect(flow().got('lineage/artifact').deadLetters).toEqual([]);
  });
});

describe('what a person is told', () => {
  test.concurrent('who names the commit now and then; a delete says deleted', async () => {
    const { registry } = flow().stack;
    const first = registry.push('lineage/who', { tags: ['latest', COMMIT] });
    const second = registry.push('lineage/who', { tags: ['latest', OTHER] });
    await put('lineage/who', [...minutesApart(first.events, 0), ...minutesApart(second.events, 10)]);
    const now = await ask('who', 'lineage/who:latest', '--json');
    expect(now.exit).toBe(0);
    expect(JSON.parse(now.out)).toMatchObject({
      digest: second.digest,
      provenance: { best: { commit: OTHER } },
    });
    const then = await ask('who', 'lineage/who:latest', '--at', '2026-11-20T02:05:00Z', '--json');
    expect(JSON.parse(then.out)).toMatchObject({
      digest: first.digest,
      until: '2026-11-20T02:10:00.000Z',
      provenance: { best: { commit: COMMIT } },
    });

    await put('lineage/who', minutesApart(registry.remove('lineage/who', second.digest), 20));
    const after = await ask('who', 'lineage/who:latest');
    expect(after).toMatchObject({ exit: 2, out: '' });
    expect(after.error).toContain('lineage/who:latest was deleted at 2026-11-20 02:20:00 UTC (02:20:00Z)');
    const history = await ask('history', 'lineage/who:latest', '--json');
    expect(JSON.parse(history.out).entries).toMatchObject([{ op: 'delete' }, { op: 'push' }, { op: 'push' }]);
  });

  test.concurrent('a delete by digest ends the tag that points to it still', async () => {
    const { digest, events } = flow().push('lineage/by-digest', { tags: ['latest'] });
    await flow().settled('lineage/by-digest');
    const [event] = events;
    const detail = { ...event?.detail, 'action-type': 'DELETE', 'image-tag': '' };
    const at = new Date(Date.now() + 60_000).toISOString();
    await put('lineage/by-digest', [{ ...event, id: 'delete-by-digest', time: at, detail }]);
    expect(await ask('who', 'lineage/by-digest:latest', '--at', at)).toMatchObject({
      exit: 2,
      error: expect.stringContaining(
        `lineage/by-digest:latest was deleted at ${at.slice(0, 10)} ${at.slice(11, 19)}`,
      ),
    });
    const image = await ask('who', `lineage/by-digest@${digest}`, '--json');
    expect(JSON.parse(image.out)).toMatchObject({ digest, deletedAt: at });
  });

  test.concurrent('an archived image is marked, and one that comes back is not', async () => {
    const { digest, events } = flow().push('lineage/archive');
    await flow().settled('lineage/archive');
    const store = (storageClass: string, time: string) => {
      const { 'image-tag': _, ...rest } = events[0]?.detail ?? {};
      const change = { 'action-type': 'UPDATE_STORAGE_CLASS', 'target-storage-class': storageClass };
      return [{ ...events[0], id: `to-${storageClass}`, time, detail: { ...rest, ...change } }];
    };
    const asked = async () => JSON.parse((await ask('who', `lineage/archive@${digest}`, '--json')).out);
    await put('lineage/archive', store('ARCHIVE', '2026-11-20T02:00:00Z'));
    expect(await asked()).toMatchObject({ archivedAt: '2026-11-20T02:00:00.000Z' });
    await put('lineage/archive', store('STANDARD', '2026-11-20T03:00:00Z'));
    expect(await asked()).not.toHaveProperty('archivedAt');
  });
});

function rename(event: Event | undefined, repository: string): object {
  return { ...event, detail: { ...event?.detail, 'repository-name': repository } };
}

/** The repository's lineage without its name and without the times of reading the registry. */
async function timeless(repository: string): Promise<readonly Item[]> {
  const items = await flow().items('lineage', repository);
  return items.map((item) => {
    const { recordedAt: _, pushedAt: __, gsi2sk: ___, marks = [], ...rest } = item;
    const ops = new Set([...(marks as Iterable<string>)].map((mark) => mark.split('#')[1]));
    const text = JSON.stringify({ ...rest, marks: ops }, listed);
    return JSON.parse(text.replaceAll(repository, 'NAME'));
  });
}

function listed(_: string, value: unknown): unknown {
  return value instanceof Set ? [...value].sort() : value;
}
