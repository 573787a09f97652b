import { describe, expect, test } from 'vitest';
import { type BackgroundPorts, findBackground, type Told } from '../../lib/find-background.ts';
import { PUBLIC_HOSTS } from '../../lib/image/links.ts';
import type { ImageRecord } from '../../lib/image/record.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import type { Baseline } from '../../lib/policy/tracked.ts';
import type { Running } from '../../lib/workload/running.ts';
import { anEvidence } from '../build/evidence.ts';
import { aDigest, at } from '../build/lineage.ts';
import { anImage, aSubject } from '../build/notice.ts';

const SOURCE = untrusted('https://github.com/demo/api');
const subject = aSubject();
const own = subject.image.digest;
const { repository } = subject.image;

function aRecord(digest: ImageRecord['image']['digest'], commit: string): ImageRecord {
  return {
    image: anImage({ digest }),
    ...{ kind: 'image', pushedAt: at('01:00'), tags: [], marks: [], platforms: [], attestations: [] },
    evidence: [anEvidence({ commit, repoUrl: SOURCE })],
  };
}

const before: Baseline = {
  reference: 'latest',
  open: {
    ...{ reference: 'latest', digest: aDigest('b'), pushedAt: at('01:00'), scanKey: 'k', ids: ['A'] },
    ...{ readAt: at('01:01'), openedAt: at('01:01') },
  },
};

function runs(name: string, digest: Running['digest'], tasks = 1): Running {
  const workload = { account: repository.account, region: repository.region, cluster: 'prod', name };
  return { workload, key: `d#c#${digest}#x86_64`, digest, architecture: 'x86_64', tasks };
}

function ports(overrides: Partial<BackgroundPorts> = {}): BackgroundPorts {
  return {
    now: () => new Date(at('03:01')),
    sleep: () => new Promise(() => undefined),
    loadImage: async ({ digest }) => aRecord(digest, 'b'.repeat(40)),
    findParents: async () => [],
    loadHistory: async () => [],
    loadRunning: async () => [],
    hosts: PUBLIC_HOSTS,
    links: {},
    ...overrides,
  };
}

const told: Told = { subject, record: aRecord(own, 'a'.repeat(40)), tracked: [before] };

describe('what is around a notice', () => {
  test('the image before, its commit, what changed, since when it is open', async () => {
    expect(await findBackground(told, ports({ links: { runbook: 'https://r.example' } }))).toEqual({
      before: { digest: aDigest('b'), commit: 'b'.repeat(40) },
      links: {
        commit: `https://github.com/demo/api/commit/${'a'.repeat(40)}`,
        compare: `https://github.com/demo/api/compare/${'b'.repeat(40)}...${'a'.repeat(40)}`,
        runbook: 'https://r.example',
      },
      open: { since: at('01:01'), seconds: 7200 },
    });
  });

  test('the same image replaced nothing, and a host that may not be linked to has no page', async () => {
    const open = before.open && { ...before.open, digest: own };
    const here = { ...told, tracked: [{ reference: 'latest', open }] };
    const found = await findBackground(here, ports({ hosts: {} }));
    expect(found).toEqual({ open: { since: at('01:01'), seconds: 7200 } });
  });

  test('who pushed it, when CloudTrail said', async () => {
    const push = { op: 'push', at: at('01:30'), eventId: 'e', digest: own, recordedAt: at('01:31') } as const;
    const asked: unknown[] = [];
    const loadHistory: BackgroundPorts['loadHistory'] = async ({ tag }) => {
      asked.push(tag);
      return [push, { ...push, actor: untrusted('role/ci') }];
    };
    const { pushed } = await findBackground(told, ports({ loadHistory }));
    expect({ pushed, asked }).toEqual({ pushed: { at: at('01:30'), by: 'role/ci' }, asked: ['latest'] });
    const unnamed = await findBackground(told, ports({ loadHistory: async () => [push] }));
    expect(unnamed).not.toHaveProperty('pushed');
  });

  test('what runs it: the image, and an index that lists it for the platform of the task', async () => {
    const index = (digest: Running['digest'], platform: string): ImageRecord => ({
      ...aRecord(digest, 'c'.repeat(40)),
      kind: 'index',
      platforms: [{ digest: own, platform }],
    });
    const all = [
      ...[runs('a', own), runs('b', own, 3), runs('b', own), runs('other', aDigest('9'), 50)],
      ...[runs('c', aDigest('c'), 2), runs('arm', aDigest('d')), runs('e', own)],
    ];
    const found = await findBackground(
      told,
      ports({
        loadRunning: async () => all,
        findParents: async () => [aDigest('c'), aDigest('d')],
        loadImage: async ({ digest }) =>
          index(digest, digest === aDigest('c') ? 'linux/amd64' : 'linux/arm64'),
      }),
    );
    expect(found.runs?.workloads.map(({ name, tasks }) => [name, tasks])).toEqual([
      ['b', 4],
      ['c', 2],
      ['a', 1],
    ]);
    expect(found.runs).toMatchObject({ more: 1 });
  });

  test('more tasks than are read: it says that there may be others', async () => {
    const found = await findBackground(told, ports({ loadRunning: async () => [runs('a', own, 200)] }));
    expect(found.runs).toMatchObject({ more: 0, isCut: true });
  });
});

describe('a notice waits for none of it', () => {
  const never = () => new Promise<never>(() => undefined);
  const broken = () => Promise.reject(new Error('throttled'));

  test.each([
    ['broken', { loadImage: broken, loadHistory: broken, loadRunning: broken }],
    ['silent', { loadImage: never, loadHistory: never, loadRunning: never, sleep: async () => undefined }],
  ])('%s tables', async (_, planted) => {
    expect(await findBackground(told, ports(planted))).toEqual({
      open: { since: at('01:01'), seconds: 7200 },
      isPartial: true,
    });
  });

  test('one part that cannot be read leaves the others', async () => {
    const found = await findBackground(told, ports({ loadRunning: broken }));
    expect(found).toMatchObject({ before: { digest: aDigest('b') }, isPartial: true });
  });
});
