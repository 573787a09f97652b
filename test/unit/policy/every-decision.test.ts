import { describe, expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import type { NoticeReason, SilenceReason } from '../../../lib/policy/notice.ts';
import type { Policy } from '../../../lib/policy/policy.ts';
import { type Answer, respond } from '../../../lib/respond.ts';
import type { Reading } from '../../../lib/scan/scan.ts';
import type { Severity } from '../../../lib/scan/severity.ts';
import { countBySeverity } from '../../../lib/scan/severity.ts';
import { aDigest, anImageOf, at } from '../../build/lineage.ts';
import { aFinding } from '../../build/notice.ts';
import { anUnscannable } from '../../build/reading.ts';
import { aRegistered } from '../../build/registered.ts';
import { aWorld, memoryResponse } from '../../doubles/memory-response.ts';

type Ids = readonly string[];
interface Step {
  /** The letter of the image; `a` when it is not said. */
  readonly image?: string;
  /** Criticals; `b:HIGH` has another severity, `c!` has no fix. Absent: the scan failed. */
  readonly ids?: Ids;
  readonly tags?: readonly string[];
  readonly kind?: 'image' | 'attestation';
  readonly gone?: true;
  readonly policy?: Partial<Policy>;
  /** Days after the first. */
  readonly day?: number;
}

const rule = (cve: string) => ({ cve, reason: 'not reachable', expires: '2027-01-01' });
const IGNORING_A = { ignore: [rule('A')], mark: 'ignores A' };
const WEEKLY = { renotifyAfterSeconds: 7 * 86_400 };

/** Every reason to speak, and what leads to it: the last step is the one that is asked about. */
const REASONS: Readonly<Record<NoticeReason, readonly Step[]>> = {
  'first-scan': [{ ids: ['A'] }],
  'new-findings': [{ ids: ['A'] }, { image: 'b', ids: ['A', 'B'] }],
  worse: [{ ids: ['A'] }, { ids: ['A', 'B'] }],
  better: [{ ids: ['A', 'B'] }, { ids: ['A'] }],
  resolved: [{ ids: ['A'] }, { image: 'b', ids: [] }],
  'not-scanned': [{}],
  'reminder-due': [
    { ids: ['A'], policy: WEEKLY },
    { ids: ['A'], policy: WEEKLY, day: 8 },
  ],
};

/** Every silence. */
const SILENCES: Readonly<Record<SilenceReason, readonly Step[]>> = {
  'below-threshold': [{ ids: ['b:HIGH'] }],
  ignored: [{ ids: ['A'], policy: IGNORING_A }],
  'not-fixable': [{ ids: ['A!'], policy: { onlyFixable: true } }],
  unchanged: [{ ids: ['A'] }, { image: 'b', ids: ['A'] }],
  untracked: [
    { image: 'b', ids: ['A'], tags: ['1.1'], day: 1 },
    { ids: ['A'], tags: ['1.0'] },
  ],
  'already-answered': [{ ids: ['A'] }, { ids: ['A'] }],
  'never-a-subject': [{ ids: ['A'], kind: 'attestation' }],
  gone: [{ gone: true }],
};

/** What else the policy does, beyond one word each. */
const BY_POLICY: readonly (readonly [string, NoticeReason | SilenceReason, readonly Step[]])[] = [
  [
    'what was told and is ignored since is not gone',
    'ignored',
    [{ ids: ['A'] }, { ids: ['A'], policy: IGNORING_A }],
  ],
  [
    'one of two is ignored since: that is not better',
    'unchanged',
    [{ ids: ['A', 'B'] }, { ids: ['A', 'B'], policy: IGNORING_A }],
  ],
  [
    'the rule ends: it speaks again',
    'new-findings',
    [{ ids: ['A'] }, { ids: ['A'], policy: IGNORING_A }, { ids: ['A'] }],
  ],
  [
    'the rule for one of two ends: it speaks again',
    'new-findings',
    [{ ids: ['A', 'B'] }, { ids: ['A', 'B'], policy: IGNORING_A }, { ids: ['A', 'B'] }],
  ],
  ['the other one is really gone', 'resolved', [{ ids: ['A', 'B'] }, { ids: ['A'], policy: IGNORING_A }]],
  [
    'a new one beside an ignored one',
    'worse',
    [
      { ids: ['A', 'B'], policy: IGNORING_A },
      { ids: ['A', 'B', 'C'], policy: IGNORING_A },
    ],
  ],
  [
    'a lower threshold finds more, which is not worse',
    'new-findings',
    [{ ids: ['A', 'b:HIGH'] }, { ids: ['A', 'b:HIGH'], policy: { notifyAt: 'HIGH', mark: 'high' } }],
  ],
  [
    'a higher threshold makes nothing better',
    'unchanged',
    [{ ids: ['A', 'b:HIGH'], policy: { notifyAt: 'HIGH', mark: 'high' } }, { ids: ['A', 'b:HIGH'] }],
  ],
  [
    'a higher threshold resolves nothing',
    'below-threshold',
    [{ ids: ['b:HIGH'], policy: { notifyAt: 'HIGH', mark: 'high' } }, { ids: ['b:HIGH'] }],
  ],
  [
    'asked for fixes only, since: nothing is gone',
    'not-fixable',
    [{ ids: ['A!'] }, { ids: ['A!'], policy: { onlyFixable: true, mark: 'fix' } }],
  ],
  [
    'a fix comes',
    'worse',
    [
      { ids: ['A!', 'B'], policy: { onlyFixable: true, mark: 'fix' } },
      { ids: ['A', 'B'], policy: { onlyFixable: true, mark: 'fix' } },
    ],
  ],
];

function readingOf({ ids, gone }: Step): Reading {
  if (gone) return { state: 'gone' };
  if (!ids) return anUnscannable();
  const findings = ids.map((it) => {
    const [id = '', severity = 'CRITICAL'] = it.replace('!', '').split(':');
    return aFinding({
      id: untrusted(id),
      severity: severity as Severity,
      fix: it.endsWith('!') ? 'none' : 'all',
    });
  });
  return {
    state: 'scanned',
    type: 'enhanced',
    completedAt: at('02:30'),
    counts: countBySeverity(findings),
    findings,
  };
}

/** Plays the steps one after the other; gives the answers to the last one, and what was told, repeats aside. */
async function play(steps: readonly Step[]) {
  const world = aWorld();
  const memory = memoryResponse(world);
  let answers: readonly Answer[] = [];
  let told = 0;
  for (const [nth, step] of steps.entries()) {
    const { image = 'a', tags = ['latest'], kind = 'image', policy = {}, day = 0 } = step;
    const digest = aDigest(image);
    const pushedAt = at(image === 'a' ? '02:00' : '02:10');
    for (const it of world.images.values())
      if (tags.includes('latest')) world.images.set(it.image.digest, { ...it, tags: [] });
    world.images.set(digest, aRegistered(digest, tags, { pushedAt, kind }));
    world.scans.set(digest, readingOf(step));
    told = memory.told().filter((it) => it.startsWith('notice')).length;
    const ports = {
      ...memory.ports,
      now: () => new Date(Date.parse(at('03:00')) + nth * 60_000 + day * 86_400_000),
      policyOf: async () => ({ trackedTags: ['latest'], notifyAt: 'CRITICAL' as const, ...policy }),
    };
    answers = await respond(anImageOf(digest), 3600, ports);
  }
  const hasSpoken = memory.told().filter((it) => it.startsWith('notice')).length > told;
  const { decision } = answers[0] ?? expect.fail('nothing was decided');
  return { decision, hasSpoken, open: memory.open('latest'), queued: memory.queued };
}

describe('every reason to speak', () => {
  test.each(Object.entries(REASONS))('%s', async (reason, steps) => {
    const { decision, hasSpoken } = await play(steps);
    expect([decision.kind, decision.reason, hasSpoken]).toEqual(['notice', reason, true]);
  });
});

describe('every silence', () => {
  test.each(Object.entries(SILENCES))('%s', async (reason, steps) => {
    const { decision, hasSpoken } = await play(steps);
    expect([decision.kind, decision.reason, hasSpoken]).toEqual(['silence', reason, false]);
  });
});

describe('under a policy', () => {
  test.each(BY_POLICY)('%s: %s', async (_, reason, steps) => {
    const { decision, hasSpoken } = await play(steps);
    expect([decision.reason, hasSpoken]).toEqual([reason, decision.kind === 'notice']);
  });

  test('what is ignored is counted in the message and its gauge, and in no other', async () => {
    const { decision, queued, open } = await play([
      { ids: ['A', 'B'], policy: { ...IGNORING_A, route: { owner: 'payments' } } },
    ]);
    expect(decision).toMatchObject({
      route: { owner: 'payments' },
      found: { ignoredCount: 1, newCount: 1, counts: { CRITICAL: 1 } },
    });
    expect(queued[0]).toMatchObject({ gauges: [{ counts: { CRITICAL: 1 }, ignored: { CRITICAL: 1 } }] });
    expect(open).toMatchObject({ ids: ['B'], policyMark: 'ignores A', shown: { ignored: { CRITICAL: 1 } } });
  });

  test('a gauge of what was ignored goes to zero when the rule ends', async () => {
    const { queued } = await play([{ ids: ['A'], policy: IGNORING_A }, { ids: ['A'] }]);
    const gauges = queued.flatMap((it) => (it.kind === 'measurement' ? it.gauges : []));
    expect(gauges.map(({ counts, ignored }) => [counts.CRITICAL, ignored])).toEqual([
      [0, { CRITICAL: 1 }],
      [1, { CRITICAL: 0 }],
    ]);
  });
});
