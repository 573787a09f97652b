import { expect, test } from 'vitest';
import { deliver } from '../../../lib/delivery/deliver.ts';
import type { AfterLostReply } from '../../../lib/delivery/repeat-rule.ts';
import type { Looked, Outcome } from '../../../lib/delivery/sink.ts';
import type { Doubt } from '../../../lib/delivery/state.ts';
import { InvalidEvent, NotReady } from '../../../lib/errors.ts';
import { aNotice } from '../../build/notice.ts';
import { memoryClaims, memorySink } from '../../doubles/memory-sink.ts';

const notice = aNotice();
const FIRST_MS = Date.parse('2026-11-20T03:00:00Z');
const SENT: Outcome = { state: 'sent', receipt: 'new' };
const ASKABLE: Outcome = { state: 'unknown', why: 'timeout', isAskable: true };
const UNCLEAR: Looked = { state: 'unclear', why: 'missing_scope' };

/** One try at a sink that can be asked: what became of it, what was sent and settled, and since when was looked. */
async function oneTry(
  looked: Looked,
  {
    doubt = 'open' as Doubt,
    outcome = SENT,
    afterLostReply = 'resend' as AfterLostReply,
    firstTryMs = FIRST_MS,
  } = {},
) {
  const lookedSince: number[] = [];
  const { sink, received } = memorySink(outcome);
  const asked = {
    ...sink,
    look: async (_: unknown, sinceMs: number) => {
      lookedSince.push(sinceMs);
      return looked;
    },
  };
  const claim = { state: 'claimed', token: 't', doubt, ...(firstTryMs > 0 && { firstTryMs }) } as const;
  const { ports, settled } = memoryClaims(claim, afterLostReply);
  const result: unknown = await deliver({ delivery: notice }, 2, asked, ports).catch((it: unknown) => it);
  const marks = received.map(({ context }) => context.possibleRepeat);
  return { result, marks, settled: settled.map(({ as }) => as), lookedSince };
}

test('without a doubt nobody looks', async () => {
  const { result, lookedSince } = await oneTry({ state: 'absent' }, { doubt: 'none' });
  expect([result, lookedSince]).toEqual(['sent', []]);
});

test.each(['open', 'accepted'] as const)(
  'doubt %s, there: settled with its receipt, not sent',
  async (doubt) => {
    const { result, marks, settled, lookedSince } = await oneTry(
      { state: 'there', receipt: 'old' },
      { doubt },
    );
    expect([result, marks, lookedSince]).toEqual(['found', [], [FIRST_MS]]);
    expect(settled).toMatchObject([{ state: 'SENT', receipt: 'old' }]);
  },
);

test.each(['resend', 'hold'] as const)(
  'not there, %s: sent as if for the first time',
  async (afterLostReply) => {
    const { result, marks, settled } = await oneTry({ state: 'absent' }, { afterLostReply });
    expect([result, marks]).toEqual(['sent', [false]]);
    expect(settled).toEqual([{ state: 'SENT', possibleRepeat: false, receipt: 'new' }]);
  },
);

test('not there, and no answer again: in doubt again, and looked for again, also under a hold', async () => {
  const { settled, result } = await oneTry({ state: 'absent' }, { outcome: ASKABLE, afterLostReply: 'hold' });
  expect(settled).toMatchObject([{ state: 'UNSURE' }]);
  expect(result).toBeInstanceOf(NotReady);
});

test('unclear: sent again with the mark, or held', async () => {
  expect(await oneTry(UNCLEAR)).toMatchObject({ result: 'repeated', marks: [true] });
  const held = await oneTry(UNCLEAR, { afterLostReply: 'hold' });
  expect(held).toMatchObject({ marks: [], settled: [{ state: 'HELD' }] });
  expect(held.result).toBeInstanceOf(InvalidEvent);
});

test('an item of an earlier release does not say since when: as unclear', async () => {
  const { result, marks, lookedSince } = await oneTry({ state: 'absent' }, { firstTryMs: 0 });
  expect([result, marks, lookedSince]).toEqual(['repeated', [true], []]);
});

test('later: comes back as it was, when the destination says', async () => {
  const later = { state: 'later', why: 'ratelimited', retryAfterSeconds: 30 } as const;
  const { result, marks, settled } = await oneTry(later);
  expect(marks).toEqual([]);
  expect(settled).toMatchObject([{ state: 'UNSURE', possibleRepeat: true }]);
  expect((result as NotReady).retryAfterSeconds).toBe(30);
});
