import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { raw, untrusted } from '../../../lib/image/untrusted.ts';
import { decide, decideUnscannable } from '../../../lib/policy/decide.ts';
import { MAX_SHOWN, type Notice } from '../../../lib/policy/notice.ts';
import { openIds } from '../../../lib/policy/open-ids.ts';
import type { Baseline } from '../../../lib/policy/tracked.ts';
import type { PlatformState, Scan } from '../../../lib/scan/scan.ts';
import { countBySeverity, type Severity, toCounts } from '../../../lib/scan/severity.ts';
import { aDigest, at } from '../../build/lineage.ts';
import { aFinding, aSubject } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';

const policy = { trackedTags: ['latest'], notifyAt: 'CRITICAL' } as const;
const subject = aSubject();

function scanOf(ids: readonly string[], severity: Severity = 'CRITICAL'): Scan {
  return aScan({ findings: ids.map((id) => aFinding({ id: untrusted(id), severity })) });
}

/** A reference on which these ids were open; without ids it has never been looked at. */
function was(ids?: readonly string[], reference = 'latest', digest = aDigest('b')): Baseline {
  if (!ids) return { reference, open: undefined };
  const open = {
    reference,
    digest,
    pushedAt: at('01:00'),
    scanKey: 'k',
    ids,
    readAt: at('01:01'),
  };
  return { reference, open };
}

function aPlatform(state: 'scanned' | 'unscannable'): PlatformState {
  return { digest: aDigest('a'), platform: `linux/${state}`, state };
}

/** What was decided, in one word. */
function reason(ids: readonly string[], ...tracked: Baseline[]) {
  return decide(subject, scanOf(ids), tracked, policy).reason;
}

function notice(scan: Scan, ...tracked: Baseline[]): Notice {
  const decision = decide(subject, scan, tracked, policy);
  if (decision.kind !== 'notice') throw new Error(`silence: ${decision.reason}`);
  return decision;
}

describe('decide', () => {
  test.each([
    ['nothing is tracked', ['A'], [], 'untracked'],
    ['clean, and never seen before', [], [was()], 'below-threshold'],
    ['clean as before', [], [was([])], 'below-threshold'],
    ['the first scan with findings', ['A'], [was()], 'first-scan'],
    ['findings after a clean image', ['A'], [was([])], 'new-findings'],
    ['one more', ['A', 'B'], [was(['A'])], 'new-findings'],
    ['one changed for another', ['B'], [was(['A'])], 'new-findings'],
    ['the same', ['A', 'B'], [was(['A', 'B'])], 'unchanged'],
    ['one more in the same image', ['A', 'B'], [was(['A'], 'latest', subject.image.digest)], 'worse'],
    [
      'one more, and another image to one reference',
      ['A', 'B'],
      [was(['A'], 'latest', subject.image.digest), was(['A'], 'prod')],
      'new-findings',
    ],
    ['less', ['A'], [was(['A', 'B'])], 'better'],
    ['less on one of two', ['A'], [was(['A', 'B']), was(['A'], 'prod')], 'better'],
    ['none left', [], [was(['A'])], 'resolved'],
    ['new to one reference only', ['A'], [was(['A']), was([], 'prod')], 'new-findings'],
    ['new to a reference that was never seen', ['A'], [was(['A']), was(undefined, 'prod')], 'new-findings'],
    ['never seen on both', ['A'], [was(), was(undefined, 'prod')], 'first-scan'],
    ['none left on one of two', [], [was(['A']), was([], 'prod')], 'resolved'],
  ])('%s: %j after %j is %s', (_, ids, tracked, expected) => {
    expect(reason(ids, ...tracked)).toBe(expected);
  });

  test('what is below the threshold says nothing, what reaches it speaks', () => {
    const high = scanOf(['A'], 'HIGH');
    expect(decide(subject, high, [was()], policy).reason).toBe('below-threshold');
    expect(decide(subject, high, [was()], { ...policy, notifyAt: 'HIGH' }).reason).toBe('first-scan');
  });

  test.each([
    ['a platform is not scanned', { platforms: [aPlatform('scanned'), aPlatform('unscannable')] }],
    ['the list is short', { short: ['LOW'] as const }],
  ])('less is not better while %s: it may be there all the same', (_, doubt) => {
    const scan = { ...scanOf(['A']), ...doubt };
    expect(decide(subject, scan, [was(['A', 'B'])], policy).reason).toBe('unchanged');
    const more = decide(subject, { ...scan, ...scanOf(['C']), ...doubt }, [was(['A', 'B'])], policy);
    expect(more.kind === 'notice' && more.found?.closedCount).toBeUndefined();
  });

  test('says how many are gone', () => {
    expect(notice(scanOf(['C']), was(['A', 'B']), was(['A'], 'prod')).found?.closedCount).toBe(2);
    expect(notice(scanOf([]), was(['A', 'B'])).found?.closedCount).toBe(2);
  });

  test('tells who it is about, what was found and what of it is new', () => {
    const scan = scanOf(['A', 'B', 'C']);
    expect(notice(scan, was(['A']), was(['A', 'B'], 'prod'))).toMatchObject({
      subject,
      references: ['latest', 'prod'],
      platforms: scan.platforms,
      found: {
        scanType: 'enhanced',
        completedAt: scan.completedAt,
        counts: scan.counts,
        fixable: scan.fixable,
      },
    });
    const { found } = notice(scan, was(['A']), was(['A', 'B'], 'prod'));
    expect(found).toMatchObject({ newCount: 2, stillOpenCount: 1 });
  });

  test('shows new findings first, worst first, and not too many', () => {
    const many = Array.from({ length: 9 }, (_, nth) => `CVE-${nth}`);
    const { found } = notice(scanOf(many), was(many.slice(0, 7)));
    expect(found?.shown.map(({ id, isNew }) => `${raw(id)} ${isNew}`)).toEqual([
      'CVE-7 true',
      'CVE-8 true',
      'CVE-0 false',
      'CVE-1 false',
      'CVE-2 false',
    ]);
    expect(found?.shown).toHaveLength(MAX_SHOWN);
    expect(found).toMatchObject({ newCount: 2, stillOpenCount: 7 });
  });

  test('one key for one set, whatever its order and whatever was open before', () => {
    const { key } = notice(scanOf(['A', 'B']), was());
    expect(notice(scanOf(['B', 'A']), was([])).key).toBe(key);
    expect(notice(scanOf(['B', 'A', 'B']), was(['A'])).key).toBe(key);
    expect(notice(scanOf(['A', 'B', 'C']), was()).key).not.toBe(key);
  });

  test('one key for one resolution, even when a part of it is written already', () => {
    const clean = scanOf([]);
    const { key } = notice(clean, was(['A']), was(['A', 'B'], 'prod'));
    expect(notice(clean, was([]), was(['A', 'B'], 'prod')).key).toBe(key);
    expect(notice({ ...clean, completedAt: at('09:00') }, was(['A'])).key).not.toBe(key);
  });

  test('never calls new what was open everywhere', () => {
    const id = fc.constantFrom('A', 'B', 'C', 'D', 'E');
    const grown = fc.uniqueArray(id).chain((ids) =>
      fc.tuple(
        fc.constant(ids),
        fc.array(
          fc.array(id).map((more) => [...new Set([...ids, ...more])]),
          { minLength: 1, maxLength: 3 },
        ),
      ),
    );
    fc.assert(
      fc.property(grown, ([ids, baselines]) => {
        const tracked = baselines.map((open, nth) => was(open, `r${nth}`));
        expect(['unchanged', 'better', 'below-threshold', 'resolved']).toContain(reason(ids, ...tracked));
      }),
    );
  });

  test('always speaks of what was not open somewhere', () => {
    const ids = fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { minLength: 1 });
    fc.assert(
      fc.property(ids, fc.uniqueArray(fc.constantFrom('A', 'B', 'C')), (now, before) => {
        fc.pre(now.some((id) => !before.includes(id)));
        const { found } = notice(scanOf(now), was(before));
        expect(found?.newCount).toBe(now.filter((id) => !before.includes(id)).length);
        expect((found?.newCount ?? 0) + (found?.stillOpenCount ?? 0)).toBe(now.length);
      }),
    );
  });
});

describe('counts that are higher than the list', () => {
  const counted = (critical: number) =>
    aScan({ findings: [], counts: toCounts({ CRITICAL: critical, LOW: 4 }) });

  test('speak', () => {
    expect(notice(counted(3), was())).toMatchObject({
      reason: 'first-scan',
      found: { newCount: 3, shown: [] },
    });
    expect(openIds(counted(2), 'CRITICAL')).toEqual(['1 not listed', '2 not listed']);
  });

  test.each([
    ['one more', 4, 'new-findings'],
    ['as many', 3, 'unchanged'],
    ['one less', 2, 'better'],
    ['none', 0, 'resolved'],
  ])('%s than before', (_, critical, expected) => {
    const before = was(openIds(counted(3), 'CRITICAL'));
    expect(decide(subject, counted(critical), [before], policy).reason).toBe(expected);
  });

  test('are counted on top of the list', () => {
    const findings = [aFinding({ id: untrusted('A') })];
    const counts = { ...countBySeverity(findings), CRITICAL: 2 };
    expect(openIds(aScan({ findings, counts }), 'CRITICAL')).toEqual(['A', '1 not listed']);
  });

  test('a list that is longer than its count adds nothing', () => {
    expect(openIds({ ...scanOf(['A', 'B']), counts: toCounts({ CRITICAL: 1 }) }, 'CRITICAL')).toEqual([
      'A',
      'B',
    ]);
  });
});

describe('decideUnscannable', () => {
  const platforms = [{ digest: aDigest('a'), state: 'unscannable', status: 'UNSUPPORTED_IMAGE' }] as const;

  test('says why, about whom, and shows no counts', () => {
    const description = untrusted('UnsupportedImageError');
    const said = decideUnscannable(subject, { status: 'UNSUPPORTED_IMAGE', description }, platforms, [
      'latest',
    ]);
    expect(said).toEqual({
      kind: 'notice',
      key: 'not-scanned-UNSUPPORTED_IMAGE',
      reason: 'not-scanned',
      subject,
      references: ['latest'],
      unscannable: { status: 'UNSUPPORTED_IMAGE', description },
      platforms,
    });
  });

  test('once per status', () => {
    const key = (status: string) => decideUnscannable(subject, { status }, platforms, []).key;
    expect(key('FAILED')).toBe(key('FAILED'));
    expect(key('FAILED')).not.toBe(key('IMAGE_ARCHIVED'));
  });
});
