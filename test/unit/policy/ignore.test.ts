import { describe, expect, test } from 'vitest';
import { raw, untrusted } from '../../../lib/image/untrusted.ts';
import { type IgnoreRule, isIgnored, isInForce, sift } from '../../../lib/policy/ignore.ts';
import { at } from '../../build/lineage.ts';
import { aFinding, aPackage } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';

function aRule(overrides: Partial<IgnoreRule> = {}): IgnoreRule {
  return { reason: 'not reachable', expires: '2027-03-31', ...overrides };
}

const lib = { ...aPackage('lodash'), path: untrusted('app/node_modules/lodash/package.json') };

describe('a finding', () => {
  const one = aFinding({ id: untrusted('CVE-2026-1'), packages: [aPackage('openssl')] });
  const two = aFinding({ id: untrusted('CVE-2026-2'), packages: [aPackage('openssl'), aPackage('zlib')] });
  const none = aFinding({ id: untrusted('CVE-2026-3'), packages: [] });
  const placed = aFinding({ id: untrusted('CVE-2026-4'), packages: [lib] });

  test.each([
    ['by its id', one, [{ cve: 'CVE-2026-1' }], true],
    ['not by another id', one, [{ cve: 'CVE-2026-10' }], false],
    ['by a pattern of ids', one, [{ cve: 'CVE-2026-*' }], true],
    ['by its package', one, [{ package: 'open*' }], true],
    ['by id and package together', one, [{ cve: 'CVE-2026-1', package: 'openssl' }], true],
    ['not when only the id fits', one, [{ cve: 'CVE-2026-1', package: 'zlib' }], false],
    ['not while one of its packages is left', two, [{ package: 'openssl' }], false],
    ['by two rules that have a package each', two, [{ package: 'openssl' }, { package: 'zlib' }], true],
    [
      'not by a rule of another id for its second package',
      two,
      [{ package: 'openssl' }, { cve: 'CVE-9', package: 'zlib' }],
      false,
    ],
    ['not by a package when it names none', none, [{ package: '*' }], false],
    ['by its place', placed, [{ path: 'app/node_modules/*' }], true],
    ['not by another place', placed, [{ path: 'usr/*' }], false],
    ['not by a place where the scanner names none', one, [{ path: '*' }], false],
  ])('is ignored %s', (_, finding, rules, expected) => {
    expect(isIgnored(finding, rules.map(aRule))).toBe(expected);
  });
});

test.each([
  ['2026-11-19', '03:00', false],
  ['2026-11-20', '03:00', true],
  ['2026-11-20', '23:59', true],
  ['2026-11-21', '00:00', true],
])('a rule until %s is in force at %s of the 20th: %s', (expires, time, expected) => {
  expect(isInForce(aRule({ expires }), at(time))).toBe(expected);
});

test('what is ignored is in no list, no count and no count of fixes, and no count goes below zero', () => {
  const findings = [
    aFinding({ id: untrusted('A') }),
    aFinding({ id: untrusted('B'), fix: 'none' }),
    aFinding({ id: untrusted('C'), severity: 'HIGH' }),
  ];
  const whole = aScan({ findings });
  const { scan, ignored } = sift(whole, [aRule({ cve: 'A' }), aRule({ cve: 'C' })]);
  expect(scan.findings.map(({ id }) => raw(id))).toEqual(['B']);
  expect(ignored.map(({ id }) => raw(id))).toEqual(['A', 'C']);
  expect(scan.counts).toMatchObject({ CRITICAL: 1, HIGH: 0 });
  expect(scan.fixable).toMatchObject({ CRITICAL: 0, HIGH: 0 });
  const short = { ...whole, counts: { ...whole.counts, HIGH: 0 } };
  expect(sift(short, [aRule({ cve: 'C' })]).scan.counts.HIGH).toBe(0);
  expect(sift(whole).scan).toBe(whole);
});
