import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliver, pauseSeconds } from '../../../lib/delivery/deliver.ts';
import type { AfterLostReply } from '../../../lib/delivery/repeat-rule.ts';
import type { Outcome } from '../../../lib/delivery/sink.ts';
import { type Claim, type Doubt, LEASE_SECONDS } from '../../../lib/delivery/state.ts';
import { parseOrder } from '../../../lib/delivery/wire.ts';
import { InvalidEvent, NotReady } from '../../../lib/errors.ts';
import { aNotice } from '../../build/notice.ts';
import { memoryClaims, memorySink } from '../../doubles/memory-sink.ts';

const notice = aNotice();
const claimed = (doubt: Doubt): Claim => ({ state: 'claimed', token: 'token-1', doubt });

/** One try: what it returned or threw, what the sink got and what was settled. */
async function oneTry(
  outcome: Outcome,
  {
    claim = claimed('none'),
    attempt = 1,
    isConfigured = true,
    afterLostReply = 'resend' as AfterLostReply,
  } = {},
) {
  const { sink, received } = memorySink(outcome, isConfigured);
  const ledger = memoryClaims(claim, afterLostReply);
  const order = { delivery: notice };
  const result: unknown = await deliver(order, attempt, sink, ledger.ports).catch((error: unknown) => error);
  return { result, received, ...ledger };
}

describe('deliver', () => {
  test('claims, sends, settles with the receipt', async () => {
    const { result, received, claimed, settled } = await oneTry({ state: 'sent', receipt: 'id-9' });
    expect(result).toBe('sent');
    expect(claimed).toEqual([`slack ${notice.key}`]);
    expect(received).toEqual([{ delivery: notice, context: { possibleRepeat: false } }]);
    expect(settled).toEqual([
      { token: 'token-1', as: { state: 'SENT', possibleRepeat: false, receipt: 'id-9' } },
    ]);
  });

  test.each<[Outcome, Doubt, string, typeof NotReady | typeof InvalidEvent]>([
    [{ state: 'refused', why: '503' }, 'none', 'RETRY', NotReady],
    [{ state: 'refused', why: '503' }, 'open', 'UNSURE', NotReady],
    [{ state: 'unknown', why: 'timeout' }, 'none', 'UNSURE', NotReady],
    [{ state: 'rejected', why: 'no such channel' }, 'none', 'DEAD', InvalidEvent],
  ])('%j, doubt %s: settles %s and throws', async (outcome, doubt, state, thrown) => {
    const { result, settled, received } = await oneTry(outcome, { claim: claimed(doubt) });
    const possibleRepeat = doubt !== 'none';
    expect(received[0]?.context).toEqual({ possibleRepeat });
    expect(settled).toEqual([
      { token: 'token-1', as: { state, possibleRepeat, why: 'why' in outcome ? outcome.why : '' } },
    ]);
    expect(result).toBeInstanceOf(thrown);
    expect((result as Error).message).toContain('why' in outcome ? outcome.why : '');
    expect((result as Error).message).toContain('slack');
  });

  test('passes on that an earlier try may have arrived', async () => {
    const { result, received, settled } = await oneTry({ state: 'sent' }, { claim: claimed('open') });
    expect(result).toBe('repeated');
    expect(received[0]?.context).toEqual({ possibleRepeat: true });
    expect(settled[0]?.as).toEqual({ state: 'SENT', possibleRepeat: true });
  });

  test('comes back when the sink says so', async () => {
    const { result } = await oneTry({ state: 'refused', why: '429', retryAfterSeconds: 42 });
    expect((result as NotReady).retryAfterSeconds).toBe(42);
  });

  test('a sink that is off costs no claim', async () => {
    const { result, received, claimed } = await oneTry({ state: 'sent' }, { isConfigured: false });
    expect(result).toBe('off');
    expect([...received, ...claimed]).toEqual([]);
  });

  test('what was sent before is not sent again', async () => {
    const { result, received, settled } = await oneTry(
      { state: 'sent' },
      { claim: { state: 'sent-before' } },
    );
    expect(result).toBe('sent-before');
    expect([...received, ...settled]).toEqual([]);
  });

  test('what another worker holds comes back after the lease', async () => {
    const { result, received, settled } = await oneTry({ state: 'sent' }, { claim: { state: 'busy' } });
    expect((result as NotReady).retryAfterSeconds).toBe(LEASE_SECONDS);
    expect([...received, ...settled]).toEqual([]);
  });

  test('a sink that throws leaves the claim to its lease', async () => {
    const { sink } = memorySink({ state: 'sent' });
    const { ports, settled } = memoryClaims(claimed('none'));
    const broken = { ...sink, send: async () => Promise.reject(new TypeError('a bug')) };
    await expect(deliver({ delivery: notice }, 1, broken, ports)).rejects.toThrow('a bug');
    expect(settled).toEqual([]);
  });
});

describe('where a person decides about repeats', () => {
  const hold = { afterLostReply: 'hold' } as const;

  /** What the error would put into the dead letters. */
  const deadLetter = (error: unknown) => parseOrder((error as InvalidEvent).deadLetter ?? '');

  test('a lost reply goes to the dead letters, which name the hold', async () => {
    const { result, settled } = await oneTry({ state: 'unknown', why: 'timeout' }, hold);
    expect(settled[0]?.as).toEqual({ state: 'HELD', possibleRepeat: false, why: 'timeout' });
    expect(result).toBeInstanceOf(InvalidEvent);
    expect((result as Error).message).toMatch(/slack may have it: look there.*\(timeout\)/);
    expect(deadLetter(result)).toEqual({ delivery: notice, release: 'token-1' });
  });

  test('what an earlier worker may have sent is not sent', async () => {
    const { result, received, settled } = await oneTry(
      { state: 'sent' },
      { ...hold, claim: claimed('open') },
    );
    expect(received).toEqual([]);
    expect(settled[0]?.as).toMatchObject({ state: 'HELD', possibleRepeat: true });
    expect(deadLetter(result).release).toBe('token-1');
  });

  test('what is on hold already goes to the dead letters again: the last time may have failed', async () => {
    const claim: Claim = { state: 'on-hold', release: 'token-0' };
    const { result, received, settled } = await oneTry({ state: 'sent' }, { ...hold, claim });
    expect([...received, ...settled]).toEqual([]);
    expect(deadLetter(result)).toEqual({ delivery: notice, release: 'token-0' });
  });

  test('what a person released is sent, marked', async () => {
    const { result, received } = await oneTry({ state: 'sent' }, { ...hold, claim: claimed('accepted') });
    expect(result).toBe('repeated');
    expect(received[0]?.context).toEqual({ possibleRepeat: true });
  });

  test('a refusal asks nobody twice', async () => {
    const refused: Outcome = { state: 'refused', why: '429' };
    const { result, settled } = await oneTry(refused, { ...hold, claim: claimed('accepted') });
    expect(settled[0]?.as).toMatchObject({ state: 'RETRY', possibleRepeat: true });
    expect(result).toBeInstanceOf(NotReady);
  });

  test('a rejection can be sent back with the doubt accepted', async () => {
    const rejected: Outcome = { state: 'rejected', why: '404' };
    const { result } = await oneTry(rejected, { ...hold, claim: claimed('accepted') });
    expect(deadLetter(result).release).toBe('token-1');
  });
});

describe('pauseSeconds', () => {
  const refused = (retryAfterSeconds?: number): Outcome => ({
    state: 'refused',
    why: '429',
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });

  test.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [8, 640],
    [9, 900],
    [10_000, 900],
  ])('attempt %d: %d s', (attempt, expected) => {
    expect(pauseSeconds(refused(), attempt)).toBe(expected);
    expect(pauseSeconds({ state: 'unknown', why: 'timeout' }, attempt)).toBe(expected);
  });

  test.each([
    [0, 1],
    [-5, 1],
    [0.2, 1],
    [30, 30],
    [30.1, 31],
    [86_400, 900],
  ])('asked for %d s: %d s', (asked, expected) => {
    expect(pauseSeconds(refused(asked), 3)).toBe(expected);
  });

  test('is a whole number from 1 to 900, whatever the sink asks for', () => {
    fc.assert(
      fc.property(
        fc.option(fc.double({ noNaN: true }), { nil: undefined }),
        fc.integer({ min: 1 }),
        (asked, attempt) => {
          const seconds = pauseSeconds(refused(asked), attempt);
          expect(Number.isInteger(seconds)).toBe(true);
          expect(seconds).toBeGreaterThanOrEqual(1);
          expect(seconds).toBeLessThanOrEqual(900);
        },
      ),
    );
  });
});
