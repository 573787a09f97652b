import type { Delivery, QueuedSink } from '../../../lib/delivery/delivery.ts';
import { type AfterLostReply, repeatRule } from '../../../lib/delivery/repeat-rule.ts';
import type { Looked, Outcome } from '../../../lib/delivery/sink.ts';
import { formatDelivery } from '../../../lib/delivery/wire.ts';
import type { Table } from '../../../lib/store/table.ts';
import { aMeasurement, aNotice } from '../../build/notice.ts';
import type { Item } from '../../doubles/dynamodb.ts';
import { type Command, memoryTable, type Reply, stepOf } from './memory-table.ts';
import { memoryQueue } from './queue.ts';

/** What a destination does with a try. `lost` has arrived and nobody knows, `vanished` has not and nobody knows. */
export const REPLIES = ['ok', 'lost', 'vanished', 'rate-limited', 'down', 'rejected'] as const;
export type ReplyKind = (typeof REPLIES)[number];

/** One kind of destination under one configuration. */
export interface SinkKind {
  readonly name: string;
  readonly sink: QueuedSink;
  readonly delivery: Delivery;
  readonly afterLostReply: AfterLostReply;
  /** Whether a person who finds a hold looks at the destination first, or sends everything back. */
  readonly isPersonCareful: boolean;
  /** It can be asked what it has. */
  readonly canBeAsked?: true;
}

const notice = aNotice();
const common = { delivery: notice, afterLostReply: 'resend', isPersonCareful: true } as const;

/** What folds, what overwrites, what is marked, and what is held, with both kinds of people. */
export const SINK_KINDS: readonly SinkKind[] = [
  { ...common, name: 'Datadog gauges', sink: 'datadog', delivery: aMeasurement() },
  { ...common, name: 'Datadog event', sink: 'datadog' },
  { ...common, name: 'Slack webhook, resend', sink: 'slack' },
  { ...common, name: 'SNS, hold', sink: 'sns', afterLostReply: 'hold' },
  {
    ...common,
    name: 'Slack webhook, hold, careless',
    sink: 'slack',
    afterLostReply: 'hold',
    isPersonCareful: false,
  },
];

/** What can be asked for what arrived: whatever the rule says, nothing comes twice and nothing waits for a person. */
export const ASKABLE_KINDS: readonly SinkKind[] = [
  { ...common, name: 'Slack bot, resend', sink: 'slack', canBeAsked: true },
  { ...common, name: 'Slack bot, hold', sink: 'slack', afterLostReply: 'hold', canBeAsked: true },
];

/** One invocation of a function. */
export interface Run {
  isDead: boolean;
  /** Set when nobody can know how its try ended: it died, or an answer did not come. */
  isInDoubt: boolean;
  token?: string;
}

interface Arrival {
  readonly run: Run;
  readonly isMarked: boolean;
  /** An earlier try was in doubt. */
  readonly hasReason: boolean;
}

const OUTCOMES: Readonly<Record<ReplyKind, Outcome>> = {
  ok: { state: 'sent', receipt: '1' },
  lost: { state: 'unknown', why: 'timeout' },
  vanished: { state: 'unknown', why: 'reset' },
  'rate-limited': { state: 'refused', why: '429', retryAfterSeconds: 30 },
  down: { state: 'refused', why: '503' },
  rejected: { state: 'rejected', why: '404' },
};

/** Everything outside of the workers, and what is found wrong while they work. */
export function aWorld(kind: SinkKind, nextReply: () => ReplyKind, nowMs: () => number) {
  const table = memoryTable();
  const queue = memoryQueue();
  const arrivals: Arrival[] = [];
  const wrong: string[] = [];
  const runs: Run[] = [];
  const holders = new Set<Run>();
  const body = formatDelivery(kind.delivery);

  function noteClaim(run: Run, token: string): void {
    run.token = token;
    if (run.isDead) return;
    for (const other of holders)
      if (other !== run && !other.isDead) wrong.push('two workers hold it at once');
    holders.add(run);
  }

  function noteSettlement(run: Run, past: Item | undefined): void {
    if (past?.state !== 'SENDING' || past.token !== run.token) wrong.push('settled what it did not hold');
    holders.delete(run);
  }

  function isClaimedBy(run: Run): boolean {
    const [item] = table.items.values();
    return item?.state === 'SENDING' && item.token === run.token;
  }

  return {
    kind,
    queue,
    arrivals,
    wrong,
    nowMs,
    body,

    startRun(): Run {
      const run: Run = { isDead: false, isInDoubt: false };
      runs.push(run);
      return run;
    },

    /** A request to the table takes effect. */
    request(run: Run, command: Command): Reply {
      const [past] = table.items.values();
      const reply = table.apply(command);
      const step = stepOf(command);
      if (step.kind === 'claim') noteClaim(run, step.token);
      if (step.kind === 'settlement') noteSettlement(run, past);
      return reply;
    },

    /** A message reaches the destination, or not. */
    arrive(run: Run, isMarked: boolean): Outcome {
      const reply = nextReply();
      if (!isClaimedBy(run)) wrong.push('sent without a claim');
      const hasReason = runs.some((it) => it !== run && it.isInDoubt);
      if (reply === 'ok' || reply === 'lost') arrivals.push({ run, isMarked, hasReason });
      if (reply === 'lost' || reply === 'vanished') run.isInDoubt = true;
      return askable(OUTCOMES[reply], kind.canBeAsked);
    },

    /** A worker asks the destination what it has. */
    look: (): Looked => (arrivals.length > 0 ? { state: 'there', receipt: '1' } : { state: 'absent' }),

    /** Its run is over, or ended by force. */
    end(run: Run, isByForce: boolean): void {
      if (isByForce) run.isInDoubt = true;
      run.isDead = true;
      holders.delete(run);
    },

    /** A person empties the dead letters: holds of what arrived are deleted, the rest is sent back. */
    redrive(): boolean {
      const letters = queue.deadLetters.splice(0);
      for (const letter of letters) {
        const isHold = 'release' in JSON.parse(letter.body);
        if (!isHold || !kind.isPersonCareful || arrivals.length === 0) queue.send(letter.body, nowMs());
      }
      return letters.length > 0;
    },

    state: () => [...table.items.values()][0]?.state,
  };
}

export type World = ReturnType<typeof aWorld>;

/** A change of the code under test, as a wrapper around its table. */
export type Plant = (table: Table) => Table;

/** What is wrong once everything has come to rest; nothing when the promise was kept. */
export function judge({ kind, arrivals, wrong, queue, state }: World): readonly string[] {
  const rule = repeatRule(kind.sink, kind.delivery.kind, kind.afterLostReply);
  const isHeld = rule === 'hold' && kind.isPersonCareful;
  const isAtRest = queue.messages.size === 0 && queue.deadLetters.length === 0;
  const isSettled = state() === 'SENT' || (isHeld && state() === 'HELD');
  const unexplained = arrivals.slice(0, -1).filter(({ run }) => !run.isInDoubt);
  const found = [
    [!isAtRest, 'it never came to rest'],
    [arrivals.length === 0, 'lost'],
    [!isSettled, `ends as ${state()}`],
    [isHeld && arrivals.length > 1, 'repeated in spite of the hold'],
    [unexplained.length > 0, 'repeated without a lost reply'],
  ] as const;
  return [
    ...wrong,
    ...found.flatMap(([isSo, words]) => (isSo ? [words] : [])),
    ...(kind.canBeAsked ? repeatsInSpite(arrivals) : []),
    ...(rule === 'mark' || rule === 'hold' ? marksOf(arrivals) : []),
  ];
}

function repeatsInSpite(arrivals: readonly Arrival[]): readonly string[] {
  return [
    ...(arrivals.length > 1 ? ['repeated in spite of the look'] : []),
    ...(arrivals.some(({ isMarked }) => isMarked) ? ['marked in spite of the look'] : []),
  ];
}

function askable(outcome: Outcome, canBeAsked = false): Outcome {
  return outcome.state === 'unknown' && canBeAsked ? { ...outcome, isAskable: true } : outcome;
}

function marksOf(arrivals: readonly Arrival[]): readonly string[] {
  return arrivals.flatMap(({ isMarked, hasReason }, index) => {
    if (index > 0 && !isMarked) return ['a repeat without a mark'];
    return isMarked && !hasReason ? ['a mark without a reason'] : [];
  });
}
