import { expect, test } from 'vitest';
import { answerOrder } from '../../../lib/delivery/answer.ts';
import type { SinkName } from '../../../lib/delivery/delivery.ts';
import type { Sink } from '../../../lib/delivery/sink.ts';
import type { PutBack } from '../../../lib/delivery/waiting.ts';
import { formatDelivery, parseOrder } from '../../../lib/delivery/wire.ts';
import { InvalidEvent } from '../../../lib/errors.ts';
import { at } from '../../build/lineage.ts';
import { aNotice } from '../../build/notice.ts';
import { memoryClaims, memorySink } from '../../doubles/memory-sink.ts';

const now = () => new Date('2026-11-20T03:00:00.000Z');
const order = (sink: SinkName) => ({ body: formatDelivery(aNotice(), undefined, sink), attempt: 1 });

const nothingWaits: PutBack = async () => expect.fail('nothing waits');

/** The two sinks of one queue, and their ledger. */
function pair() {
  const own = memorySink({ state: 'sent' });
  const other = memorySink({ state: 'sent' });
  const ledger = memoryClaims({ state: 'claimed', token: 'token-1', doubt: 'none' });
  const sns: Sink = { ...own.sink, name: 'sns' };
  const chat: Sink = { ...other.sink, name: 'chat' };
  return { own, other, ledger, sns, chat, ports: { ...ledger.ports, now, putBack: nothingWaits } };
}

test('each order is told by the sink that it is for, under a claim of that sink', async () => {
  const { own, other, ledger, sns, chat, ports } = pair();
  expect(await answerOrder(order('sns'), sns, { ...ports, other: chat })).toMatchObject({ sink: 'sns' });
  expect([own.received.length, other.received.length]).toEqual([1, 0]);
  expect(await answerOrder(order('chat'), sns, { ...ports, other: chat })).toMatchObject({ sink: 'chat' });
  expect([own.received.length, other.received.length]).toEqual([1, 1]);
  expect(ledger.claimed.map((it) => it.split(' ')[0])).toEqual(['sns', 'chat']);
});

test('what waits for people waits for those of one sink, and not for the other', async () => {
  const { own, other, sns, chat, ports } = pair();
  const back: string[] = [];
  const people = {
    ...{ ...ports, other: { ...chat, isForPeople: true as const } },
    putBack: async (body: string) => void back.push(body),
  };
  const later = aNotice({ notBefore: at('07:00') });
  const body = formatDelivery(later, undefined, 'chat');
  expect(await answerOrder({ body, attempt: 1 }, sns, people)).toMatchObject({
    ...{ sink: 'chat', outcome: 'waiting', until: at('07:00') },
  });
  await answerOrder({ body: formatDelivery(later), attempt: 1 }, sns, people);
  expect([own.received.length, other.received.length]).toEqual([1, 0]);
  expect(back).toEqual([body]);
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
  const ports = { ...held.ports, now, other: chat, putBack: nothingWaits };
  const error: unknown = await answerOrder(order('chat'), sns, ports).catch((it) => it);
  expect(parseOrder((error as InvalidEvent).deadLetter ?? '')).toMatchObject({
    to: 'chat',
    release: 'token-1',
  });
});
