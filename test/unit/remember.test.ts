import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../../lib/image/digest.ts';
import type { Evidence } from '../../lib/image/evidence.ts';
import { commitOf } from '../../lib/image/record.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import type { ImageAction } from '../../lib/intake/event.ts';
import { remember } from '../../lib/remember.ts';
import { aDigest, anImageOf, aRecord, aRepository, aTagName, at } from '../build/lineage.ts';
import { aRegistered } from '../build/registered.ts';
import { Crash, crashPoints, failingAt } from '../doubles/failing-call.ts';
import { type MemoryRegistry, memoryLineage } from '../doubles/memory-lineage.ts';

const A = aDigest('a');
const B = aDigest('b');
const INDEX = aDigest('1');
const AMD64 = { digest: aDigest('2'), platform: 'linux/amd64' };
const ARM64 = { digest: aDigest('3'), platform: 'linux/arm64' };
const NOW = at('12:00');
const A_BUILD: Evidence = {
  commit: 'c'.repeat(40),
  tier: 'builder',
  source: { from: 'provenance', document: aDigest('d'), field: 'configSource.digest' },
};

const registry: MemoryRegistry = {
  images: [
    aRegistered(A, ['latest', 'v1']),
    aRegistered(B, ['latest']),
    aRegistered(INDEX, ['v3'], { kind: 'index' }),
  ],
  indexes: { [INDEX]: { platforms: [AMD64, ARM64], attestations: [aDigest('4')] } },
};

function anAction(
  action: ImageAction['action'],
  time: string,
  { tag, ...more }: Partial<Omit<ImageAction, 'tag'>> & { readonly tag?: string } = {},
): ImageAction {
  return {
    kind: 'image-action',
    action,
    eventId: `event-${time}`,
    at: at(time),
    repository: aRepository(),
    imageKind: 'image',
    ...(tag && { tag: parseTag(tag) }),
    ...more,
  };
}

const push = (time: string, tag: string, digest: Digest = A) => anAction('push', time, { tag, digest });
const latest = aTagName();
const named = (tag: string) => aTagName({ tag: parseTag(tag) });

/** What all these events leave behind, one after the other. */
async function lineageAfter(events: readonly ImageAction[], from: MemoryRegistry = registry) {
  const lineage = memoryLineage(from, NOW);
  const outcomes: string[] = [];
  for (const event of events) outcomes.push(await remember(event, lineage.ports));
  return { ...lineage, outcomes };
}

describe('a push', () => {
  test('is an event, moves the head, and describes the image', async () => {
    const { outcomes, head, history, image, tables } = await lineageAfter([push('02:00', 'latest')]);
    expect(outcomes).toEqual(['recorded']);
    expect(head(latest)).toBe(A);
    expect(history(latest)).toEqual([
      { op: 'push', at: at('02:00'), eventId: 'event-02:00', digest: A, recordedAt: NOW },
    ]);
    expect(image(anImageOf(A))).toEqual(aRecord({ tags: ['latest', 'v1'].map(parseTag) }));
    expect(tables().repositories).toHaveLength(1);
  });

  test('of an index keeps its platforms and its attestations', async () => {
    const { image } = await lineageAfter([
      anAction('push', '02:00', { tag: 'v3', digest: INDEX, imageKind: 'index' }),
    ]);
    expect(image(anImageOf(INDEX))).toMatchObject({
      kind: 'index',
      platforms: [AMD64, ARM64],
      attestations: [aDigest('4')],
    });
  });

  test('of a new tag on a known image adds the tag, without asking the registry again', async () => {
    const lineage = memoryLineage(registry, NOW);
    await remember(push('02:00', 'latest'), lineage.ports);
    const ports = {
      ...lineage.ports,
      findImage: async () => Promise.reject(new Error('asked')),
      findIndex: async () => Promise.reject(new Error('asked')),
    };
    expect(await remember(push('02:01', 'v9'), ports)).toBe('recorded');
    expect(lineage.image(anImageOf(A))?.tags).toEqual(['latest', 'v1', 'v9']);
    expect(lineage.head(named('v9'))).toBe(A);
  });

  test.each([
    ['an image', 'image', A],
    ['an index', 'index', INDEX],
  ] as const)('of %s that is gone by now is recorded as gone', async (_, imageKind, digest) => {
    const { outcomes, image, head } = await lineageAfter(
      [anAction('push', '02:00', { tag: 'v3', digest, imageKind })],
      {
        images: [],
      },
    );
    expect(outcomes).toEqual(['recorded-as-gone']);
    expect(image(anImageOf(digest))).toMatchObject({
      pushedAt: at('02:00'),
      tags: ['v3'],
      marks: [{ op: 'delete', at: NOW }],
    });
    expect(head(named('v3'))).toBe(digest);
  });

  test.each([
    ['without a tag', anAction('push', '02:00', { digest: A }), 'part-of-an-index'],
    [
      'of an attestation',
      anAction('push', '02:00', { digest: A, tag: 'x', imageKind: 'attestation' }),
      'not-an-image',
    ],
    [
      'of a build cache',
      anAction('push', '02:00', { digest: A, tag: 'x', imageKind: 'cache' }),
      'not-an-image',
    ],
    ['of a chart', anAction('push', '02:00', { digest: A, tag: 'x', imageKind: 'artifact' }), 'not-an-image'],
    ['of a signature', push('02:00', `sha256-${'a'.repeat(64)}.sig`), 'not-an-image'],
  ])('%s leaves nothing', async (_, event, outcome) => {
    const { outcomes, tables } = await lineageAfter([event]);
    expect(outcomes).toEqual([outcome]);
    expect(Object.values(tables()).flat()).toEqual([]);
  });
});

describe('a delete', () => {
  test('by tag ends what the tag pointed to, and nothing else', async () => {
    const events = [
      push('02:00', 'latest'),
      push('02:00:01', 'v1'),
      anAction('delete', '03:00', { tag: 'latest' }),
    ];
    const { outcomes, head, history, image } = await lineageAfter(events);
    expect(outcomes.at(-1)).toBe('closed');
    expect(head(latest)).toBeUndefined();
    expect(history(latest).at(-1)).not.toHaveProperty('digest');
    expect(head(named('v1'))).toBe(A);
    expect(image(anImageOf(A))?.marks).toEqual([]);
  });

  test('by digest is a mark on the image; its tags have no event of their own', async () => {
    const { outcomes, history, image } = await lineageAfter([
      push('02:00', 'latest'),
      anAction('delete', '03:00', { digest: A }),
    ]);
    expect(outcomes.at(-1)).toBe('closed');
    expect(history(latest).map(({ op }) => op)).toEqual(['push']);
    expect(image(anImageOf(A))?.marks).toEqual([{ op: 'delete', at: at('03:00') }]);
  });

  test.each([
    ['of an image that nobody knows', anAction('delete', '03:00', { digest: A })],
    ['that names nothing', anAction('delete', '03:00')],
  ])('%s makes no tag events', async (_, event) => {
    const { outcomes, tables, image } = await lineageAfter([event]);
    expect(outcomes).toEqual(['closed']);
    expect(tables().events).toEqual([]);
    expect(image(anImageOf(A))).toBeUndefined();
  });
});

test('archived and restored are marks on the image', async () => {
  const archive = anAction('archive', '04:00', { digest: A });
  const restore = anAction('restore', '05:00', { digest: A });
  const { outcomes, image } = await lineageAfter([push('02:00', 'latest'), restore, archive]);
  expect(outcomes).toEqual(['recorded', 'marked', 'marked']);
  expect(image(anImageOf(A))?.marks).toEqual([
    { op: 'archive', at: at('04:00') },
    { op: 'restore', at: at('05:00') },
  ]);
});

describe('what nobody pushed there', () => {
  const copied = (time: string, tag: string, digest: Digest, more: Partial<ImageAction>): ImageAction => {
    const { imageKind: _, ...event } = push(time, tag, digest);
    return { ...event, ...more };
  };
  const origin = { account: '222233334444', region: 'us-east-1' };

  test('a replicated index is described by the registry, and its tag event says where it came from', async () => {
    const { outcomes, history, image } = await lineageAfter([copied('02:00', 'v3', INDEX, { origin })]);
    expect(outcomes).toEqual(['recorded']);
    expect(history(named('v3'))).toMatchObject([{ op: 'push', digest: INDEX, origin }]);
    expect(image(anImageOf(INDEX))).toMatchObject({ kind: 'index', platforms: [AMD64, ARM64] });
  });

  test.each(['cache', 'attestation', 'artifact'] as const)(
    'a replicated %s is no image there either',
    async (kind) => {
      const images = [aRegistered(A, ['x'], { kind })];
      const { outcomes, tables } = await lineageAfter([copied('02:00', 'x', A, { origin })], { images });
      expect(outcomes).toEqual(['not-an-image']);
      expect(Object.values(tables()).flat()).toEqual([]);
    },
  );

  test('what came through a cache has a history and no commit, whatever its tags look like', async () => {
    const tag = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
    const cached = copied('02:00', tag, A, { isUpstream: true });
    const orders = [
      [cached, push('02:01', tag)],
      [push('02:01', tag), cached],
    ];
    for (const events of orders) {
      const { head, image } = await lineageAfter(events);
      expect(head(named(tag))).toBe(A);
      const record = image(anImageOf(A)) ?? expect.fail('no record');
      expect(record.isUpstream).toBe(true);
      expect(commitOf(record)).toBeUndefined();
      const { isUpstream: _, ...ours } = record;
      expect(commitOf(ours)?.best.commit).toBe(tag);
    }
  });
});

test('what was read afterwards says so, names who did it, and hints at nothing', async () => {
  const told = { source: 'backfill', actor: untrusted('role/ci') } as const;
  const { history, retags } = await lineageAfter([
    anAction('push', '02:00', { tag: 'v3', digest: INDEX, imageKind: 'index', ...told }),
    anAction('push', '02:30', { tag: 'v4', digest: INDEX, imageKind: 'index', ...told }),
  ]);
  expect(history(named('v4'))).toMatchObject([told]);
  expect(retags).toEqual([]);
});

test('an index that was gone when it was first seen is read when it is pushed again', async () => {
  const event = anAction('push', '02:00', { tag: 'v3', digest: INDEX, imageKind: 'index' });
  const { ports, image } = await lineageAfter([event], { ...registry, indexes: {} });
  expect(image(anImageOf(INDEX))?.platforms).toEqual([]);
  const findIndex = async () => registry.indexes?.[INDEX];
  await remember({ ...event, at: at('13:00'), eventId: 'again' }, { ...ports, findIndex });
  expect(image(anImageOf(INDEX))?.platforms).toEqual([AMD64, ARM64]);
});

describe('any order, any number of times', () => {
  const stories: readonly (readonly [string, readonly ImageAction[]])[] = [
    [
      'pushes, moves and deletes of tags',
      [
        push('02:00', 'latest'),
        push('02:00:01', 'v1'),
        push('02:10', 'latest', B),
        push('02:20', 'latest'),
        anAction('delete', '02:30', { tag: 'v1' }),
        push('02:40', 'v1', B),
        anAction('delete', '02:50', { tag: 'latest', digest: A }),
        anAction('push', '03:00', { tag: 'v3', digest: INDEX, imageKind: 'index' }),
      ],
    ],
    [
      'an image that is archived, restored, deleted and pushed again',
      [
        push('02:00', 'latest'),
        push('02:01', 'v1'),
        anAction('archive', '03:00', { digest: A }),
        anAction('restore', '03:30', { digest: A }),
        anAction('delete', '04:00', { digest: A }),
        push('05:00', 'latest'),
      ],
    ],
    [
      'two events at one instant',
      [
        push('02:00', 'latest'),
        { ...push('02:00', 'latest', B), eventId: 'event-other' },
        push('01:00', 'latest', B),
      ],
    ],
  ];

  test.each(stories)('%s end in the same tables', async (_, story) => {
    const inOrder = (await lineageAfter(story)).tables();
    const shuffled = fc.shuffledSubarray([...story], { minLength: story.length, maxLength: story.length });
    await fc.assert(
      fc.asyncProperty(shuffled, fc.subarray([...story]), async (events, repeated) => {
        expect((await lineageAfter([...events, ...repeated])).tables()).toEqual(inOrder);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a hint that the scan is worth another look', () => {
  const INDEX_PUSH = { digest: INDEX, imageKind: 'index' } as const;
  test.each<[string, readonly ImageAction[], readonly string[]]>([
    ['the tags of one push need none', [push('02:00', 'latest'), push('02:00:02', 'v1')], []],
    ['a tag that comes later', [push('02:00', 'v1'), push('02:05', 'latest')], ['02:05']],
    ['a tag that comes back', [push('02:00', 'latest'), push('04:00', 'latest')], ['04:00']],
    ['an image older than our record', [push('03:00', 'latest')], ['03:00']],
    [
      'an index that is recorded late: its platforms may have been answered without it',
      [
        anAction('push', '02:00', { tag: 'v3', ...INDEX_PUSH }),
        anAction('push', '02:00:01', { tag: 'v4', ...INDEX_PUSH }),
      ],
      ['02:00', '02:00:01'],
    ],
    [
      'an index that is recorded at once',
      [
        anAction('push', '11:59:30', { tag: 'v3', ...INDEX_PUSH }),
        anAction('push', '11:59:45', { tag: 'v4', ...INDEX_PUSH }),
      ],
      ['11:59:45'],
    ],
    ['no image', [anAction('push', '03:00', { tag: 'v1', digest: A, imageKind: 'artifact' })], []],
    ['a deletion', [push('02:00', 'v1'), anAction('delete', '03:00', { tag: 'v1' })], []],
  ])('%s', async (_, events, hinted) => {
    const pushedAt = events[0]?.digest === INDEX ? events[0].at : at('02:00');
    const images = registry.images.map((it) => (it.kind === 'index' ? { ...it, pushedAt } : it));
    const { retags } = await lineageAfter(events, { ...registry, images });
    expect(retags).toEqual(hinted.map((time) => at(time)));
  });

  test('none for an image that is gone', async () => {
    expect((await lineageAfter([push('03:00', 'latest')], { images: [] })).retags).toEqual([]);
  });
});

describe('the commit that the documents of a first push name', () => {
  const evidence = { [A]: [A_BUILD] };

  test('is kept with it, and what comes after the push is read later', async () => {
    const { image, toRead, later } = await lineageAfter([push('02:00', 'latest')], { ...registry, evidence });
    expect(image(anImageOf(A))?.evidence).toEqual([A_BUILD]);
    expect([toRead, later]).toEqual([[], [A]]);
  });

  test('is read later where that cannot be at once', async () => {
    const { image, toRead, later } = await lineageAfter([push('02:00', 'latest')]);
    expect(image(anImageOf(A))?.evidence).toEqual([]);
    expect([toRead, later]).toEqual([[A], []]);
  });

  test('is read later when somebody declares another meanwhile', async () => {
    const { ports, image, toRead } = memoryLineage({ ...registry, evidence }, NOW);
    const saveImage: typeof ports.saveImage = async (pushed) =>
      pushed.read ? false : ports.saveImage(pushed);
    expect(await remember(push('02:00', 'latest'), { ...ports, saveImage })).toBe('recorded');
    expect(image(anImageOf(A))?.tags).toEqual(['latest', 'v1']);
    expect(toRead).toEqual([A]);
  });

  test('is written once when somebody else recorded the image meanwhile', async () => {
    const { ports, image, toRead, later } = memoryLineage({ ...registry, evidence }, NOW);
    let saved = 0;
    const counting: typeof ports = {
      ...ports,
      async readEvidence(of) {
        if (saved === 0)
          await remember(push('02:00', 'latest'), { ...counting, readEvidence: ports.readEvidence });
        return ports.readEvidence(of);
      },
      async saveImage(pushed) {
        saved += 1;
        return ports.saveImage(pushed);
      },
    };
    expect(await remember(push('02:00', 'v9'), counting)).toBe('recorded');
    expect(image(anImageOf(A))).toMatchObject({ tags: ['latest', 'v1', 'v9'], evidence: [A_BUILD] });
    expect([saved, toRead, later]).toEqual([2, [], [A]]);
  });

  test('is not asked for when the image is gone', async () => {
    const { toRead, later } = await lineageAfter([push('02:00', 'latest')], { images: [], evidence });
    expect([toRead, later]).toEqual([[], []]);
  });
});

describe('a crash at any call, and the event again', () => {
  const before = [push('02:00', 'latest'), push('02:01', 'v1')];
  const index = anAction('push', '02:30', { tag: 'v3', digest: INDEX, imageKind: 'index' });
  const justPushed = { ...registry, images: registry.images.map((it) => ({ ...it, pushedAt: index.at })) };

  test.each<[string, readonly ImageAction[], ImageAction, MemoryRegistry]>([
    ['a first push', [], push('02:00', 'latest'), registry],
    [
      'a first push, with what its documents say',
      [],
      push('02:00', 'latest'),
      { ...registry, evidence: { [A]: [A_BUILD] } },
    ],
    ['a push of an index', [], index, registry],
    ['a push of an index that was told late', [], index, justPushed],
    ['a new tag', before, push('02:10', 'v2'), registry],
    ['a push of an image that is gone', [], push('02:00', 'latest'), { images: [] }],
    ['a delete by tag', before, anAction('delete', '03:00', { tag: 'v1' }), registry],
    ['a delete by digest', before, anAction('delete', '03:00', { digest: A }), registry],
    ['an archive', before, anAction('archive', '03:00', { digest: A }), registry],
  ])('%s', async (_, past, event, from) => {
    const whole = await lineageAfter([...past, event], from);
    const expected = whole.tables();
    const hints = whole.retags.length;
    const asked = [whole.toRead.length, whole.later.length];
    for (const [when, nth] of crashPoints) {
      const { ports, tables, retags, toRead, later } = await lineageAfter(past, from);
      const failing = failingAt(ports, nth, when);
      const crashed = await remember(event, failing.ports).catch((error: unknown) => error);
      if (failing.calls() < nth) continue;
      expect(crashed).toBeInstanceOf(Crash);
      await remember(event, ports);
      expect(tables(), `${when} call ${nth}`).toEqual(expected);
      expect(retags.length, `${when} call ${nth}`).toBeGreaterThanOrEqual(hints);
      expect(toRead.length, `${when} call ${nth}`).toBeGreaterThanOrEqual(asked[0] ?? 0);
      expect(later.length, `${when} call ${nth}`).toBeGreaterThanOrEqual(asked[1] ?? 0);
    }
  });
});
