import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTag } from '../../../lib/image/reference.ts';
import { matchesGlob } from '../../../lib/policy/glob.ts';
import { NEWEST_PUSH, trackedReferences } from '../../../lib/policy/policy.ts';

describe('matchesGlob', () => {
  test.each([
    ['latest', 'latest', true],
    ['latest', 'latest2', false],
    ['latest', 'my-latest', false],
    ['*', '', true],
    ['*', 'anything', true],
    ['*-latest', 'prod-latest', true],
    ['*-latest', '-latest', true],
    ['*-latest', 'latest', false],
    ['release-*', 'release-2026', true],
    ['release-*', 'release-', true],
    ['release-*', 'prerelease-1', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['v*.*', 'v1.2', true],
    ['v*.*', 'v12', false],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
    ['a**b', 'ab', true],
    ['ab*ba', 'aba', false],
    ['v1.2', 'v1x2', false],
    ['', '', true],
    ['', 'a', false],
    ['[a-z]', 'b', false],
  ])('%j of %j: %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  test('is what a regular expression says', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', '-'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), maxLength: 10 });
    fc.assert(
      fc.property(pattern, text, (glob, it) => {
        const regex = new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 's');
        expect(matchesGlob(glob, it)).toBe(regex.test(it));
      }),
      { numRuns: 5000 },
    );
  });

  test('answers at once where a backtracking matcher would not', () => {
    const started = performance.now();
    expect(matchesGlob(`${'a*'.repeat(60)}b`, 'a'.repeat(128))).toBe(false);
    expect(performance.now() - started).toBeLessThan(100);
  });
});

describe('trackedReferences', () => {
  const policy = { trackedTags: ['latest', '*-latest', 'main'], notifyAt: 'CRITICAL' } as const;
  const tracked = (...tags: string[]) => trackedReferences(tags.map(parseTag), policy);

  test.each([
    [['latest', 'v1.2.3', '0a1b2c3'], ['latest']],
    [
      ['prod-latest', 'main', 'latest'],
      ['latest', 'main', 'prod-latest'],
    ],
    [['v1.2.3'], [NEWEST_PUSH]],
    [[], [NEWEST_PUSH]],
  ])('%j is followed as %j', (tags, expected) => {
    expect(tracked(...tags)).toEqual(expected);
  });

  test('a referrer’s tag is never followed, not even with a pattern for everything', () => {
    const tags = [parseTag(`sha256-${'a'.repeat(64)}.sig`)];
    expect(trackedReferences(tags, { ...policy, trackedTags: ['*'] })).toEqual([NEWEST_PUSH]);
  });

  test('no tag can be called as the newest push is', () => {
    expect(() => parseTag(NEWEST_PUSH)).toThrow();
  });
});
