import { expect, test } from 'vitest';
import { missingPercent, nothingFound } from '../../../lib/reconcile/tally.ts';

test.each([
  ['nothing', {}, 0],
  ['one of few says little', { checked: 3, scans: 1 }, 1],
  ['two of few are too many', { checked: 3, scans: 1, pushes: 1 }, 2],
  ['half', { checked: 400, scans: 200 }, 50],
  ['what is older than this service was never missing', { checked: 400, scans: 200, isFirst: true }, 0],
])('%s', (_, found, percent) => {
  expect(missingPercent([{ ...nothingFound(), ...found }])).toBe(percent);
});
