import { expect, test } from 'vitest';
import { answerOrder } from '../../../lib/delivery/answer.ts';
import type { SinkName } from '../../../lib/delivery/delivery.ts';
import type { Sink } from '../../../lib/delivery/sink.ts';
import { formatDelivery, parseOrder } from '../../../lib/delivery/wire.ts';
import { InvalidEvent } from '../../../lib/errors.ts';
import { aNotice } from '../../build/notice.ts';
import { memoryClaims, memorySink } from '../../doubles/memory-sink.ts';

const now = () => new Date('2026-11-20T03:00:00.000Z');
const order = (sink: SinkName) => ({ body: formatDelivery(aNotice(), undefined, sink), attempt: 1 });

/** The two sinks of one queue, and their ledger. */
function pair() {
  const own = memorySink({ state: 'sent' });
  const other = memorySink({ state: 'sent' });
  const ledger = memoryClaims({ state: 'claimed', token: 'token-1', doubt: 'none' });
  const sns: Sink = { ...own.sink, name: 'sns' };
  const chat: Sink = { ...other.sink, name: 'chat' };
  return { own, other, ledger, sns, chat, ports: { ...ledger.ports, now } };
}

test('each order is told by the sink that it is for, under a claim of that sink', async () => {
  const { own, other, ledger, sns, chat, ports } = pair();
  expect(await answerOrder(order('sns'), sns, { ...ports, other: chat })).toMatchObject({ sink: 'sns' });
  expect([own.received.length, other.received.length]).toEqual([1, 0]);
  expect(await answerOrder(order('chat'), sns, { ...ports, other: chat })).toMatchObject({ sink: 'chat' });
  expect([own.received.length, other.received.length]).toEqual([1, 1]);
  expect(ledger.claimed.map((it) => it.split(' ')[0])).toEqual(['sns', 'chat']);
});

test('an order that nobody behind this queue is meant by is for a person, and costs no claim', async () => {
  const { own, ledger, sns, ports } = pair();
  await expect(answerOrder(order('chat'), sns, ports)).rejects.toThrow(
    new InvalidEvent('to: who reads this queue tells sns, not chat'),
  );
  const stranger = { ...ports, other: { ...sns, name: 'slack' as const } };
  await expect(answerOrder(order('chat'), sns, stranger)).rejects.toBeInstanceOf(InvalidEvent);
  expect([...own.received, ...ledger.claimed]).toEqual([]);
});

test('a hold of the other sink comes back to it', async () => {
  const chat: Sink = { ...memorySink({ state: 'unknown', why: 'timeout' }).sink, name: 'chat' };
  const held = memoryClaims({ state: 'claimed', token: 'token-1', doubt: 'none' }, 'hold');
  const { sns } = pair();
  const error: unknown = await answerOrder(order('chat'), sns, { ...held.ports, now, other: chat }).catch(
    (it) => it,
  );
  expect(parseOrder((error as InvalidEvent).deadLetter ?? '')).toMatchObject({
    to: 'chat',
    release: 'token-1',
  });
});
