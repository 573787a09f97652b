import { expect, test } from 'vitest';
import { looksLikeNumber, parseCommit, sameCommit } from '../../../lib/image/commit.ts';

const FULL = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const HEX64 = '0123456789abcdef'.repeat(4);

test.each<[string, string | undefined, object | undefined]>([
  ['in full', FULL, { commit: FULL }],
  ['of a SHA-256 repository', HEX64, { commit: HEX64 }],
  ['short', 'abc1234', { commit: 'abc1234' }],
  ['built with changes', `${FULL}-dirty`, { commit: FULL, isDirty: true }],
  ['of a SHA-256 repository, with changes', `${HEX64}-dirty`, { commit: HEX64, isDirty: true }],
  ['nothing', undefined, undefined],
  ['empty', '', undefined],
  ['six characters', 'abc123', undefined],
  ['41 characters', `${FULL}0`, undefined],
  ['63 characters', HEX64.slice(1), undefined],
  ['upper case', FULL.toUpperCase(), undefined],
  ['what git writes for no commit', '0'.repeat(40), undefined],
  ['a line break behind it', `${FULL}\n`, undefined],
  ['a space before it', ` ${FULL}`, undefined],
  ['dirty twice', `${FULL}-dirty-dirty`, undefined],
  ['only dirty', '-dirty', undefined],
  ['a branch', 'main', undefined],
])('a commit %s: %s', (_, text, expected) => {
  expect(parseCommit(text)).toEqual(expected);
});

test.each([
  [FULL, FULL, true],
  [FULL, FULL.slice(0, 7), true],
  [FULL.slice(0, 7), FULL, true],
  ['abc1234', 'abc1235', false],
])('sameCommit(%s, %s) is %s', (one, other, expected) => {
  expect(sameCommit(one, other)).toBe(expected);
});

test.each([
  ['1234567', true],
  ['1'.repeat(39), true],
  ['1'.repeat(40), false],
  ['123456a', false],
])('looksLikeNumber(%s) is %s', (commit, expected) => {
  expect(looksLikeNumber(commit)).toBe(expected);
});
