import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../lib/delivery/sink.ts';
import {
  isPossibleRepeat,
  LEASE_SECONDS,
  type LedgerItem,
  settledState,
} from '../../../lib/delivery/state.ts';

const OUTCOMES: Readonly<Record<Outcome['state'], Outcome>> = {
  sent: { state: 'sent' },
  refused: { state: 'refused', why: '503' },
  unknown: { state: 'unknown', why: 'timeout' },
  rejected: { state: 'rejected', why: '400' },
};

test.each([
  ['sent', false, 'SENT'],
  ['sent', true, 'SENT'],
  ['refused', false, 'RETRY'],
  ['refused', true, 'UNSURE'],
  ['unknown', false, 'UNSURE'],
  ['unknown', true, 'UNSURE'],
  ['rejected', false, 'DEAD'],
  ['rejected', true, 'DEAD'],
] as const)('%s, possible repeat %s: %s', (outcome, possibleRepeat, expected) => {
  expect(settledState(OUTCOMES[outcome], possibleRepeat)).toBe(expected);
});

describe('isPossibleRepeat', () => {
  const past = (state: LedgerItem['state'], unsure: boolean): LedgerItem => ({
    state,
    unsure,
    leaseUntilMs: 0,
  });

  test.each([
    ['nobody has tried', undefined, false],
    ['it was refused', past('RETRY', false), false],
    ['it was rejected', past('DEAD', false), false],
    ['its worker died', past('SENDING', false), true],
    ['nobody knows', past('UNSURE', true), true],
    ['it was refused after nobody knew', past('RETRY', true), true],
    ['it was rejected after nobody knew', past('DEAD', true), true],
  ])('%s', (_, item, expected) => {
    expect(isPossibleRepeat(item)).toBe(expected);
  });
});

test('a lease is longer than a function may run, so that nobody is still sending when it ends', () => {
  expect(LEASE_SECONDS).toBeGreaterThan(30);
});
