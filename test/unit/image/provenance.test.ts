import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitInTag, isReferrerTag, provenanceOf, sameCommit } from '../../../lib/image/provenance.ts';
import { parseTag } from '../../../lib/image/reference.ts';

const FULL = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const HEX64 = '0123456789abcdef'.repeat(4);
const tags = (...texts: string[]) => texts.map(parseTag);

describe('commitInTag', () => {
  test.each([
    ['a full SHA', FULL, FULL, 'tag-full'],
    ['forty digits', '1234567890'.repeat(4), '1234567890'.repeat(4), 'tag-full'],
    ['sha- and a full SHA', `sha-${FULL}`, FULL, 'tag-full'],
    ['sha-', 'sha-abc1234', 'abc1234', 'tag-short'],
    ['git-', 'git-abc1234', 'abc1234', 'tag-short'],
    ['commit-', 'commit-abc12345', 'abc12345', 'tag-short'],
    ['sha- and only digits: the prefix says what it is', 'sha-1234567', '1234567', 'tag-short'],
    ['a short SHA alone', 'abc1234', 'abc1234', 'tag-short'],
    ['a word of hex letters: why it says "unverified"', 'deadbeef', 'deadbeef', 'tag-short'],
    ['version and short SHA', 'v1.0.0-abc1234', 'abc1234', 'tag-short'],
    ['version and full SHA', `v1.0.0-${FULL}`, FULL, 'tag-full'],
    ['branch and short SHA', 'main-abc1234', 'abc1234', 'tag-short'],
    ['underscore before the SHA', 'main_abc1234', 'abc1234', 'tag-short'],
    ['dot before the SHA', 'main.abc1234', 'abc1234', 'tag-short'],
    ['branch with dashes', 'feature-login-page-abc1234', 'abc1234', 'tag-short'],
    ['git describe', 'v1.2.3-14-gabc1234', 'abc1234', 'tag-short'],
    ['git describe of a pre-release', 'v1.2.3-rc.1-14-gabc1234', 'abc1234', 'tag-short'],
    ['git describe, dirty', 'v1.2.3-14-gabc1234-dirty', 'abc1234', 'tag-short'],
    ['git describe, only digits', 'v1.2.3-14-g1234567', '1234567', 'tag-short'],
    ['Flux: branch, SHA, seconds', 'main-abc1234-1700000000', 'abc1234', 'tag-short'],
    ['Flux with milliseconds', 'main-abc1234-1700000000123', 'abc1234', 'tag-short'],
    ['SHA and seconds', 'abc1234-1700000000', 'abc1234', 'tag-short'],
    ['seconds, then SHA', 'main-1700000000-abc1234', 'abc1234', 'tag-short'],
  ])('%s: %s', (_, text, commit, tier) => {
    const tag = parseTag(text);
    expect(commitInTag(tag)).toEqual({ commit, tier, tag });
  });

  test.each([
    ['mutable', 'latest'],
    ['mutable', 'prod-latest'],
    ['branch', 'main'],
    ['branch', 'release-2026.11'],
    ['semver', 'v1.2.3'],
    ['semver', '1.2.3-rc.1'],
    ['floating version', '1'],
    ['floating version', '1.2'],
    ['build number', 'build-123'],
    ['build number, long', 'build-12345678'],
    ['date', '20261120'],
    ['date and time', 'main-20261120031000'],
    ['seconds', 'main-1700000000'],
    ['build number and seconds', 'main-1234567-1700000000'],
    ['six characters are too short', 'abc123'],
    ['upper case', 'ABC1234'],
    ['64 hex: a content hash as well as a commit', HEX64],
    ['41 hex', `${FULL}0`],
    ['cache', 'buildcache'],
    ['referrer', `sha256-${HEX64}`],
    ['signature', `sha256-${HEX64}.sig`],
    ['attestation', `sha256-${HEX64}.att`],
    ['SBOM', `sha256-${HEX64}.sbom`],
  ])('nothing from %s: %s', (_, text) => {
    expect(commitInTag(parseTag(text))).toBeUndefined();
  });

  test('never names less than 7, more than 40 or anything else than hex, and always a part of the tag', () => {
    const text = fc.stringMatching(/^[a-z0-9_][A-Za-z0-9._-]{0,60}$/);
    fc.assert(
      fc.property(text, (it) => {
        const evidence = commitInTag(parseTag(it));
        if (!evidence) return;
        expect(evidence.commit).toMatch(/^[0-9a-f]{7,40}$/);
        expect(it).toContain(evidence.commit);
        expect(evidence.tier).toBe(evidence.commit.length === 40 ? 'tag-full' : 'tag-short');
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  [`sha256-${HEX64}`, true],
  [`sha256-${HEX64}.sig`, true],
  [`sha256-${HEX64}.att`, true],
  [`sha256-${HEX64}.sbom`, true],
  [`sha256-${HEX64}.exe`, false],
  [`sha256-${HEX64.slice(1)}`, false],
  [`x-sha256-${HEX64}`, false],
  ['latest', false],
])('isReferrerTag(%s) is %s', (text, expected) => {
  expect(isReferrerTag(parseTag(text))).toBe(expected);
});

describe('provenanceOf', () => {
  const best = (...texts: string[]) => provenanceOf(tags(...texts))?.best.commit;
  const conflicts = (...texts: string[]) =>
    provenanceOf(tags(...texts))?.conflicts.map(({ commit }) => commit);

  test('knows nothing where no tag says anything', () => {
    expect(provenanceOf([])).toBeUndefined();
    expect(provenanceOf(tags('latest', 'v1.2.3', '20261120'))).toBeUndefined();
  });

  test('the strongest wins', () => {
    expect(best('latest', 'abc1234', FULL, 'v1')).toBe(FULL);
    expect(best('latest', 'sha-abc1234')).toBe('abc1234');
    expect(best('abc1234', 'abc1234567')).toBe('abc1234567');
  });

  test('a short form of the same commit is no conflict', () => {
    expect(conflicts(FULL, `sha-${FULL.slice(0, 7)}`, `v1-${FULL.slice(0, 12)}`)).toEqual([]);
  });

  test('another commit is shown and not settled in silence', () => {
    expect(conflicts(FULL, 'sha-abc1234', 'latest')).toEqual(['abc1234']);
    expect(conflicts('main-abc1234', 'main-def5678')).toEqual(['def5678']);
  });

  test('does not depend on the order of the tags', () => {
    const tag = fc.constantFrom(
      'latest',
      'v1',
      FULL,
      'f'.repeat(40),
      'abc1234',
      'sha-abc1234',
      'abc12345',
      'm-def5678',
    );
    const both = fc.uniqueArray(tag).chain((one) => {
      const shuffled = fc.shuffledSubarray(one, { minLength: one.length, maxLength: one.length });
      return fc.tuple(fc.constant(one), shuffled);
    });
    fc.assert(
      fc.property(both, ([one, other]) => {
        expect(provenanceOf(tags(...one))).toEqual(provenanceOf(tags(...other)));
      }),
    );
  });
});

test.each([
  [FULL, FULL, true],
  [FULL, FULL.slice(0, 7), true],
  [FULL.slice(0, 7), FULL, true],
  ['abc1234', 'abc1235', false],
])('sameCommit(%s, %s) is %s', (one, other, expected) => {
  expect(sameCommit(one, other)).toBe(expected);
});
