import { expect, test } from 'vitest';
import { heapLimits } from '../../../bench/functions/heap-limits.ts';

test.each([
  // As a function of 1,024 MB was seen to be started.
  ['1024', '--max-semi-space-size=17', '--max-old-space-size=922'],
  ['256', '--max-semi-space-size=4', '--max-old-space-size=231'],
])('at %s MB', (megabytes, ...limits) => {
  expect(heapLimits(megabytes)).toEqual(limits);
});

test('what has no memory size has no limits', () => {
  expect(heapLimits(undefined)).toEqual([]);
});
