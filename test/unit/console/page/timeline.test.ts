import { describe, expect, test } from 'vitest';
import { lanesOf } from '../../../../lib/console/page/timeline/deployments.ts';
import { gapsOf } from '../../../../lib/console/page/timeline/gaps.ts';
import { blocksOf, moved, ticksOf } from '../../../../lib/console/page/timeline/scale.ts';
import { joined, staysIn } from '../../../../lib/console/page/timeline/stays.ts';
import { parseInstant, toInstant } from '../../../../lib/instant.ts';
import type { HistoryEntry } from '../../../../lib/lookup/history.ts';
import { aRun } from '../../../build/ecs.ts';
import { aDigest, at } from '../../../build/lineage.ts';

const [A, B] = [aDigest('a'), aDigest('b')];
const ms = (time: string) => Date.parse(at(time));

function push(time: string, digest = A, more: Partial<HistoryEntry> = {}): HistoryEntry {
  return { op: 'push', at: at(time), digest, ...more };
}

describe('the stays of a tag', () => {
  test('are from move to move, and the newest has no end', () => {
    const stays = staysIn([push('04:00', B), { op: 'delete', at: at('03:00') }, push('02:00', A)]);
    expect(stays.map(({ fromMs, toMs, entry }) => [fromMs, toMs, entry.digest])).toEqual([
      [ms('04:00'), undefined, B],
      [ms('03:00'), ms('04:00'), undefined],
      [ms('02:00'), ms('03:00'), A],
    ]);
  });

  test('a push to the same image again ends nothing', () => {
    expect(staysIn([push('04:00'), push('03:00'), push('02:00')])).toMatchObject([
      { fromMs: ms('02:00'), repeats: 2, entry: { at: at('02:00') } },
    ]);
  });

  test('of one second are marked', () => {
    const stays = staysIn([push('05:00', A), push('04:00', B), push('04:00', A), push('03:00', B)]);
    expect(stays.map(({ isTied }) => isTied)).toEqual([false, true, true, false]);
  });

  test('of two pages are those of the whole, whatever the first page has cut', () => {
    const all = [push('05:00', A), push('04:00', B), push('04:00', A), push('03:00', B), push('02:00', A)];
    for (let cut = 1; cut < all.length; cut += 1) {
      const first = all.slice(0, cut);
      const last = first.at(-1)?.at ?? '';
      // The second page does not know of what came after its first second: it takes a deletion for one of the tag.
      const deletion: HistoryEntry = { op: 'delete', at: at('09:00') };
      expect(joined(first, [deletion, ...all.filter((it) => it.at <= last)])).toEqual(all);
    }
  });
});

describe('the drawing', () => {
  const scale = { fromMs: ms('00:00'), toMs: ms('10:00'), width: 1000 };

  test('has a block for each stay that is wide enough, from right to left, within its edges', () => {
    const stays = staysIn([push('08:00', B), push('05:00', A), push('01:00', B)]);
    expect(blocksOf(stays, scale)).toEqual([
      { x: 800, width: 200, first: 0, last: 0 },
      { x: 500, width: 300, first: 1, last: 1 },
      { x: 100, width: 400, first: 2, last: 2 },
    ]);
    expect(blocksOf(stays, { ...scale, fromMs: ms('09:00') })).toEqual([
      { x: 0, width: 1000, first: 0, last: 0 },
    ]);
  });

  test.each([1, 10, 500, 5000])(
    'of %i moves has every one of them once, and no more blocks than there is room',
    (count) => {
      const entries = Array.from({ length: count }, (_, nth): HistoryEntry => {
        const time = toInstant(new Date(ms('09:30') - (nth * 34_000_000) / count));
        return { op: 'push', at: time, digest: nth % 2 === 0 ? A : B };
      });
      const blocks = blocksOf(staysIn(entries), scale);
      const drawn = blocks.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, nth) => first + nth),
      );
      expect(drawn).toEqual(entries.map((_, nth) => nth));
      expect(blocks.length).toBeLessThanOrEqual(Math.max(count === 1 ? 1 : 0, Math.min(count, 260)));
    },
  );

  test('of a time without length is no endless one', () => {
    const nothing = { fromMs: 0, toMs: 0, width: 100 };
    expect(
      blocksOf(staysIn([push('01:00')]), nothing).every(({ x, width }) => Number.isFinite(x + width)),
    ).toBe(true);
    expect(moved(nothing, { times: 0.5 })).toEqual({ fromMs: -60_000, toMs: 60_000 });
  });

  test('has ticks at round times of the reader’s clock, with room for their words', () => {
    const week = {
      fromMs: Date.parse('2026-11-13T10:00Z'),
      toMs: Date.parse('2026-11-20T10:00Z'),
      width: 900,
    };
    const shown = ticksOf(week, 3_600_000).map((it) => new Date(it).toISOString());
    expect(shown.every((it) => it.endsWith('T23:00:00.000Z'))).toBe(true);
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.length).toBeLessThanOrEqual(8);
    for (const width of [200, 328, 1200])
      expect(ticksOf({ ...week, width }).length).toBeLessThanOrEqual(Math.max(2, width / 110));
  });
});

describe('what is not known for certain', () => {
  const stays = staysIn([push('06:00', B), push('02:00', A)]);
  const spans = (gaps: ReturnType<typeof gapsOf>) => gaps.map(({ fromMs, toMs }) => [fromMs, toMs]);

  test('is all of it, when it was never held against the registry', () => {
    expect(spans(gapsOf(stays, undefined, ms('12:00')))).toEqual([[ms('02:00'), ms('12:00')]]);
  });

  test('is what was before it was, and what is since', () => {
    const verification = { since: at('03:00'), verifiedAt: at('11:50') };
    expect(spans(gapsOf(stays, verification, ms('12:00')))).toEqual([
      [ms('02:00'), ms('03:00')],
      [ms('11:50'), ms('12:00')],
    ]);
    expect(gapsOf(stays, { since: at('01:00'), verifiedAt: at('12:00') }, ms('12:00'))).toEqual([]);
  });

  test('is the time in which nobody told of a move', () => {
    const guessed = staysIn([
      push('06:00', B, { window: { notBefore: at('04:00'), notAfter: at('06:00') } }),
    ]);
    const verification = { since: at('01:00'), verifiedAt: at('12:00') };
    expect(spans(gapsOf(guessed, verification, ms('12:00')))).toEqual([[ms('04:00'), ms('06:00')]]);
  });
});

describe('what ran', () => {
  const life = (digest = A, ...runs: Parameters<typeof aRun>[0][]) => ({
    digest,
    runs: runs.map((it) => ({ ...aRun({ digest, ...it }), tasks: it?.lastStoppedAt ? 0 : 1 })),
  });

  test('is a lane for each service, the newest first, and a bar for each run', () => {
    const workload = { ...aRun().workload, name: 'worker' };
    const { lanes, more } = lanesOf(
      [
        life(
          A,
          { startedAt: at('02:00'), lastStoppedAt: at('03:00') },
          { startedAt: at('01:00'), workload, lastStoppedAt: at('02:00') },
        ),
        life(B, { startedAt: at('03:00'), deployment: 'ecs-svc/2' }),
      ],
      ms('12:00'),
      1,
    );
    expect(more).toBe(1);
    expect(lanes.map(({ name, bars }) => [name, bars.map(({ fromMs, toMs }) => [fromMs, toMs])])).toEqual([
      [
        'prod/checkout',
        [
          [ms('02:00'), ms('03:00')],
          [ms('03:00'), ms('12:00')],
        ],
      ],
    ]);
  });

  test('has no end where nobody told of one', () => {
    const runs = [{ ...aRun({ startedAt: parseInstant('2026-11-20T02:00:00Z') }), tasks: 0 }];
    expect(lanesOf([{ digest: A, runs }], ms('12:00'), 3).lanes[0]?.bars).toMatchObject([
      { isOpen: true, toMs: ms('02:00') },
    ]);
  });
});
