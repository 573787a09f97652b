import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../lib/image/digest.ts';
import { evaluate } from '../../../lib/lifecycle/evaluate.ts';
import type { Rule } from '../../../lib/lifecycle/rule.ts';
import type { StoredImage } from '../../../lib/lifecycle/stored-image.ts';
import { daysAgo, NOW, named, stored } from '../../build/stored.ts';

const RULE = { priority: 1, storageClass: 'standard', action: 'expire' } as const;
const keeps = (number: number): Rule => ({
  ...RULE,
  tags: { status: 'any' },
  criterion: { by: 'count', keeps: number },
});
const olderThan = (days: number, more: Partial<Rule> = {}): Rule => ({
  ...{ ...RULE, tags: { status: 'untagged' }, criterion: { by: 'age', since: 'pushed', days } },
  ...more,
});

function verdictsBy(
  rules: readonly Rule[],
  images: readonly StoredImage[],
  lists: Record<string, readonly string[]> = {},
) {
  const listings = new Map(
    Object.entries(lists).map(([name, of]): [Digest, readonly Digest[]] => [named(name), of.map(named)]),
  );
  return evaluate(rules, images, listings, NOW);
}

describe('when and why', () => {
  test('an age says the time, past or to come; on its very second an image stays', () => {
    const images = [stored('A', [], 8), stored('B', [], 7), stored('C', [], 2)];
    expect(verdictsBy([olderThan(7)], images)).toMatchObject([
      { fate: 'expires', due: daysAgo(1) },
      { fate: 'kept', due: NOW },
      { fate: 'kept', due: daysAgo(-5) },
    ]);
  });

  test('a count says the place', () => {
    const images = [stored('A', ['v1'], 3), stored('B', ['v2'], 2), stored('C', ['v3'], 1)];
    expect(verdictsBy([keeps(2)], images)).toMatchObject([
      { fate: 'expires', place: { rank: 3, of: 3, tied: 0 }, isTied: false },
      { fate: 'kept', place: { rank: 2, of: 3, tied: 0 } },
      { fate: 'kept', place: { rank: 1, of: 3, tied: 0 } },
    ]);
  });

  test('of images of the same time each is taken for the older one, and that is said', () => {
    const images = [stored('A', ['v1'], 3), stored('B', ['v2'], 2), stored('C', ['v3'], 2)];
    expect(verdictsBy([keeps(1)], images)).toMatchObject([
      { fate: 'expires', isTied: false },
      { fate: 'expires', isTied: true, place: { rank: 2, of: 3, tied: 1 } },
      { fate: 'expires', isTied: true },
    ]);
  });

  test('an age beyond the calendar is never due, and so is an archived image without its time', () => {
    const archive: Partial<Rule> = {
      storageClass: 'archive',
      criterion: { by: 'age', since: 'archived', days: 90 },
    };
    const images = [stored('A', [], 900), stored('B', [], 900, { storageClass: 'archive' })];
    const verdicts = verdictsBy([olderThan(Number.MAX_SAFE_INTEGER), olderThan(90, archive)], images);
    expect(verdicts).toMatchObject([{ fate: 'kept', rule: { priority: 1 } }, { fate: 'kept' }]);
    for (const verdict of verdicts) expect(verdict).not.toHaveProperty('due');
  });
});

describe('what holds, and what takes along', () => {
  test('of two indexes that list an image one is enough to keep it', () => {
    const images = [stored('I', [], 9), stored('J', ['v1'], 9), stored('A', [], 9)];
    expect(verdictsBy([olderThan(7)], images, { I: ['A'], J: ['A'] })).toMatchObject([
      { fate: 'expires' },
      { fate: 'kept' },
      { fate: 'kept', isMarked: true, heldBy: [named('J')], after: [] },
    ]);
  });

  test('an archived index holds nothing; one in an index of indexes is held with what it lists', () => {
    const images = [
      stored('I', ['v1'], 9, { storageClass: 'archive' }),
      stored('A', [], 9),
      ...[stored('K', ['v2'], 9), stored('J', [], 9), stored('B', [], 9)],
    ];
    const verdicts = verdictsBy([olderThan(7)], images, { I: ['A'], K: ['J'], J: ['B'] });
    expect(verdicts.map(({ fate }) => fate)).toEqual(['kept', 'expires', 'kept', 'kept', 'kept']);
  });

  test('an index about an image that it lists: neither goes before the other', () => {
    const images = [stored('A', [], 9), stored('I', ['v1'], 9, { subject: named('A') })];
    expect(verdictsBy([olderThan(7)], images, { I: ['A'] }).map(({ fate }) => fate)).toEqual([
      'kept',
      'kept',
    ]);
  });

  test('a signature follows its image into the archive, and out of it when the image expires', () => {
    const cold = olderThan(7, { action: 'archive' });
    const archived = stored('S', ['sig'], 9, { subject: named('A') });
    expect(verdictsBy([cold], [stored('A', [], 9), archived])).toMatchObject([
      { fate: 'archived' },
      { fate: 'archived', follows: named('A') },
    ]);
    const there = { ...archived, storageClass: 'archive' as const };
    expect(verdictsBy([cold], [stored('A', [], 9), there])).toMatchObject([
      { fate: 'archived' },
      { fate: 'kept' },
    ]);
    expect(verdictsBy([olderThan(7)], [stored('A', [], 9), there])).toMatchObject([
      { fate: 'expires' },
      { fate: 'expires', follows: named('A') },
    ]);
  });

  test('a hundred thousand images and ten rules are no matter of minutes', () => {
    const images = Array.from({ length: 100_000 }, (_, n) => stored(`${n}`, [`v${n}`], n % 900));
    const rules = Array.from(
      { length: 10 },
      (_, n): Rule => ({
        ...RULE,
        priority: n + 1,
        tags: { status: 'tagged', patterns: [`v${n}*`] },
        criterion: { by: 'count', keeps: 100 },
      }),
    );
    const startedMs = performance.now();
    expect(verdictsBy(rules, images)).toHaveLength(100_000);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});
