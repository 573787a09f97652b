import { describe, expect, test } from 'vitest';
import { headLines, whyOf } from '../../../lib/cli/preview-words.ts';
import type { OpenFindings } from '../../../lib/policy/open-findings.ts';
import { NEWEST_PUSH, type Policy } from '../../../lib/policy/policy.ts';
import type { Previewed } from '../../../lib/preview/previewed.ts';
import { aDigest, at } from '../../build/lineage.ts';
import { anImage } from '../../build/notice.ts';

function open(more: Partial<OpenFindings> = {}): OpenFindings {
  return {
    ...{
      reference: 'latest',
      digest: aDigest('a'),
      pushedAt: at('01:00'),
      scanKey: 'x',
      readAt: at('01:05'),
    },
    ids: ['CVE-1', 'CVE-2', 'CVE-3'],
    ...more,
  };
}

function previewed(more: Partial<Previewed> = {}): Previewed {
  return {
    ...{ image: anImage(), tags: ['latest'], outcome: 'silence', reason: 'unchanged' },
    ...{ before: [], messages: [] },
    ...more,
  };
}

describe('why', () => {
  test('a silence after something was told says what and when, by the reference that people heard of last', () => {
    const before = [
      open({ toldAt: at('01:06') }),
      open({ reference: NEWEST_PUSH, ids: ['CVE-1'], toldAt: at('02:06') }),
    ];
    expect(whyOf({ reason: 'unchanged', before })).toMatch(
      /^nothing is new, and nothing is gone: the same 1 finding was told on 2026-11-20 02:06/,
    );
    expect(whyOf({ reason: 'already-answered', before: before.slice(0, 1) })).toMatch(
      /: the same 3 findings were told on 2026-11-20 01:06/,
    );
  });

  test('where nobody was told, when it was looked at', () => {
    expect(whyOf({ reason: 'unchanged', before: [open()] })).toMatch(
      /: the same 3 findings were open at 2026-11-20 01:05/,
    );
    expect(whyOf({ reason: 'already-answered', before: [open({ ids: [] })] })).toMatch(
      /: nothing was open at 2026-11-20 01:05/,
    );
    expect(whyOf({ reason: 'unchanged', before: [] })).toBe('nothing is new, and nothing is gone');
  });

  test('any other reason is about now', () => {
    expect(whyOf({ reason: 'below-threshold', before: [open({ toldAt: at('01:06') })] })).toBe(
      'nothing at the threshold or worse is open, and nothing was',
    );
    expect(whyOf({ before: [] })).toBeUndefined();
  });
});

describe('the head of a preview', () => {
  test('names the image, its tags, what comes of it, and what it rests on', () => {
    const policy: Policy = {
      trackedTags: ['latest', 'main'],
      notifyAt: 'HIGH',
      onlyFixable: true,
      ignore: [{ reason: 'x', expires: '2999-12-31' }],
    };
    const lines = headLines(
      previewed({
        ...{ policy, remark: 'a remark', waitsFor: 'its scan' },
        before: [open({ toldAt: at('01:06') }), open({ reference: NEWEST_PUSH })],
        tags: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
      }),
      'policy.yaml',
    );
    expect(lines[0]).toBe('SILENCE  demo-api@abababababab (a, b, c, d, e and 2 more): unchanged');
    expect(lines.slice(2)).toEqual([
      '  note      a remark',
      '  WAITS     its scan: for now nothing is said, and this if that stays so',
      '  policy    policy.yaml; from HIGH on; what has a fix only; follows latest, main; 1 rule to ignore',
      expect.stringMatching(/^ {2}before {4}latest: 3 open at .*, people last heard on 2026-11-20 01:06/),
      expect.stringMatching(/^ {2}before {4}newest push: 3 open at .*, people have not heard of it$/),
    ]);
  });

  test.each<[Partial<Previewed>, string]>([
    [{ outcome: 'notice', reason: 'worse' }, 'MESSAGE  demo-api@abababababab (latest): worse'],
    [{ outcome: 'gauges', tags: [], reason: 'unchanged' }, 'GAUGES  demo-api@abababababab: unchanged'],
  ])('%j', (more, head) => {
    expect(headLines(previewed(more), undefined)[0]).toBe(head);
  });

  test('of what has no image', () => {
    const nothing = { tags: [], before: [], messages: [] };
    expect(headLines({ ...nothing, outcome: 'gauges' }, undefined)).toEqual(['GAUGES  gauges for Datadog']);
    expect(headLines({ ...nothing, outcome: 'nothing', remark: 'so it is' }, undefined)).toEqual([
      'NOTHING  so it is',
    ]);
  });
});
