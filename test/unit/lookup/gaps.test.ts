import { expect, test } from 'vitest';
import { gapsIn, isLong } from '../../../lib/lookup/gaps.ts';
import { at } from '../../build/lineage.ts';

const span = { since: at('03:00'), until: at('10:00') };
const gap = (from: string, to: string, why: 'unverified' | 'recent') => ({
  ...{ notBefore: at(from), notAfter: at(to), why },
});

test.each([
  ['never verified', undefined, [gap('03:00', '10:00', 'unverified')]],
  ['verified over all of it', { since: at('02:00'), verifiedAt: at('10:00') }, []],
  ['verified from its first moment on', { since: at('03:00'), verifiedAt: at('11:00') }, []],
  [
    'verified from within',
    { since: at('05:00'), verifiedAt: at('11:00') },
    [gap('03:00', '05:00', 'unverified')],
  ],
  ['not verified since', { since: at('02:00'), verifiedAt: at('09:45') }, [gap('09:45', '10:00', 'recent')]],
  ['verified before it', { since: at('01:00'), verifiedAt: at('02:00') }, [gap('03:00', '10:00', 'recent')]],
  [
    'verified after it',
    { since: at('11:00'), verifiedAt: at('12:00') },
    [gap('03:00', '10:00', 'unverified')],
  ],
  [
    'verified in the middle',
    { since: at('05:00'), verifiedAt: at('08:00') },
    [gap('03:00', '05:00', 'unverified'), gap('08:00', '10:00', 'recent')],
  ],
])('%s', (_what, verification, expected) => {
  expect(gapsIn(span, verification)).toEqual(expected);
});

test('no time has no gap', () => {
  expect(gapsIn({ since: at('03:00'), until: at('03:00') }, undefined)).toEqual([]);
});

test('the time between two looks at the registry is no long gap', () => {
  expect(isLong({ ...gap('09:45', '10:00', 'recent'), why: 'recent' })).toBe(false);
  expect(isLong({ ...gap('09:00', '10:00', 'recent'), why: 'recent' })).toBe(true);
  expect(isLong({ ...gap('09:59', '10:00', 'unverified'), why: 'unverified' })).toBe(true);
});
