import { describe, expect, test } from 'vitest';
import { parseTag } from '../../../lib/image/reference.ts';
import type { OpenFindings } from '../../../lib/policy/open-findings.ts';
import { NEWEST_PUSH } from '../../../lib/policy/policy.ts';
import { type Baseline, baselinesOf, referencesToLoad } from '../../../lib/policy/tracked.ts';
import { aDigest, anImageOf, at } from '../../build/lineage.ts';
import { aSubject } from '../../build/notice.ts';

const policy = { trackedTags: ['latest', '*-latest'], notifyAt: 'CRITICAL' } as const;

/** A reference that was looked at when an image pushed at `time` stood behind it; without a time, never. */
function seen(reference: string, time?: string): Baseline {
  const open: OpenFindings | undefined = time
    ? {
        reference,
        digest: aSubject().image.digest,
        pushedAt: at(time),
        scanKey: 'k',
        ids: [],
        readAt: at(time),
      }
    : undefined;
  return { reference, open };
}

const subjectAt = (time: string, ...tags: string[]) =>
  aSubject({ tags: tags.map(parseTag), pushedAt: at(time) });

test.each([
  [
    ['latest', 'v1'],
    ['latest', NEWEST_PUSH],
  ],
  [
    ['prod-latest', 'latest'],
    ['latest', 'prod-latest', NEWEST_PUSH],
  ],
  [['v1'], [NEWEST_PUSH]],
])('referencesToLoad of %j are %j', (tags, expected) => {
  expect(referencesToLoad(tags.map(parseTag), policy)).toEqual(expected);
});

describe('baselinesOf', () => {
  test.each([
    [
      'the first image of a repository',
      subjectAt('02:00', 'v1'),
      [seen(NEWEST_PUSH)],
      [NEWEST_PUSH],
      [NEWEST_PUSH],
    ],
    ['a newer push', subjectAt('02:00', 'v2'), [seen(NEWEST_PUSH, '01:00')], [NEWEST_PUSH], [NEWEST_PUSH]],
    [
      'the same push again',
      subjectAt('02:00', 'v2'),
      [seen(NEWEST_PUSH, '02:00')],
      [NEWEST_PUSH],
      [NEWEST_PUSH],
    ],
    ['an older push', subjectAt('02:00', 'v0'), [seen(NEWEST_PUSH, '03:00')], [], []],
    [
      'a tracked tag on the newest push',
      subjectAt('02:00', 'latest'),
      [seen('latest', '01:00'), seen(NEWEST_PUSH, '01:00')],
      ['latest'],
      ['latest', NEWEST_PUSH],
    ],
    [
      'a tracked tag that went back to an older image',
      subjectAt('02:00', 'latest'),
      [seen('latest', '03:00'), seen(NEWEST_PUSH, '03:00')],
      ['latest'],
      ['latest'],
    ],
    [
      'two tracked tags, one never seen',
      subjectAt('02:00', 'latest', 'prod-latest'),
      [seen('latest', '01:00'), seen('prod-latest'), seen(NEWEST_PUSH)],
      ['latest', 'prod-latest'],
      ['latest', 'prod-latest', NEWEST_PUSH],
    ],
  ])('%s', (_, subject, loaded, tracked, toSave) => {
    const baselines = baselinesOf(subject, loaded, policy);
    expect(baselines.tracked.map(({ reference }) => reference)).toEqual(tracked);
    expect(baselines.toSave).toEqual(toSave);
  });
});

test('of two images pushed in the same instant one is the newer, whichever is scanned first', () => {
  const isNewest = (digest: string, other: string) => {
    const newest = { ...seen(NEWEST_PUSH, '02:00').open, digest: aDigest(other) } as OpenFindings;
    const subject = { ...subjectAt('02:00', 'v1'), image: anImageOf(aDigest(digest)) };
    return baselinesOf(subject, [{ reference: NEWEST_PUSH, open: newest }], policy).toSave.length === 1;
  };
  expect([isNewest('a', 'b'), isNewest('b', 'a'), isNewest('a', 'a')]).toEqual([false, true, true]);
});
