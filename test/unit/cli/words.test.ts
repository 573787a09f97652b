import { describe, expect, test } from 'vitest';
import { commitLines, countsText, scanText, unanswered } from '../../../lib/cli/words.ts';
import { provenanceOf } from '../../../lib/image/provenance.ts';
import { parseTag } from '../../../lib/image/reference.ts';
import type { PlatformState } from '../../../lib/scan/scan.ts';
import { SEVERITIES, toCounts } from '../../../lib/scan/severity.ts';
import { aDigest, aRepository } from '../../build/lineage.ts';
import { aScan } from '../../build/scan.ts';

const FULL = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
const provenance = (...tags: readonly string[]) => provenanceOf(tags.map(parseTag));

describe('the commit', () => {
  test.each([
    ['unknown', provenance('latest'), ['unknown: no tag of this image names a commit']],
    ['full', provenance(FULL), [`${FULL}  (from the tag, unverified: ${FULL})`]],
    ['short', provenance('main-0a1b2c3'), ['0a1b2c3  (from the tag, short and unverified: main-0a1b2c3)']],
    [
      'contradicted',
      provenance(FULL, 'main-f00df00', 'f00df01'),
      [
        `${FULL}  (from the tag, unverified: ${FULL})`,
        'CONFLICT: the tag f00df01 says f00df01',
        'CONFLICT: the tag main-f00df00 says f00df00',
      ],
    ],
  ])('%s', (_what, known, lines) => {
    expect(commitLines(known)).toEqual(lines);
  });
});

describe('the scan', () => {
  const [amd64, arm64] = [aDigest('1'), aDigest('2')];
  const state = (of: Partial<PlatformState>): PlatformState => ({ digest: amd64, state: 'scanned', ...of });

  test('all severities, worst first', () => {
    expect(countsText(toCounts(Object.fromEntries(SEVERITIES.map((it, n) => [it, n + 1]))))).toBe(
      '1 critical, 2 high, 3 medium, 4 low, 5 informational, 6 untriaged, 7 undefined',
    );
  });

  test.each<[string, readonly PlatformState[], string]>([
    ['all read', [state({})], 'no findings  (enhanced scanning)'],
    ['one gone since', [state({}), state({ state: 'gone' })], 'no findings  (enhanced scanning)'],
    [
      'one not read, by its platform',
      [state({}), state({ digest: arm64, platform: 'linux/arm64', state: 'unscannable', status: 'FAILED' })],
      'no findings  (enhanced scanning, not scanned: linux/arm64)',
    ],
    [
      'one not read, by its digest',
      [state({}), state({ digest: arm64, state: 'pending' })],
      `no findings  (enhanced scanning, not scanned: ${arm64})`,
    ],
  ])('%s', (_what, platforms, text) => {
    expect(scanText(aScan({ findings: [], platforms }))).toBe(text);
  });

  test('none on record is not called clean', () => {
    expect(scanText(undefined)).toBe('no scan on record: this does not mean clean');
  });
});

describe('a question without one answer', () => {
  test('says what is known instead', () => {
    expect(unanswered('x/v1', { found: 'nothing', why: 'because' })).toEqual({
      exit: 2,
      lines: ['not found: because'],
      document: { schema: 'x/v1', error: 'because' },
    });
  });

  test('names the candidates', () => {
    const candidates = [aRepository(), aRepository({ region: 'us-east-1' })];
    const { exit, lines, document } = unanswered('x/v1', { found: 'several', candidates });
    expect(exit).toBe(3);
    expect(lines.slice(1)).toEqual([
      '  demo-api in 111122223333/eu-west-1',
      '  demo-api in 111122223333/us-east-1',
    ]);
    expect(document).toEqual({ schema: 'x/v1', error: 'ambiguous', candidates });
  });
});
