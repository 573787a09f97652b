import { describe, expect, test } from 'vitest';
import { raw, untrusted } from '../../../lib/image/untrusted.ts';
import { type Finding, findingKey, isFixable, worstFirst } from '../../../lib/scan/finding.ts';
import { aFinding, aPackage } from '../../build/notice.ts';

describe('findingKey', () => {
  const base = aFinding({ packages: [aPackage('openssl', '3.0.1'), aPackage('libssl3', '3.0.1')] });

  test.each<[string, Finding]>([
    ['platforms', { ...base, platforms: ['linux/arm64'] }],
    ['score', { ...base, score: 1 }],
    ['severity', { ...base, severity: 'LOW' }],
    ['the order of packages', { ...base, packages: base.packages.toReversed() }],
    ['the fix', { ...base, fix: 'none' }],
  ])('does not look at %s', (_, other) => {
    expect(findingKey(other)).toBe(findingKey(base));
  });

  test.each<[string, Finding]>([
    ['the id', { ...base, id: untrusted('CVE-2026-9999') }],
    ['a package', { ...base, packages: [aPackage('openssl', '3.0.1')] }],
    ['a version', { ...base, packages: [aPackage('openssl', '3.0.1'), aPackage('libssl3', '3.0.9')] }],
  ])('looks at %s', (_, other) => {
    expect(findingKey(other)).not.toBe(findingKey(base));
  });

  test('no text in a name can make two findings one', () => {
    const one = aFinding({ packages: [aPackage('a', '1"],["b')] });
    const other = aFinding({ packages: [aPackage('a', '1'), aPackage('b', '')] });
    expect(findingKey(one)).not.toBe(findingKey(other));
  });
});

test('worstFirst: severity, then a known exploit, then the score, then the id', () => {
  const finding = (id: string, more: Partial<Finding>) => aFinding({ id: untrusted(id), ...more });
  const { score: _, ...unscored } = finding('h-unscored', { severity: 'HIGH' });
  const sorted = [
    finding('c-exploited', { severity: 'CRITICAL', exploitKnown: true, score: 7 }),
    finding('c-9', { severity: 'CRITICAL', score: 9 }),
    finding('c-8a', { severity: 'CRITICAL', score: 8 }),
    finding('c-8b', { severity: 'CRITICAL', score: 8 }),
    finding('h-10', { severity: 'HIGH', score: 10 }),
    unscored,
    finding('u', { severity: 'UNTRIAGED', score: 10 }),
  ];
  const ids = (findings: readonly Finding[]) => findings.map(({ id }) => raw(id));
  expect(ids([...sorted].reverse().sort(worstFirst))).toEqual(ids(sorted));
});

test.each([
  ['all', true],
  ['some', true],
  ['none', false],
] as const)('a fix for %s makes it fixable: %s', (fix, expected) => {
  expect(isFixable(aFinding({ fix }))).toBe(expected);
});

test('a finding whose scanner does not speak of fixes is not fixable', () => {
  const { fix: _, ...basic } = aFinding();
  expect(isFixable(basic)).toBe(false);
});
