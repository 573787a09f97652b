import { expect, test } from 'vitest';
import { answerOrder } from '../../../lib/delivery/answer.ts';
import type { Delivery } from '../../../lib/delivery/delivery.ts';
import type { Sink } from '../../../lib/delivery/sink.ts';
import { formatDelivery } from '../../../lib/delivery/wire.ts';
import { NotReady } from '../../../lib/errors.ts';
import { toInstant } from '../../../lib/instant.ts';
import { at } from '../../build/lineage.ts';
import { aMeasurement, aNotice } from '../../build/notice.ts';
import { memoryClaims, memorySink } from '../../doubles/memory-sink.ts';

const LATER = aNotice({ notBefore: at('07:00') });
const CLAIMED = { state: 'claimed', token: 't', doubt: 'none' } as const;

/** Hands a body over at a time; what was put back, sent and claimed. */
async function handOver(
  body: string,
  time: string,
  more: Partial<Sink> = { isForPeople: true },
  {
    fails,
    ...handed
  }: { readonly fails?: Error; readonly attempt?: number; readonly waitedSeconds?: number } = {},
) {
  const { sink, received } = memorySink({ state: 'sent' });
  const { ports, claimed } = memoryClaims(CLAIMED);
  const back: { readonly body: string; readonly delaySeconds: number }[] = [];
  const answer = await answerOrder(
    { body, attempt: 1, ...handed },
    { ...sink, ...more },
    {
      ...ports,
      now: () => new Date(at(time)),
      async putBack(it, delaySeconds) {
        if (fails) throw fails;
        back.push({ body: it, delaySeconds });
      },
    },
  ).catch((error: unknown) => error);
  return { answer, back, sent: received.length, claimed: claimed.length };
}

test.each([
  ['03:10', 900],
  ['06:45', 900],
  ['06:45:00.001', 900],
  ['06:50', 600],
  ['06:59:59.200', 1],
])(
  'at %s a notice that waits until 07:00 is put back for %i s, before anybody claims it',
  async (time, delaySeconds) => {
    const body = formatDelivery(LATER);
    expect(await handOver(body, time)).toEqual({
      answer: { sink: 'slack', kind: 'notice', key: LATER.key, outcome: 'waiting', until: at('07:00') },
      back: [{ body, delaySeconds }],
      ...{ sent: 0, claimed: 0 },
    });
  },
);

test.each<readonly [string, string, Delivery, Partial<Sink>]>([
  ['its time has come', '07:00', LATER, { isForPeople: true }],
  ['it comes out of the dead letters days later', '23:00', LATER, { isForPeople: true }],
  ['nobody said that it waits', '03:10', aNotice(), { isForPeople: true }],
  ['the sink is for machines', '03:10', LATER, {}],
  ['it is a measurement', '03:10', aMeasurement(), { isForPeople: true }],
])('it is told at once when %s', async (_, time, delivery, sink) => {
  const { answer, back, sent } = await handOver(formatDelivery(delivery), time, sink);
  expect(answer).toMatchObject({ outcome: 'sent' });
  expect([back.length, sent]).toEqual([0, 1]);
});

test('it goes back as it came: the hold that it ends, and fields of later releases', async () => {
  const body = JSON.stringify(
    { ...JSON.parse(formatDelivery(LATER, 'token-1')), later: { a: [1] } },
    null,
    1,
  );
  expect((await handOver(body, '03:10')).back).toEqual([{ body, delaySeconds: 900 }]);
});

test('whether its sink is on is asked when it is to be told: a secret may come in the night', async () => {
  const off = { isForPeople: true, isConfigured: async () => false } as const;
  expect((await handOver(formatDelivery(LATER), '03:10', off)).answer).toMatchObject({ outcome: 'waiting' });
  expect((await handOver(formatDelivery(LATER), '07:10', off)).answer).toMatchObject({ outcome: 'off' });
});

test('what cannot be put back comes again, and is not told', async () => {
  const { answer, sent } = await handOver(formatDelivery(LATER), '03:10', undefined, {
    fails: new Error('no right'),
  });
  expect(answer).toBeInstanceOf(NotReady);
  expect(answer).toMatchObject({
    message: expect.stringContaining('was not put back'),
    retryAfterSeconds: 60,
  });
  expect(sent).toBe(0);
});

test.each([
  [2, 60],
  [100, 3 * 86_400 - 1],
])(
  'one that comes for the %i. time, after %i s, may have been put back before: it is hidden',
  async (attempt, waitedSeconds) => {
    const handed = { attempt, waitedSeconds };
    const { answer, back, sent } = await handOver(formatDelivery(LATER), '03:10', undefined, handed);
    expect(answer).toBeInstanceOf(NotReady);
    expect(answer).toMatchObject({ retryAfterSeconds: 13_800 });
    expect([back.length, sent]).toEqual([0, 0]);
  },
);

test('before SQS forgets a hidden one, it is put back', async () => {
  const handed = { attempt: 8, waitedSeconds: 3 * 86_400 };
  const { answer, back } = await handOver(formatDelivery(LATER), '03:10', undefined, handed);
  expect(answer).toMatchObject({ outcome: 'waiting' });
  expect(back).toHaveLength(1);
});

test('it is hidden for no longer than SQS takes', async () => {
  const body = formatDelivery(aNotice({ notBefore: toInstant(new Date('2026-11-23T07:00:00Z')) }));
  const { answer } = await handOver(body, '03:10', undefined, { attempt: 2, waitedSeconds: 900 });
  expect(answer).toMatchObject({ retryAfterSeconds: 11 * 3600 });
});
