import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainDoubt } from '../../../lib/gate/advice.ts';
import { type Doubt, judge, mayChange, type Question } from '../../../lib/gate/judge.ts';
import { noneAtLeast } from '../../../lib/gate/limits.ts';
import { raw, untrusted } from '../../../lib/image/untrusted.ts';
import type { Finding } from '../../../lib/scan/finding.ts';
import type { PlatformReading } from '../../../lib/scan/merge.ts';
import type { Reading, Scanned } from '../../../lib/scan/scan.ts';
import { countBySeverity, SEVERITIES, type Severity, toCounts } from '../../../lib/scan/severity.ts';
import { aDigest } from '../../build/lineage.ts';
import { aFinding } from '../../build/notice.ts';

const CLEAN: Question = { limits: { CRITICAL: 0 }, onlyFixable: false, ignored: () => false };

function cve(id: string, more: Partial<Finding> = {}): Finding {
  return aFinding({ id: untrusted(id), platforms: [], ...more });
}

function scanned(findings: readonly Finding[], more: Partial<Scanned> = {}): Scanned {
  return { state: 'scanned', type: 'enhanced', counts: countBySeverity(findings), findings, ...more };
}

function on(...readings: readonly Reading[]): readonly PlatformReading[] {
  return readings.map((reading, nth) => ({
    image: { digest: aDigest('123456789'[nth] ?? '0'), platform: `linux/p${nth}` },
    reading,
  }));
}

const pending: Reading = { state: 'pending', status: 'PENDING' };
const failed: Reading = { state: 'unscannable', status: 'FAILED' };
const gone: Reading = { state: 'gone' };
const ask = (readings: readonly PlatformReading[], question: Partial<Question> = {}) =>
  judge('index', readings, { ...CLEAN, ...question });
const why = (doubts: readonly Doubt[]) => doubts.map((it) => it.why);

describe('what blocks for certain blocks, whatever else is not known', () => {
  test.each([
    ['all that there is', on(scanned([cve('CVE-1')]))],
    ['beside a pending platform', on(scanned([cve('CVE-1')]), pending)],
    ['beside a failed platform', on(failed, scanned([cve('CVE-1')]))],
    ['with a list that is not whole', on(scanned([cve('CVE-1')], { short: ['CRITICAL'] }))],
  ])('%s', (_, readings) => {
    const judgement = ask(readings);
    expect(judgement.verdict).toBe('blocked');
    expect(judgement.blocking.map(({ id }) => raw(id))).toEqual(['CVE-1']);
    expect(mayChange(judgement)).toBe(false);
  });

  test('counted and not listed', () => {
    const { verdict, counted, blocking } = ask(
      on(scanned([], { counts: toCounts({ CRITICAL: 2 }), short: ['CRITICAL'] })),
    );
    expect({ verdict, counted, blocking }).toEqual({
      verdict: 'blocked',
      counted: [{ severity: 'CRITICAL', max: 0, count: 2 }],
      blocking: [],
    });
  });
});

describe('a doubt is never passed', () => {
  test.each<[string, readonly PlatformReading[], readonly string[], boolean]>([
    ['pending', on(pending), ['pending'], true],
    ['one of two is pending', on(scanned([]), pending), ['pending'], true],
    ['failed: waiting does not help', on(failed), ['unscannable'], false],
    ['one failed, one pending: nor does it here', on(failed, pending), ['unscannable', 'pending'], false],
    ['a platform is gone', on(scanned([]), gone), ['gone'], false],
    ['no platform', [], ['nothing-to-scan'], false],
    ['a list that is not whole', on(scanned([], { short: ['CRITICAL'] })), ['list-incomplete'], true],
  ])('%s', (_, readings, doubts, canWait) => {
    const judgement = ask(readings);
    expect([judgement.verdict, why(judgement.doubts), mayChange(judgement)]).toEqual([
      'unscanned',
      doubts,
      canWait,
    ]);
  });

  test('an attestation is nothing to scan, even were it scanned', () => {
    expect(judge('attestation', on(scanned([])), CLEAN).verdict).toBe('unscanned');
  });

  test('a list that is short of a severity without a limit is whole enough', () => {
    expect(ask(on(scanned([], { short: ['LOW'] }))).verdict).toBe('passed');
  });
});

describe('only fixable', () => {
  const fixable = { onlyFixable: true };
  test.each<[string, Finding['fix'], string]>([
    ['a fix', 'all', 'blocked'],
    ['a fix for a part', 'some', 'blocked'],
    ['none', 'none', 'passed'],
  ])('%s', (_, fix, verdict) => {
    expect(ask(on(scanned([cve('CVE-1', fix && { fix })])), fixable).verdict).toBe(verdict);
  });

  test('a scanner that does not say is a doubt, unless it makes no difference', () => {
    const { fix: _, ...unknown } = cve('CVE-1');
    const { verdict, doubts } = ask(on(scanned([unknown])), fixable);
    expect([verdict, why(doubts)]).toEqual(['unscanned', ['fixes-unknown']]);
    expect(ask(on(scanned([unknown])), { ...fixable, limits: { CRITICAL: 1 } }).verdict).toBe('passed');
  });
});

test('what somebody decided to ignore is counted apart, and blocks nothing', () => {
  const ignored = ({ id }: Finding) => raw(id) === 'CVE-1';
  const both = on(scanned([cve('CVE-1'), cve('CVE-2')]));
  expect(ask(both, { ignored })).toMatchObject({ verdict: 'blocked', ignoredCount: 1 });
  expect(ask(both, { ignored, limits: { CRITICAL: 1 } })).toMatchObject({
    verdict: 'passed',
    ignoredCount: 1,
  });
  const short = on(scanned([cve('CVE-1')], { counts: toCounts({ CRITICAL: 2 }), short: ['CRITICAL'] }));
  expect(ask(short, { ignored }).verdict).toBe('unscanned');
});

test('the service asks for none at or above its threshold', () => {
  expect(noneAtLeast('CRITICAL')).toEqual({ CRITICAL: 0 });
  expect(noneAtLeast('MEDIUM')).toEqual({ CRITICAL: 0, HIGH: 0, MEDIUM: 0 });
});

const severities = fc.constantFrom(...SEVERITIES);
const findings = fc.array(
  fc.record({ id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3', 'CVE-4'), severity: severities }),
  { maxLength: 6 },
);
const readings = fc.oneof(
  fc.constantFrom(pending, failed, gone),
  fc.tuple(findings, fc.option(severities, { nil: undefined })).map(([list, short]) =>
    scanned(
      list.map(({ id, severity }) => cve(id, { severity })),
      short ? { short: [short] } : {},
    ),
  ),
);

test('whatever comes: passed is whole and within the limits, and blocked is over one', () => {
  const limits = fc.dictionary(fc.constantFrom<Severity>('CRITICAL', 'HIGH', 'LOW'), fc.nat(3));
  fc.assert(
    fc.property(fc.array(readings, { maxLength: 4 }), limits, (all, max) => {
      const { verdict, counted, scan, doubts } = ask(on(...all), { limits: max });
      const isOver = counted.some(({ count, max: most }) => count > most);
      expect(verdict === 'blocked').toBe(isOver);
      if (verdict === 'unscanned') expect(doubts.length).toBeGreaterThan(0);
      if (verdict !== 'passed') return;
      expect(all.length).toBeGreaterThan(0);
      expect(all.every(({ state }) => state === 'scanned')).toBe(true);
      for (const [severity, most] of Object.entries(max)) {
        expect(scan?.counts[severity as Severity]).toBeLessThanOrEqual(most);
        expect(scan?.short ?? []).not.toContain(severity);
      }
    }),
    { numRuns: 2000 },
  );
});

test('every doubt says what to do', () => {
  const platform = { digest: aDigest('1'), state: 'pending' as const };
  const all: readonly Doubt[] = [
    ...['NOT_FOUND', 'PENDING', 'IN_PROGRESS', 'FINDINGS_UNAVAILABLE', 'ACTIVE', 'COMPLETE'].map(
      (status) => ({ why: 'pending' as const, platform, status }),
    ),
    ...[
      'FAILED',
      'UNSUPPORTED_IMAGE',
      'SCAN_ELIGIBILITY_EXPIRED',
      'LIMIT_EXCEEDED',
      'IMAGE_ARCHIVED',
      'X',
    ].map((status) => ({ why: 'unscannable' as const, platform, status })),
    { why: 'gone', platform },
    { why: 'nothing-to-scan' },
    { why: 'list-incomplete', severity: 'CRITICAL' },
    { why: 'fixes-unknown', severity: 'CRITICAL' },
  ];
  for (const doubt of all) {
    const { says, advice } = explainDoubt(doubt);
    expect(says.length * advice.length, JSON.stringify(doubt)).toBeGreaterThan(100);
  }
});
