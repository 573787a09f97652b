import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { raw, untrusted } from '../../../lib/image/untrusted.ts';
import type { Finding } from '../../../lib/scan/finding.ts';
import { mergeScans, type PlatformReading } from '../../../lib/scan/merge.ts';
import { isComplete, type Reading, type Scanned } from '../../../lib/scan/scan.ts';
import { countBySeverity, SEVERITIES, toCounts, total } from '../../../lib/scan/severity.ts';
import { aDigest, at } from '../../build/lineage.ts';
import { aFinding, aPackage } from '../../build/notice.ts';

const HEX = '0123456789abcdef';

function scanned(findings: readonly Finding[], overrides: Partial<Scanned> = {}): Scanned {
  return { state: 'scanned', type: 'enhanced', counts: countBySeverity(findings), findings, ...overrides };
}

/** A platform that is named by its number, with what reading its scan gave. */
function platform(nth: number, reading: Reading): PlatformReading {
  return { image: { digest: aDigest(HEX[nth] ?? '0'), platform: `linux/p${nth}` }, reading };
}

const cve = (id: string, more: Partial<Finding> = {}) => aFinding({ id: untrusted(id), ...more });
const pending: Reading = { state: 'pending', status: 'PENDING' };
const unscannable: Reading = { state: 'unscannable', status: 'UNSUPPORTED_IMAGE' };
const gone: Reading = { state: 'gone' };

describe('mergeScans', () => {
  test('one finding on two platforms is one finding that knows both', () => {
    const scan = mergeScans([platform(1, scanned([cve('CVE-1')])), platform(2, scanned([cve('CVE-1')]))]);
    expect(scan?.findings).toEqual([cve('CVE-1', { platforms: ['linux/p1', 'linux/p2'] })]);
    expect(scan?.counts.CRITICAL).toBe(1);
  });

  test.each([
    ['another version', cve('CVE-1', { packages: [aPackage('openssl', '9.9')] })],
    ['another package', cve('CVE-1', { packages: [aPackage('libssl3')] })],
    ['another id', cve('CVE-2')],
  ])('%s is another finding', (_, other) => {
    const scan = mergeScans([platform(1, scanned([cve('CVE-1')])), platform(2, scanned([other]))]);
    expect(scan?.findings).toHaveLength(2);
    expect(scan?.counts.CRITICAL).toBe(2);
  });

  test('the same finding twice on one platform stays two, as AWS counts it', () => {
    const twice = scanned([cve('CVE-1'), cve('CVE-1')]);
    expect(mergeScans([platform(1, twice)])?.findings).toHaveLength(2);
    const scan = mergeScans([platform(1, twice), platform(2, scanned([cve('CVE-1')]))]);
    expect(scan?.findings.map(({ platforms }) => platforms)).toEqual([
      ['linux/p1', 'linux/p2'],
      ['linux/p1'],
    ]);
    expect(scan?.counts.CRITICAL).toBe(2);
  });

  test('of two severities of one finding the worse one counts, whichever platform comes first', () => {
    const amd64 = platform(1, scanned([cve('CVE-1', { severity: 'HIGH' })]));
    const arm64 = platform(2, scanned([cve('CVE-1', { severity: 'CRITICAL' })]));
    for (const readings of [
      [amd64, arm64],
      [arm64, amd64],
    ])
      expect(mergeScans(readings)?.findings.map(({ severity }) => severity)).toEqual(['CRITICAL']);
  });

  test('a platform that alone was read is named, beside one that is gone', () => {
    const scan = mergeScans([platform(1, scanned([cve('CVE-1')])), platform(2, gone)]);
    expect(scan?.findings).toEqual([cve('CVE-1', { platforms: ['linux/p1'] })]);
  });

  test('an image that is not part of an index has no platforms to name', () => {
    const scan = mergeScans([{ image: { digest: aDigest('a') }, reading: scanned([cve('CVE-1')]) }]);
    expect(scan?.findings[0]?.platforms).toEqual([]);
    expect(scan?.platforms).toEqual([{ digest: aDigest('a'), state: 'scanned' }]);
  });

  test('counts that AWS gives without listing the findings are kept', () => {
    const counts = toCounts({ CRITICAL: 3, LOW: 9 });
    const scan = mergeScans([platform(1, scanned([cve('CVE-1')], { counts })), platform(2, scanned([]))]);
    expect(scan?.counts).toEqual(counts);
  });

  test('is as new as its newest platform', () => {
    const times = ['02:03', '02:09', '02:05'].map((time, nth) =>
      platform(nth, scanned([], { completedAt: at(time) })),
    );
    expect(mergeScans([...times, platform(4, scanned([]))])?.completedAt).toBe(at('02:09'));
    expect(mergeScans([platform(1, scanned([]))])).not.toHaveProperty('completedAt');
  });

  test('tells worst first', () => {
    const findings = [cve('CVE-2', { severity: 'LOW' }), cve('CVE-1', { severity: 'HIGH' })];
    const merged = mergeScans([platform(1, scanned(findings)), platform(2, scanned([cve('CVE-3')]))]);
    expect(merged?.findings.map(({ id }) => raw(id))).toEqual(['CVE-3', 'CVE-1', 'CVE-2']);
  });

  test('says what has a fix only where the scanner does', () => {
    const findings = [
      cve('CVE-1', { fix: 'all' }),
      cve('CVE-2', { fix: 'some' }),
      cve('CVE-3', { fix: 'none' }),
    ];
    expect(mergeScans([platform(1, scanned(findings))])?.fixable?.CRITICAL).toBe(2);
    expect(mergeScans([platform(1, scanned(findings, { type: 'basic' }))])).not.toHaveProperty('fixable');
  });

  test('remembers how far each platform is, in the order they came', () => {
    const readings = [
      platform(1, pending),
      platform(2, scanned([])),
      platform(3, unscannable),
      platform(4, gone),
    ];
    expect(mergeScans(readings)?.platforms).toEqual([
      { digest: aDigest('1'), platform: 'linux/p1', state: 'pending', status: 'PENDING' },
      { digest: aDigest('2'), platform: 'linux/p2', state: 'scanned' },
      { digest: aDigest('3'), platform: 'linux/p3', state: 'unscannable', status: 'UNSUPPORTED_IMAGE' },
      { digest: aDigest('4'), platform: 'linux/p4', state: 'gone' },
    ]);
  });

  test.each([
    ['no platform', []],
    ['pending only', [platform(1, pending)]],
    ['nothing readable', [platform(1, pending), platform(2, unscannable), platform(3, gone)]],
  ])('undefined, and not clean: %s', (_, readings) => {
    expect(mergeScans(readings)).toBeUndefined();
  });
});

describe('mergeScans, for any platforms', () => {
  const finding = fc
    .tuple(
      fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'),
      fc.constantFrom('a', 'b'),
      fc.constantFrom(...SEVERITIES),
    )
    .map(([id, name, severity]) => cve(id, { severity, packages: [aPackage(name)] }));
  const reading = fc
    .tuple(fc.array(finding, { maxLength: 6 }), fc.dictionary(fc.constantFrom(...SEVERITIES), fc.nat(5)))
    .map(([findings, counts]) => scanned(findings, { counts: toCounts(counts) }));
  const readings = fc
    .array(reading, { minLength: 1, maxLength: 4 })
    .map((all) => all.map((it, n) => platform(n, it)));

  test('counts do not depend on the order of the platforms', () => {
    const shuffled = readings.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(mergeScans(other)?.counts).toEqual(mergeScans(one)?.counts);
      }),
      { numRuns: 500 },
    );
  });

  test('counts are never below any platform’s, and never below the list', () => {
    fc.assert(
      fc.property(readings, (all) => {
        const scan = mergeScans(all);
        const listed = countBySeverity(scan?.findings ?? []);
        const given = all.map((it) => (it.reading as Scanned).counts);
        for (const counts of [listed, ...given])
          for (const severity of SEVERITIES)
            expect(scan?.counts[severity]).toBeGreaterThanOrEqual(counts[severity]);
      }),
      { numRuns: 500 },
    );
  });

  test('the list has no more than all lists together, no less than the longest', () => {
    fc.assert(
      fc.property(readings, (all) => {
        const lengths = all.map((it) => (it.reading as Scanned).findings.length);
        const merged = mergeScans(all)?.findings ?? [];
        expect(total(countBySeverity(merged))).toBe(merged.length);
        expect(merged.length).toBeLessThanOrEqual(lengths.reduce((sum, n) => sum + n, 0));
        expect(merged.length).toBeGreaterThanOrEqual(Math.max(...lengths));
      }),
    );
  });
});

test.each([
  ['all scanned', [scanned([]), scanned([])], true],
  ['one gone', [scanned([]), gone], true],
  ['one pending', [scanned([]), pending], false],
  ['one unscannable', [scanned([]), unscannable], false],
])('isComplete: %s → %s', (_, readings, expected) => {
  const scan = mergeScans(readings.map((it, nth) => platform(nth, it)));
  expect(scan && isComplete(scan)).toBe(expected);
});
