import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Settlement } from '../../../lib/delivery/deliver.ts';
import type { Claim, DeliveryState, Doubt } from '../../../lib/delivery/state.ts';
import { LEASE_SECONDS } from '../../../lib/delivery/state.ts';
import { claim, isUnderWay, settle } from '../../../lib/store/ledger.ts';
import type { Table } from '../../../lib/store/table.ts';
import { aDigest, anImageOf } from '../../build/lineage.ts';
import { aMeasurement, aNotice } from '../../build/notice.ts';
import { itemsOf, openTables } from '../../doubles/dynamodb.ts';
import { startFaultProxy } from '../../doubles/fault-proxy.ts';
import { loopback } from '../../doubles/loopback.ts';

const notice = aNotice();
const START_MS = Date.parse('2026-11-20T03:10:00Z');
const LEASE_MS = LEASE_SECONDS * 1000;

/** A worker that must win: returns its token, and what is in doubt about earlier tries. */
async function claimed(ledger: Table, nowMs = START_MS): Promise<Extract<Claim, { state: 'claimed' }>> {
  const outcome = await claim(ledger, notice, 'slack', nowMs);
  if (outcome.state !== 'claimed') throw new Error(`expected to claim it, but it is ${outcome.state}`);
  return outcome;
}

async function tryOnce(ledger: Table, as: Settlement, nowMs = START_MS): Promise<boolean> {
  const { token, doubt } = await claimed(ledger, nowMs);
  const possibleRepeat = doubt !== 'none';
  await settle(ledger, notice, 'slack', token, { ...as, possibleRepeat });
  return possibleRepeat;
}

describe('after a try that ended as', () => {
  const again = (doubt: Doubt) => ({ state: 'claimed', doubt });

  test.each<[DeliveryState, object]>([
    ['SENT', { state: 'sent-before' }],
    ['RETRY', again('none')],
    ['UNSURE', again('open')],
    ['DEAD', again('none')],
    ['HELD', { state: 'on-hold', release: expect.any(String) }],
    ['SENDING', { state: 'busy' }],
  ])('%s, the next worker finds it', async (state, expected) => {
    const { ledger } = await openTables();
    const { token } = await claimed(ledger);
    if (state !== 'SENDING') await settle(ledger, notice, 'slack', token, { state });
    expect(await claim(ledger, notice, 'slack', START_MS + 1)).toMatchObject(expected);
  });

  test.each<[DeliveryState, boolean]>([
    ['SENDING', true],
    ['RETRY', true],
    ['UNSURE', true],
    ['HELD', true],
    ['DEAD', true],
    ['SENT', false],
  ])('%s, it is under way: %s', async (state, expected) => {
    const { ledger } = await openTables();
    expect(await isUnderWay(ledger, notice, 'slack')).toBe(false);
    const { token } = await claimed(ledger);
    if (state !== 'SENDING') await settle(ledger, notice, 'slack', token, { state });
    expect(await isUnderWay(ledger, notice, 'slack')).toBe(expected);
  });

  test('SENT, it is sent for good, long after its lease', async () => {
    const { ledger } = await openTables();
    await tryOnce(ledger, { state: 'SENT', receipt: '1700000000.000100' });
    expect(await claim(ledger, notice, 'slack', START_MS + 1000 * LEASE_MS)).toEqual({
      state: 'sent-before',
    });
  });

  test('DEAD, a redrive by hand can still send it, once', async () => {
    const { ledger } = await openTables();
    await tryOnce(ledger, { state: 'DEAD', why: 'channel_not_found' });
    await tryOnce(ledger, { state: 'SENT' });
    expect(await claim(ledger, notice, 'slack', START_MS)).toEqual({ state: 'sent-before' });
  });
});

test('the item says what happened, how often it was tried, and when it may be forgotten', async () => {
  const { ledger } = await openTables();
  await tryOnce(ledger, { state: 'RETRY', why: '429' });
  await tryOnce(ledger, { state: 'SENT', receipt: '42' });
  expect(await itemsOf(ledger)).toEqual([
    expect.objectContaining({
      state: 'SENT',
      attempts: 2,
      receipt: '42',
      why: null,
      expiresAt: START_MS / 1000 + 180 * 86_400,
    }),
  ]);
});

describe('a lease', () => {
  test('holds to its last millisecond, and then the delivery may be a repeat', async () => {
    const { ledger } = await openTables();
    await claimed(ledger);
    expect(await claim(ledger, notice, 'slack', START_MS + LEASE_MS)).toEqual({ state: 'busy' });
    expect(await claim(ledger, notice, 'slack', START_MS + LEASE_MS + 1)).toMatchObject({
      state: 'claimed',
      doubt: 'open',
    });
  });

  test('is fenced: who lost it cannot settle any more', async () => {
    const { ledger } = await openTables();
    const slow = await claimed(ledger);
    const quick = await claimed(ledger, START_MS + LEASE_MS + 1);
    expect(quick.token).not.toBe(slow.token);
    const before = await itemsOf(ledger);
    await settle(ledger, notice, 'slack', slow.token, { state: 'DEAD', why: 'too late' });
    expect(await itemsOf(ledger)).toEqual(before);
    await settle(ledger, notice, 'slack', quick.token, { state: 'SENT' });
    expect(await claim(ledger, notice, 'slack', START_MS)).toEqual({ state: 'sent-before' });
  });

  test('is over with its settlement: the same worker cannot settle twice', async () => {
    const { ledger } = await openTables();
    const { token } = await claimed(ledger);
    await settle(ledger, notice, 'slack', token, { state: 'SENT', receipt: '42' });
    const before = await itemsOf(ledger);
    await settle(ledger, notice, 'slack', token, { state: 'RETRY' });
    expect(await itemsOf(ledger)).toEqual(before);
  });
});

describe('doubt stays', () => {
  test('through every later try that was refused', async () => {
    const { ledger } = await openTables();
    expect(await tryOnce(ledger, { state: 'UNSURE' })).toBe(false);
    expect(await tryOnce(ledger, { state: 'RETRY' })).toBe(true);
    expect(await tryOnce(ledger, { state: 'RETRY' })).toBe(true);
    expect(await tryOnce(ledger, { state: 'SENT' })).toBe(true);
  });

  test('through the dead letters', async () => {
    const { ledger } = await openTables();
    await tryOnce(ledger, { state: 'UNSURE' });
    await tryOnce(ledger, { state: 'DEAD' });
    expect(await tryOnce(ledger, { state: 'SENT' })).toBe(true);
  });
});

// The first worker may have sent before it died: a rejection after it says nothing about that.
test('doubt from a lease that ran out stays through the dead letters, too', async () => {
  const { ledger } = await openTables();
  await claimed(ledger);
  expect(await tryOnce(ledger, { state: 'DEAD' }, START_MS + LEASE_MS + 1)).toBe(true);
  expect(await tryOnce(ledger, { state: 'SENT' }, START_MS + 2 * LEASE_MS)).toBe(true);
});

describe('a hold', () => {
  async function hold(ledger: Table): Promise<string> {
    const { token } = await claimed(ledger);
    await settle(ledger, notice, 'slack', token, { state: 'HELD', why: 'timeout' });
    return token;
  }

  test('tells who asks what would release it, and lets nobody else pass, ever', async () => {
    const { ledger } = await openTables();
    const release = await hold(ledger);
    for (const wrong of [undefined, '', 'another-token'])
      expect(await claim(ledger, notice, 'slack', START_MS + 1000 * LEASE_MS, wrong)).toEqual({
        state: 'on-hold',
        release,
      });
  });

  test('is released once: the same dead letter twice finds another worker, then what was sent', async () => {
    const { ledger } = await openTables();
    const release = await hold(ledger);
    const first = await claim(ledger, notice, 'slack', START_MS, release);
    expect(first).toMatchObject({ state: 'claimed', doubt: 'accepted' });
    expect(await claim(ledger, notice, 'slack', START_MS, release)).toEqual({ state: 'busy' });
    if (first.state === 'claimed') await settle(ledger, notice, 'slack', first.token, { state: 'SENT' });
    expect(await claim(ledger, notice, 'slack', START_MS, release)).toEqual({ state: 'sent-before' });
  });

  test('whose release died is in doubt again', async () => {
    const { ledger } = await openTables();
    const release = await hold(ledger);
    await claim(ledger, notice, 'slack', START_MS, release);
    const late = START_MS + LEASE_MS + 1;
    expect(await claim(ledger, notice, 'slack', late, release)).toMatchObject({ doubt: 'open' });
  });
});

describe('two workers at once', () => {
  test('one of them wins, fifty times of fifty', async () => {
    const { ledger } = await openTables();
    for (let pair = 0; pair < 50; pair++) {
      const it = aNotice({ key: `pair-${pair}` });
      const states = (await Promise.all([claim(ledger, it, 'sns'), claim(ledger, it, 'sns')])).map(
        ({ state }) => state,
      );
      expect(states.sort()).toEqual(['busy', 'claimed']);
    }
  });

  test('one of them wins an expired lease', async () => {
    const { ledger } = await openTables();
    await claimed(ledger);
    const late = START_MS + LEASE_MS + 1;
    const claims = await Promise.all([1, 2, 3].map(() => claim(ledger, notice, 'slack', late)));
    expect(claims.map(({ state }) => state).sort()).toEqual(['busy', 'busy', 'claimed']);
  });
});

test('a delivery is of one notice about one image to one sink', async () => {
  const { ledger } = await openTables();
  const subject = { ...notice.subject, image: anImageOf(aDigest('c')) };
  const claims = [
    await claim(ledger, notice, 'slack'),
    await claim(ledger, notice, 'sns'),
    await claim(ledger, aNotice({ key: 'open-another' }), 'slack'),
    await claim(ledger, aNotice({ subject }), 'slack'),
    await claim(ledger, aMeasurement(), 'datadog'),
  ];
  expect(claims.map(({ state }) => state)).toEqual(Array(5).fill('claimed'));
  expect(await itemsOf(ledger)).toHaveLength(5);
});

test('claiming and settling touch no other item', async () => {
  const { ledger } = await openTables();
  await claim(ledger, notice, 'sns');
  await claim(ledger, aNotice({ key: 'open-another' }), 'slack');
  const others = await itemsOf(ledger);
  await tryOnce(ledger, { state: 'SENT' });
  const after = await itemsOf(ledger);
  expect(after).toHaveLength(others.length + 1);
  expect(after).toEqual(expect.arrayContaining([...others]));
});

describe('what it costs', () => {
  test('a delivery that works: two writes, no read', async () => {
    const { ledger, requests } = await openTables();
    await tryOnce(ledger, { state: 'SENT' });
    expect(requests).toEqual(['UpdateItemCommand', 'UpdateItemCommand']);
  });

  test('one that was sent before: one write that does not happen, one read', async () => {
    const { ledger, requests } = await openTables();
    await tryOnce(ledger, { state: 'SENT' });
    requests.splice(0);
    await claim(ledger, notice, 'slack');
    expect(requests).toEqual(['UpdateItemCommand', 'GetItemCommand']);
  });
});

test('another failure than a condition is thrown', async () => {
  const { ledger } = await openTables();
  const missing = { ...ledger, name: 'no-such-table' };
  await expect(claim(missing, notice, 'slack')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(settle(missing, notice, 'slack', 'token', { state: 'SENT' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

/** The same table over a wire that loses the replies to the first requests; the client repeats them. */
async function losingReplies(url: string, { name }: Table, replies: number): Promise<Table> {
  let left = replies;
  const proxy = await startFaultProxy(
    () => url,
    () => (left-- > 0 ? { name: 'reset after accept', reaches: true, reply: 'reset' } : undefined),
  );
  const dynamodb = new DynamoDBClient({ ...loopback(proxy.url), maxAttempts: 3 });
  onTestFinished(async () => {
    dynamodb.destroy();
    await proxy.close();
  });
  return { client: DynamoDBDocumentClient.from(dynamodb), name };
}

describe('a claim whose reply was lost', () => {
  test('is ours at once when the client asks again: nobody waits for the lease, nothing is in doubt', async () => {
    const { url, ledger } = await openTables();
    const lossy = await losingReplies(url, ledger, 1);
    const { token, doubt } = await claimed(lossy);
    expect(doubt).toBe('none');
    await settle(ledger, notice, 'slack', token, { state: 'SENT' });
    expect(await claim(ledger, notice, 'slack', START_MS)).toEqual({ state: 'sent-before' });
  });

  test('leaves in doubt what an earlier try did, which nobody can read any more', async () => {
    const { url, ledger } = await openTables();
    await tryOnce(ledger, { state: 'UNSURE' });
    const lossy = await losingReplies(url, ledger, 1);
    expect((await claimed(lossy)).doubt).toBe('open');
  });

  test('is not mistaken for somebody else’s', async () => {
    const { url, ledger } = await openTables();
    await claimed(ledger);
    const lossy = await losingReplies(url, ledger, 1);
    expect(await claim(lossy, notice, 'slack', START_MS)).toEqual({ state: 'busy' });
  });
});
