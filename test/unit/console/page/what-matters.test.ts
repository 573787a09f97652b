import { expect, test } from 'vitest';
import { byWhatMatters } from '../../../../lib/console/page/views/what-matters.ts';
import { untrusted } from '../../../../lib/image/untrusted.ts';
import type { KeptFinding } from '../../../../lib/scan/scan-findings.ts';

test('the worst is first, of these what can be fixed, of these the higher score', () => {
  const found = (
    id: string,
    severity: KeptFinding['severity'],
    more: Partial<KeptFinding> = {},
  ): KeptFinding => ({
    id: untrusted(id),
    severity,
    ...more,
  });
  const sorted = [
    found('1', 'CRITICAL', { fix: 'all', score: 9.1 }),
    found('2', 'CRITICAL', { fix: 'some', score: 9.9 }),
    found('3', 'CRITICAL', { fix: 'none', score: 10 }),
    found('4', 'CRITICAL'),
    found('5', 'HIGH', { fix: 'all', score: 8 }),
    found('6', 'HIGH', { fix: 'all', score: 7 }),
    found('7', 'UNDEFINED', { fix: 'all', score: 10 }),
  ];
  expect([...sorted].reverse().sort(byWhatMatters)).toEqual(sorted);
});
