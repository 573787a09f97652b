import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../lib/cli/command.ts';
import { commitLines, place, row, scanText, tiedText, unanswered } from '../../../lib/cli/words.ts';
import { provenanceOf } from '../../../lib/image/provenance.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import { notFound } from '../../../lib/lookup/missing.ts';
import type { PlatformState } from '../../../lib/scan/scan.ts';
import { aDigest, aRepository } from '../../build/lineage.ts';
import { aScan } from '../../build/scan.ts';

const FULL = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';

describe('commitLines', () => {
  test.each([
    [[], ['unknown: no tag of this image names a commit']],
    [['latest'], ['unknown: no tag of this image names a commit']],
    [['latest', FULL], [`${FULL}  (from the tag, unverified: ${FULL})`]],
    [['sha-abc1234'], ['abc1234  (from the tag, short and unverified: sha-abc1234)']],
    [
      [FULL, 'v1-abc1234', 'def5678'],
      [
        `${FULL}  (from the tag, unverified: ${FULL})`,
        'CONFLICT: the tag def5678 says def5678',
        'CONFLICT: the tag v1-abc1234 says abc1234',
      ],
    ],
  ])('%j', (tags, expected) => {
    expect(commitLines(provenanceOf(tags.map(parseTag)))).toEqual(expected);
  });
});

describe('scanText', () => {
  const amd64: PlatformState = { digest: aDigest('a'), platform: 'linux/amd64', state: 'scanned' };
  const arm64: PlatformState = {
    digest: aDigest('b'),
    platform: 'linux/arm64',
    state: 'pending',
    status: 'PENDING',
  };
  const unnamed: PlatformState = { digest: aDigest('c'), state: 'unscannable', status: 'FAILED' };

  test('no scan is not clean', () => {
    expect(scanText(undefined)).toBe('no scan on record: this does not mean clean');
  });

  test.each<[readonly PlatformState[], string]>([
    [[amd64], '1 critical  (enhanced scanning)'],
    [[amd64, { ...arm64, state: 'gone' }], '1 critical  (enhanced scanning)'],
    [[amd64, arm64], '1 critical  (enhanced scanning, not scanned: linux/arm64)'],
    [[arm64, unnamed], `1 critical  (enhanced scanning, not scanned: linux/arm64, ${aDigest('c')})`],
  ])('%j', (platforms, expected) => {
    expect(scanText(aScan({ platforms }))).toBe(expected);
  });

  test('says which scanner, and no findings only when it says so', () => {
    expect(scanText(aScan({ type: 'basic', findings: [] }))).toBe('no findings  (basic scanning)');
  });
});

describe('unanswered', () => {
  test('nothing found', () => {
    expect(unanswered('x/v1', notFound('no push recorded'))).toEqual({
      exit: EXIT.notFound,
      lines: ['not found: no push recorded'],
      document: { schema: 'x/v1', error: 'no push recorded' },
    });
  });

  test('several found: all of them, and how to choose', () => {
    const candidates = [aRepository(), aRepository({ region: 'us-east-1' })];
    const { exit, lines, document } = unanswered('x/v1', { found: 'several', candidates });
    expect(exit).toBe(EXIT.ambiguous);
    expect(lines[0]).toMatch(/--account and --region/);
    expect(lines.slice(1)).toEqual(candidates.map((it) => `  ${place(it)}`));
    expect(document).toEqual({ schema: 'x/v1', error: 'ambiguous', candidates });
  });
});

test('exit codes differ, so that scripts can tell the cases apart', () => {
  expect(EXIT).toEqual({ found: 0, usage: 1, notFound: 2, ambiguous: 3, fault: 4, backend: 5 });
});

test('what happened in the same second is a doubt', () => {
  expect(tiedText([aDigest('a'), 'deleted'])).toBe(
    'in the same second it was pushed to aaaaaaaaaaaa and deleted: which came last is not known',
  );
});

test('rows are two columns', () => {
  expect(row('commit', 'abc1234')).toBe('  commit    abc1234');
  expect(row('', 'x')).toBe('            x');
  expect(place(aRepository())).toBe('demo-api in 111122223333/eu-west-1');
});
