import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyDocument } from '../../../lib/policy/document.ts';
import { policyFor } from '../../../lib/policy/effective.ts';
import { globsOverlap, matchesGlob } from '../../../lib/policy/glob.ts';
import { at } from '../../build/lineage.ts';

const defaults = { trackedTags: ['latest'], notifyAt: 'CRITICAL' } as const;
const NOW = at('03:00');

const document: PolicyDocument = {
  version: 1,
  notifyAt: 'HIGH',
  owner: 'platform',
  repositories: [
    { name: 'payments/*', owner: 'payments', onlyFixable: true, track: ['prod'] },
    { name: 'payments/api', notifyAt: 'MEDIUM', renotifyAfter: '7d', snsAttributes: { team: 'pay' } },
    { name: '*', slackChannel: 'C0123456789' },
  ],
  ignore: [
    { cve: 'CVE-1', repository: 'payments/*', reason: 'r', expires: '2026-11-20' },
    { cve: 'CVE-2', reason: 'r', expires: '2026-11-19' },
  ],
};

describe('what holds for a repository', () => {
  test('without a policy: the settings of the environment', () => {
    expect(policyFor('payments/api', undefined, defaults, NOW)).toBe(defaults);
  });

  test('the most specific that says something wins, each setting by itself', () => {
    expect(policyFor('payments/api', document, defaults, NOW)).toMatchObject({
      ...{ trackedTags: ['prod'], notifyAt: 'MEDIUM', onlyFixable: true, renotifyAfterSeconds: 7 * 86_400 },
      route: { owner: 'payments', slackChannel: 'C0123456789', snsAttributes: { team: 'pay' } },
    });
    expect(policyFor('shop', document, defaults, NOW)).toMatchObject({
      ...{ trackedTags: ['latest'], notifyAt: 'HIGH' },
      route: { owner: 'platform', slackChannel: 'C0123456789' },
    });
  });

  test('of two that are as specific the later wins', () => {
    const repositories = [
      { name: 'a*', owner: 'one' },
      { name: '*a', owner: 'two' },
    ];
    expect(policyFor('aa', { version: 1, repositories }, defaults, NOW).route?.owner).toBe('two');
  });

  test('rules of other repositories, and rules that have ended, are not in it', () => {
    const cves = (name: string) => policyFor(name, document, defaults, NOW).ignore?.map(({ cve }) => cve);
    expect([cves('payments/api'), cves('shop')]).toEqual([['CVE-1'], undefined]);
  });

  test('never takes the reminder of the environment back', () => {
    const policy = policyFor(
      'shop',
      { version: 1, renotifyAfter: 'never' },
      { ...defaults, renotifyAfterSeconds: 5 },
      NOW,
    );
    expect(policy.renotifyAfterSeconds).toBeUndefined();
  });
});

describe('when people are told', () => {
  const night = { from: '22:00', to: '07:00', zone: 'Asia/Tokyo' };
  const digest = { at: '09:00', zone: 'Europe/Berlin' };
  const times: PolicyDocument = {
    ...{ version: 1, quietHours: night },
    repositories: [
      { name: 'payments/*', digest },
      { name: 'payments/api', quietHours: 'none', digest: 'none' },
    ],
  };

  test('each setting by itself, and none takes them back', () => {
    const of = (name: string) => {
      const policy = policyFor(name, times, defaults, NOW);
      return [policy.quietHours, policy.digest];
    };
    expect(of('shop')).toEqual([night, undefined]);
    expect(of('payments/web')).toEqual([night, digest]);
    expect(of('payments/api')).toEqual([undefined, undefined]);
  });

  test('makes nothing new of what was told: it is in no mark', () => {
    expect(policyFor('payments/web', times, defaults, NOW).mark).toBeUndefined();
  });
});

describe('the mark', () => {
  const markOf = (it: Omit<PolicyDocument, 'version'>, now = NOW) =>
    policyFor('shop', { version: 1, ...it }, defaults, now).mark;
  const rule = { cve: 'CVE-1', reason: 'r', expires: '2026-11-20' };

  test('is absent where nothing changes what a scan says', () => {
    const document = {
      owner: 'platform',
      track: ['main'],
      notifyAt: 'CRITICAL',
      ignore: [{ ...rule, repository: 'x' }],
    } as const;
    expect(markOf(document)).toBeUndefined();
  });

  test.each([
    ['another threshold', { notifyAt: 'HIGH' as const }],
    ['only what can be fixed', { onlyFixable: true }],
    ['a rule', { ignore: [rule] }],
  ])('names %s', (_, it) => {
    expect(markOf(it)).toMatch(/^[0-9a-f]{16}$/);
  });

  test('goes when the rule ends', () => {
    expect(markOf({ ignore: [rule] }, at('23:59'))).toBeDefined();
    expect(
      policyFor('shop', { version: 1, ignore: [{ ...rule, expires: '2026-11-19' }] }, defaults, NOW).mark,
    ).toBeUndefined();
  });
});

test('two patterns overlap when some text has the form of both', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 4 });
  const texts = [
    '',
    ...['a', 'b'],
    ...fc.sample(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 }), 2000),
  ];
  fc.assert(
    fc.property(pattern, pattern, (one, other) => {
      const isMet = texts.some((text) => matchesGlob(one, text) && matchesGlob(other, text));
      if (isMet) expect(globsOverlap(one, other)).toBe(true);
    }),
  );
  expect([globsOverlap('a*', 'b*'), globsOverlap('*a', '*b'), globsOverlap('ab', 'a*c')]).toEqual([
    false,
    false,
    false,
  ]);
  expect([globsOverlap('a*', '*b'), globsOverlap('a*b*c', 'a*d*c'), globsOverlap('ab', 'a*')]).toEqual([
    true,
    true,
    true,
  ]);
});
