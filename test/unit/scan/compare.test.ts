import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { fingerprint, idsAtLeast, scanKey } from '../../../lib/scan/compare.ts';
import type { Scan } from '../../../lib/scan/scan.ts';
import { toCounts } from '../../../lib/scan/severity.ts';
import { aDigest, at } from '../../build/lineage.ts';
import { aFinding, aPackage } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';

describe('idsAtLeast', () => {
  test('sorts the ids at or above the threshold, each once', () => {
    const findings = [
      aFinding({ id: untrusted('CVE-2'), severity: 'HIGH' }),
      aFinding({ id: untrusted('CVE-3'), severity: 'CRITICAL' }),
      aFinding({ id: untrusted('CVE-1'), severity: 'CRITICAL' }),
      aFinding({ id: untrusted('CVE-1'), severity: 'CRITICAL', packages: [aPackage('other')] }),
      aFinding({ id: untrusted('CVE-4'), severity: 'UNTRIAGED' }),
    ];
    expect(idsAtLeast(findings, 'CRITICAL')).toEqual(['CVE-1', 'CVE-3']);
    expect(idsAtLeast(findings, 'HIGH')).toEqual(['CVE-1', 'CVE-2', 'CVE-3']);
    expect(idsAtLeast(findings, 'UNDEFINED')).toHaveLength(4);
    expect(idsAtLeast([], 'LOW')).toEqual([]);
  });
});

describe('fingerprint', () => {
  test('names a set, whatever its order', () => {
    const both = fc.uniqueArray(fc.string()).chain((ids) => {
      const shuffled = fc.shuffledSubarray(ids, { minLength: ids.length, maxLength: ids.length });
      return fc.tuple(fc.constant(ids), shuffled);
    });
    fc.assert(
      fc.property(both, ([ids, shuffled]) => {
        expect(fingerprint(shuffled)).toBe(fingerprint(ids));
        expect(fingerprint(ids)).toMatch(/^[0-9a-f]{32}$/);
      }),
    );
  });

  test.each([
    [['a'], ['b']],
    [[], ['']],
    [['a', 'b'], ['ab']],
    [['a,b'], ['a', 'b']],
    [['a","b'], ['a', 'b']],
  ])('%j and %j have different ones', (one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });

  test('leaves the list as it was', () => {
    const ids = Object.freeze(['b', 'a']);
    expect(() => fingerprint(ids)).not.toThrow();
  });
});

describe('scanKey', () => {
  const one = aFinding({ id: untrusted('CVE-1'), packages: [aPackage('openssl')] });
  const two = aFinding({ id: untrusted('CVE-2'), severity: 'HIGH' });
  const scan = aScan({ findings: [one, two] });
  const { completedAt: _, ...withoutTime } = scan;

  test('the same facts have the same key', () => {
    expect(scanKey(structuredClone(scan))).toBe(scanKey(scan));
    expect(scanKey(scan)).toMatch(/^[0-9a-f]{32}$/);
  });

  test('the order in which ECR lists findings is no fact', () => {
    expect(scanKey({ ...scan, findings: [two, one] })).toBe(scanKey(scan));
  });

  test.each<[string, Scan]>([
    ['a digest', { ...scan, platforms: [{ digest: aDigest('b'), state: 'scanned' }] }],
    ['a state', { ...scan, platforms: [{ digest: aDigest('a'), state: 'pending', status: 'PENDING' }] }],
    [
      'one platform more',
      { ...scan, platforms: [...scan.platforms, { digest: aDigest('b'), state: 'gone' }] },
    ],
    ['the time of completion', { ...scan, completedAt: at('02:02') }],
    ['no time of completion', withoutTime],
    ['a count', { ...scan, counts: toCounts({ CRITICAL: 1, HIGH: 1, LOW: 1 }) }],
    ['what is fixable', { ...scan, fixable: toCounts({ CRITICAL: 1 }) }],
    ['a finding', { ...scan, findings: [one, { ...two, id: untrusted('CVE-3') }] }],
    ['a severity', { ...scan, findings: [one, { ...two, severity: 'LOW' }] }],
    ['a package', { ...scan, findings: [{ ...one, packages: [aPackage('libssl3')] }, two] }],
    ['a finding less', { ...scan, findings: [one] }],
  ])('%s changes it', (_, changed) => {
    expect(scanKey(changed)).not.toBe(scanKey(scan));
  });
});
