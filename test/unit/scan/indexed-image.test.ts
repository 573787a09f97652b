import { describe, expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { foundAfter, isFindingId } from '../../../lib/scan/indexed-image.ts';
import { aDigest, at } from '../../build/lineage.ts';
import { aFinding } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';

const FIRST = at('02:00');
const SECOND = at('03:00');
const finding = (id: string, more: Parameters<typeof aFinding>[0] = {}) =>
  aFinding({ id: untrusted(id), ...more });
const scanOf = (...ids: readonly string[]) => aScan({ findings: ids.map((id) => finding(id)) });
const idsOf = (list: ReturnType<typeof foundAfter>) =>
  list?.found.map(({ id, until }) => (until ? `${id} gone` : id));

test('a first scan lists each id once, worst first, with every platform', () => {
  const scan = aScan({
    findings: [
      finding('CVE-2', { severity: 'LOW', platforms: ['linux/arm64'] }),
      finding('CVE-1', { severity: 'HIGH', platforms: ['linux/amd64'] }),
      finding('CVE-2', { severity: 'CRITICAL', platforms: ['linux/amd64'] }),
    ],
  });
  expect(foundAfter(undefined, scan, FIRST)).toEqual({
    found: [
      { id: 'CVE-2', severity: 'CRITICAL', platforms: ['linux/amd64', 'linux/arm64'], since: FIRST },
      { id: 'CVE-1', severity: 'HIGH', platforms: ['linux/amd64'], since: FIRST },
    ],
    leftOut: 0,
  });
});

test('a first scan without findings is worth an item too, and the same again is worth nothing', () => {
  const clean = foundAfter(undefined, scanOf(), FIRST);
  expect(clean).toEqual({ found: [], leftOut: 0 });
  expect(foundAfter(clean, scanOf(), SECOND)).toBeUndefined();
});

describe('another scan', () => {
  const before = foundAfter(undefined, scanOf('CVE-1', 'CVE-2'), FIRST);

  test('that lists the same changes nothing, in whatever order', () => {
    expect(foundAfter(before, scanOf('CVE-2', 'CVE-1'), SECOND)).toBeUndefined();
  });

  test('that lists more keeps when the others were first seen', () => {
    const list = foundAfter(before, scanOf('CVE-1', 'CVE-2', 'CVE-3'), SECOND);
    expect(list?.found.map(({ id, since }) => [id, since])).toEqual([
      ['CVE-1', FIRST],
      ['CVE-2', FIRST],
      ['CVE-3', SECOND],
    ]);
  });

  test('that lists less says since when; and not again later', () => {
    const list = foundAfter(before, scanOf('CVE-2'), SECOND);
    expect(list?.found).toMatchObject([{ id: 'CVE-2' }, { id: 'CVE-1', since: FIRST, until: SECOND }]);
    expect(foundAfter(list, scanOf('CVE-2'), at('04:00'))).toBeUndefined();
  });

  test('that lists it again takes the end away', () => {
    const gone = foundAfter(before, scanOf('CVE-2'), SECOND);
    expect(idsOf(foundAfter(gone, scanOf('CVE-1', 'CVE-2'), at('04:00')))).toEqual(['CVE-1', 'CVE-2']);
  });

  test.each([
    ['whose list is short', { short: ['CRITICAL'] as const }],
    [
      'that lacks a platform',
      {
        platforms: [
          { digest: aDigest('a'), state: 'scanned' as const },
          { digest: aDigest('b'), state: 'pending' as const },
        ],
      },
    ],
  ])('%s ends nothing', (_, more) => {
    expect(foundAfter(before, { ...scanOf('CVE-2'), ...more }, SECOND)).toMatchObject({
      found: [{ id: 'CVE-2' }, { id: 'CVE-1' }],
    });
    expect(idsOf(foundAfter(before, { ...scanOf('CVE-2'), ...more }, SECOND))).toEqual(['CVE-2', 'CVE-1']);
  });

  test('that lacks a platform does not forget where it was found', () => {
    const known = foundAfter(
      undefined,
      aScan({ findings: [finding('CVE-1', { platforms: ['linux/arm64'] })] }),
      FIRST,
    );
    const partly = aScan({
      findings: [finding('CVE-1', { platforms: ['linux/amd64'] })],
      platforms: [{ digest: aDigest('b'), state: 'pending' }],
    });
    expect(foundAfter(known, partly, SECOND)?.found).toMatchObject([
      { platforms: ['linux/amd64', 'linux/arm64'] },
    ]);
  });
});

test('of too many the mildest are left out, and counted; ids that no key can hold as well', () => {
  const many = Array.from({ length: 1005 }, (_, index) =>
    finding(`CVE-2026-${index}`, { severity: index < 5 ? 'LOW' : 'HIGH' }),
  );
  const list = foundAfter(
    undefined,
    aScan({ findings: [...many, finding('CVE#1'), finding('CVE#1')] }),
    FIRST,
  );
  expect(list?.leftOut).toBe(6);
  expect(list?.found).toHaveLength(1000);
  expect(list?.found.some(({ severity }) => severity === 'LOW')).toBe(false);
});

test.each([
  ['CVE-2026-1234', true],
  ['GHSA-jfh8-c2jp-5v3q', true],
  ['ALAS2023-2026-77', true],
  ['RUSTSEC:2026.1', true],
  ['CVE#1', false],
  ['-rf', false],
  ['C', false],
  [`C${'V'.repeat(70)}`, false],
  ['CVE 1', false],
  ['', false],
])('%j can be looked up: %s', (text, expected) => {
  expect(isFindingId(text)).toBe(expected);
});
