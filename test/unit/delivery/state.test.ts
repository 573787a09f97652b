import { describe, expect, test } from 'vitest';
import type { RepeatRule } from '../../../lib/delivery/repeat-rule.ts';
import type { Outcome } from '../../../lib/delivery/sink.ts';
import {
  type Doubt,
  doubtOf,
  LEASE_SECONDS,
  type LedgerItem,
  mayClaim,
  maySettle,
  settledState,
  whyNot,
} from '../../../lib/delivery/state.ts';

const OUTCOMES: Readonly<Record<Outcome['state'], Outcome>> = {
  sent: { state: 'sent' },
  refused: { state: 'refused', why: '503' },
  unknown: { state: 'unknown', why: 'timeout' },
  rejected: { state: 'rejected', why: '400' },
};

const RULES: readonly RepeatRule[] = ['overwrite', 'fold', 'mark', 'hold'];

test.each([
  ['sent', 'none', 'SENT'],
  ['sent', 'open', 'SENT'],
  ['sent', 'accepted', 'SENT'],
  ['refused', 'none', 'RETRY'],
  ['refused', 'open', 'UNSURE'],
  ['refused', 'accepted', 'RETRY'],
  ['rejected', 'none', 'DEAD'],
  ['rejected', 'open', 'DEAD'],
  ['rejected', 'accepted', 'DEAD'],
] as const)('%s, doubt %s: %s, whatever the rule', (outcome, doubt, expected) => {
  expect(RULES.map((rule) => settledState(OUTCOMES[outcome], doubt, rule))).toEqual(Array(4).fill(expected));
});

test.each(['none', 'open', 'accepted'] as const)('unknown, doubt %s: as the rule says', (doubt) => {
  const states = RULES.map((rule) => settledState(OUTCOMES.unknown, doubt, rule));
  expect(states).toEqual(['UNSURE', 'UNSURE', 'UNSURE', 'HELD']);
});

const item = (state: LedgerItem['state'], unsure = false): LedgerItem => ({
  state,
  unsure,
  token: 'token-1',
  leaseUntilMs: 100,
});

describe('doubtOf', () => {
  test.each<[string, LedgerItem | undefined, string | undefined, Doubt]>([
    ['nobody has tried', undefined, undefined, 'none'],
    ['it was refused', item('RETRY'), undefined, 'none'],
    ['it was rejected', item('DEAD'), undefined, 'none'],
    ['it was rejected and sent back', item('DEAD'), 'token-1', 'none'],
    ['its worker died', item('SENDING'), undefined, 'open'],
    ['its worker died after a release', item('SENDING', true), 'token-1', 'open'],
    ['nobody knows', item('UNSURE', true), undefined, 'open'],
    ['a person released it', item('HELD', true), 'token-1', 'accepted'],
    ['it was refused after a release', item('RETRY', true), undefined, 'accepted'],
    ['it was rejected after nobody knew', item('DEAD', true), undefined, 'open'],
    ['that was sent back', item('DEAD', true), 'token-1', 'accepted'],
    ['an older dead letter was sent back', item('DEAD', true), 'token-0', 'open'],
  ])('%s', (_, past, release, expected) => {
    expect(doubtOf(past, release)).toBe(expected);
  });
});

describe('mayClaim', () => {
  test.each<[string, LedgerItem | undefined, number, string | undefined, boolean]>([
    ['nobody has tried', undefined, 0, undefined, true],
    ['sent', item('SENT'), 1e15, 'token-1', false],
    ['another is at it', item('SENDING'), 99, undefined, false],
    ['its lease ends now', item('SENDING'), 100, undefined, false],
    ['its lease has ended', item('SENDING'), 101, undefined, true],
    ['a release while another is at it', item('SENDING'), 100, 'token-1', false],
    ['refused', item('RETRY'), 0, undefined, true],
    ['nobody knows', item('UNSURE', true), 0, undefined, true],
    ['rejected', item('DEAD'), 0, undefined, true],
    ['held', item('HELD', true), 1e15, undefined, false],
    ['held, another hold is released', item('HELD', true), 1e15, 'token-0', false],
    ['held and released', item('HELD', true), 0, 'token-1', true],
  ])('%s', (_, past, nowMs, release, expected) => {
    expect(mayClaim(past, nowMs, release)).toBe(expected);
  });
});

test.each<[LedgerItem | undefined, string, boolean]>([
  [undefined, 'token-1', false],
  [item('SENDING'), 'token-1', true],
  [item('SENDING'), 'token-0', false],
  [item('SENT'), 'token-1', false],
  [item('HELD', true), 'token-1', false],
])('%j may be settled with %s: %s', (past, token, expected) => {
  expect(maySettle(past, token)).toBe(expected);
});

test.each([
  [item('SENT'), { state: 'sent-before' }],
  [item('HELD', true), { state: 'on-hold', release: 'token-1' }],
  [item('SENDING'), { state: 'busy' }],
  // Between the refused claim and the read it became free, or expired: the next try finds out.
  [item('RETRY'), { state: 'busy' }],
  [undefined, { state: 'busy' }],
])('%j may not be claimed: %j', (past, expected) => {
  expect(whyNot(past)).toEqual(expected);
});

test('a lease is longer than a function may run, so that nobody is still sending when it ends', () => {
  expect(LEASE_SECONDS).toBeGreaterThan(30);
});
