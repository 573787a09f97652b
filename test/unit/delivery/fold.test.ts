import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeliveryPorts, deliver, type Settlement } from '../../../lib/delivery/deliver.ts';
import {
  type DigestSink,
  type FoldPorts,
  foldingBatch,
  MAX_IN_DIGEST,
  type TellInBatch,
} from '../../../lib/delivery/fold.ts';
import type { Outcome } from '../../../lib/delivery/sink.ts';
import type { Claim } from '../../../lib/delivery/state.ts';
import { NotReady } from '../../../lib/errors.ts';
import type { Notice } from '../../../lib/policy/notice.ts';
import { at } from '../../build/lineage.ts';
import { aMeasurement, aNotice } from '../../build/notice.ts';

const START_MS = Date.parse('2026-11-20T03:10:00Z');
const SENT: Outcome = { state: 'sent' };

/** A channel, its ledger and its windows in memory, and a clock that stands still until it is moved. */
function aChannel(outcome: () => Outcome = () => SENT) {
  const messages: {
    readonly keys: readonly string[];
    readonly marked: readonly string[];
    readonly mark?: string;
  }[] = [];
  const settled = new Map<string, Settlement>();
  const clock = { ms: START_MS };
  const windows = new Map<number, number>();
  const sink: DigestSink = {
    name: 'slack',
    isConfigured: async () => true,
    async send({ key }, { possibleRepeat }) {
      messages.push({ keys: [key], marked: possibleRepeat ? [key] : [] });
      return outcome();
    },
    async sendDigest(entries, mark) {
      const keys = (list: typeof entries) => list.map(({ notice }) => notice.key);
      messages.push({ keys: keys(entries), marked: keys(entries.filter((it) => it.possibleRepeat)), mark });
      return outcome();
    },
  };
  const ledger: DeliveryPorts = {
    async claim({ key }): Promise<Claim> {
      const past = settled.get(key);
      if (past?.state === 'SENT') return { state: 'sent-before' };
      return { state: 'claimed', token: 't', doubt: past?.state === 'UNSURE' ? 'open' : 'none' };
    },
    settle: async ({ key }, _sink, _token, as) => void settled.set(key, as),
  };
  const ports: FoldPorts = {
    rule: { after: 5, windowSeconds: 60 },
    now: () => new Date(clock.ms),
    async count(start, more, most) {
      const counted = windows.get(start.getTime()) ?? 0;
      if (counted + more > most) return undefined;
      windows.set(start.getTime(), counted + more);
      return counted + more;
    },
  };
  return { messages, settled, clock, windows, sink, ledger, ports };
}

type Channel = ReturnType<typeof aChannel>;

function notices(count: number, from = 0): readonly Notice[] {
  return Array.from({ length: count }, (_, n) => aNotice({ key: `open-${from + n}` }));
}

/** Tells a batch as the function does; returns for each what became of it, or when it should come back. */
function tellAll({ sink, ledger, ports }: Channel, batch: readonly Notice[], attempt = 1) {
  const tell: TellInBatch = foldingBatch(sink, ports);
  return Promise.all(
    batch.map((notice) =>
      tell(attempt, (shared) => deliver({ delivery: notice }, attempt, shared, ledger)).catch(
        (error: unknown) => (error instanceof NotReady ? error.retryAfterSeconds : String(error)),
      ),
    ),
  );
}

describe('as many as the window has room for are single', () => {
  test('five in one batch', async () => {
    const channel = aChannel();
    expect(await tellAll(channel, notices(5))).toEqual(Array(5).fill('sent'));
    expect(channel.messages.map(({ keys }) => keys.length)).toEqual([1, 1, 1, 1, 1]);
  });

  test('five in five batches, and then none until the window is over', async () => {
    const channel = aChannel();
    channel.clock.ms += 20_500;
    for (const notice of notices(5)) expect(await tellAll(channel, [notice])).toEqual(['sent']);
    expect(await tellAll(channel, notices(1, 5))).toEqual([40]);
    expect(channel.settled.get('open-5')?.state).toBe('RETRY');
    channel.clock.ms += 40_000;
    expect(await tellAll(channel, notices(1, 5), 2)).toEqual(['sent']);
    expect(channel.messages.map(({ keys }) => keys)).toEqual(notices(6).map(({ key }) => [key]));
  });
});

describe('more than that are one message', () => {
  test('which every one of them is settled with', async () => {
    const channel = aChannel();
    expect(await tellAll(channel, notices(6))).toEqual(Array(6).fill('sent'));
    expect(channel.messages).toEqual([
      { keys: notices(6).map(({ key }) => key), marked: [], mark: '2026-11-20T03:10:00.000Z/1' },
    ]);
    expect([...channel.settled.values()]).toEqual(
      Array(6).fill({ state: 'SENT', possibleRepeat: false, receipt: 'digest 2026-11-20T03:10:00.000Z/1' }),
    );
  });

  test('or several, when one cannot name them all', async () => {
    const channel = aChannel();
    await tellAll(channel, notices(2 * MAX_IN_DIGEST + 1));
    expect(channel.messages.map(({ keys }) => keys.length)).toEqual([MAX_IN_DIGEST, MAX_IN_DIGEST, 1]);
    expect(channel.messages.flatMap(({ keys }) => keys)).toEqual(
      notices(2 * MAX_IN_DIGEST + 1).map(({ key }) => key),
    );
  });

  test('never faster than one a second over the window', async () => {
    const channel = aChannel();
    channel.windows.set(START_MS, 60);
    channel.clock.ms += 59_000;
    expect(await tellAll(channel, notices(50), 7)).toEqual(Array(50).fill(1));
    expect(channel.messages).toEqual([]);
    channel.clock.ms += 1_000;
    expect(await tellAll(channel, notices(50), 8)).toEqual(Array(50).fill('sent'));
  });

  test('a few that came too late twice do not wait a third time', async () => {
    const channel = aChannel();
    channel.windows.set(START_MS, 5);
    expect(await tellAll(channel, notices(3), 2)).toEqual([60, 60, 60]);
    expect(await tellAll(channel, notices(3), 3)).toEqual(['sent', 'sent', 'sent']);
    expect(channel.messages.map(({ keys }) => keys.length)).toEqual([3]);
  });
});

describe('what has waited for its readers', () => {
  const gathered = (count: number) => notices(count).map((it) => ({ ...it, notBefore: at('03:00') }));

  test.each([2, 5, 50])('is one message at once: %i', async (count) => {
    const channel = aChannel();
    expect(await tellAll(channel, gathered(count))).toEqual(Array(count).fill('sent'));
    expect(channel.messages.map(({ keys }) => keys.length)).toEqual([count]);
  });

  test('alone is a message as any other', async () => {
    const channel = aChannel();
    await tellAll(channel, gathered(1));
    expect(channel.messages).toEqual([{ keys: ['open-0'], marked: [] }]);
  });

  test('stands apart from what comes meanwhile', async () => {
    const channel = aChannel();
    await tellAll(channel, [...gathered(3), ...notices(2, 3)]);
    expect(channel.messages.map(({ keys }) => keys).sort((a, b) => b.length - a.length)).toEqual([
      ['open-0', 'open-1', 'open-2'],
      ['open-3'],
      ['open-4'],
    ]);
  });

  test('folds by channel', async () => {
    const channel = aChannel();
    const sink: DigestSink = {
      ...channel.sink,
      channelOf: async ({ key }) => (key < 'open-2' ? 'one' : 'other'),
    };
    await tellAll({ ...channel, sink }, gathered(4));
    expect(channel.messages.map(({ keys }) => keys)).toEqual([
      ['open-0', 'open-1'],
      ['open-2', 'open-3'],
    ]);
  });

  test('does not break the limit of the window', async () => {
    const channel = aChannel();
    channel.windows.set(START_MS, 60);
    expect(await tellAll(channel, gathered(3))).toEqual([60, 60, 60]);
    expect(channel.messages).toEqual([]);
  });
});

describe('what the batch holds besides', () => {
  test('those that were told before take no room, and nobody waits for them', async () => {
    const channel = aChannel();
    for (const { key } of notices(10)) channel.settled.set(key, { state: 'SENT' });
    expect(await tellAll(channel, notices(15))).toEqual([
      ...Array(10).fill('sent-before'),
      ...Array(5).fill('sent'),
    ]);
    expect(channel.messages.map(({ keys }) => keys.length)).toEqual([1, 1, 1, 1, 1]);
  });

  test('only told before: nothing is counted', async () => {
    const channel = aChannel();
    for (const { key } of notices(10)) channel.settled.set(key, { state: 'SENT' });
    await tellAll(channel, notices(10));
    expect(channel.windows.size).toBe(0);
  });

  test('one whose claim fails does not stop the others', async () => {
    const channel = aChannel();
    const claim: DeliveryPorts['claim'] = (delivery, sink) =>
      delivery.key === 'open-3'
        ? Promise.reject(new Error('throttled'))
        : channel.ledger.claim(delivery, sink);
    const told = await tellAll({ ...channel, ledger: { ...channel.ledger, claim } }, notices(7));
    expect(told.map(String).sort()).toEqual(['Error: throttled', ...Array(6).fill('sent')]);
  });

  test('a measurement goes by itself to the sink, which refuses it', async () => {
    const channel = aChannel(() => ({ state: 'rejected', why: 'not for Slack' }));
    const tell = foldingBatch(channel.sink, channel.ports);
    const told = tell(1, (shared) => deliver({ delivery: aMeasurement() }, 1, shared, channel.ledger));
    await expect(told).rejects.toThrow('not for Slack');
    expect(channel.windows.size).toBe(0);
  });

  test('marks are those of the notices, not of the message', async () => {
    const channel = aChannel();
    channel.settled.set('open-2', { state: 'UNSURE' });
    await tellAll(channel, notices(6));
    expect(channel.messages.map(({ marked }) => marked)).toEqual([['open-2']]);
  });
});

describe('what becomes of the message becomes of all in it', () => {
  test.each<[Outcome, string, unknown]>([
    [{ state: 'refused', why: '429', retryAfterSeconds: 30 }, 'RETRY', 30],
    [{ state: 'unknown', why: 'no answer' }, 'UNSURE', 5],
    [
      { state: 'rejected', why: 'channel_is_archived' },
      'DEAD',
      'InvalidEvent: slack rejected it: channel_is_archived',
    ],
  ])('%o', async (outcome, state, told) => {
    const channel = aChannel(() => outcome);
    expect(await tellAll(channel, notices(8))).toEqual(Array(8).fill(told));
    expect([...channel.settled.values()].map((it) => it.state)).toEqual(Array(8).fill(state));
    expect(channel.messages).toHaveLength(1);
  });

  test('a sink that throws leaves a doubt, not a crash', async () => {
    const channel = aChannel(() => {
      throw new Error('a bug');
    });
    await tellAll(channel, notices(8));
    expect([...channel.settled.values()].map((it) => it.state)).toEqual(Array(8).fill('UNSURE'));
  });

  test('when the window cannot be counted, nothing is sent and nothing is in doubt', async () => {
    const channel = aChannel();
    const broken = {
      ...channel,
      ports: { ...channel.ports, count: () => Promise.reject(new Error('throttled')) },
    };
    await tellAll(broken, notices(3));
    await tellAll(broken, notices(8, 3));
    expect([...channel.settled.values()].map((it) => it.state)).toEqual(Array(11).fill('RETRY'));
    expect(channel.messages).toEqual([]);
  });
});

interface Arrival {
  readonly notice: Notice;
  readonly attempt: number;
  readonly atMs: number;
}

/** Tells what is due in one batch, as SQS would hand it over; returns what still comes, and what comes again. */
async function playNext(channel: Channel, coming: readonly Arrival[]): Promise<readonly Arrival[]> {
  channel.clock.ms = Math.min(...coming.map(({ atMs }) => atMs));
  const now = coming.filter(({ atMs }) => atMs <= channel.clock.ms).slice(0, 50);
  const attempt = Math.max(...now.map((it) => it.attempt));
  const told = await tellAll(
    channel,
    now.map(({ notice }) => notice),
    attempt,
  );
  const again = now.flatMap((it, n) => {
    const seconds = told[n];
    if (typeof seconds !== 'number') return [];
    return [{ ...it, attempt: it.attempt + 1, atMs: channel.clock.ms + seconds * 1000 }];
  });
  return [...coming.filter((it) => !now.includes(it)), ...again];
}

test('whatever arrives when, in whatever batches, is told once, and the windows hold', async () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 150 });
  await fc.assert(
    fc.asyncProperty(gaps, fc.integer({ min: 1, max: 50 }), async (afterMs, burst) => {
      const channel = aChannel();
      let atMs = START_MS;
      let coming: readonly Arrival[] = notices(afterMs.length).map((notice, n) => {
        if (n % burst === 0) atMs += afterMs[n] ?? 0;
        return { notice, attempt: 1, atMs };
      });
      while (coming.length > 0) coming = await playNext(channel, coming);
      const named = channel.messages.flatMap(({ keys }) => keys);
      expect(named.sort()).toEqual(
        notices(afterMs.length)
          .map(({ key }) => key)
          .sort(),
      );
      expect(Math.max(...channel.windows.values())).toBeLessThanOrEqual(60);
    }),
    { numRuns: 100 },
  );
});

test('ten thousand in batches of fifty are at most 250 messages, one a second, and name every image', async () => {
  const channel = aChannel();
  let coming = [...notices(10_000)];
  let attempt = 1;
  while (coming.length > 0) {
    const back: Notice[] = [];
    for (let from = 0; from < coming.length; from += 50) {
      const batch = coming.slice(from, from + 50);
      const told = await tellAll(channel, batch, attempt);
      back.push(...batch.filter((_, n) => told[n] !== 'sent'));
      channel.clock.ms += 300; // ingest makes 20 a second, two workers share them
    }
    coming = back;
    attempt += 1;
  }
  expect(channel.messages.length).toBeLessThanOrEqual(250);
  expect(new Set(channel.messages.flatMap(({ keys }) => keys)).size).toBe(10_000);
  expect(channel.clock.ms - START_MS).toBeLessThanOrEqual(600_000);
});
