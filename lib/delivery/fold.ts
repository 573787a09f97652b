import type { Notice } from '../policy/notice.ts';
import type { Outcome, SendContext, Sink } from './sink.ts';

/** As many notices as one message names: the batch of the queue is as large. */
export const MAX_IN_DIGEST = 50;

/** A few that come alone wait twice for others, and then go together, however few they are. */
const PATIENT_ATTEMPTS = 2;

/** One notice of many in a message. */
export interface DigestEntry extends SendContext {
  readonly notice: Notice;
}

/** A destination that can say many things in one message. `mark` tells this message from the others. */
export interface DigestSink extends Sink {
  /** Where a notice goes, when there are several places: what goes to one place folds, and is counted, by itself. */
  readonly channelOf?: (notice: Notice) => Promise<string>;
  sendDigest(entries: readonly DigestEntry[], mark: string): Promise<Outcome>;
}

/** When to fold. */
export interface FoldRule {
  /** As many messages in a window stay single. */
  readonly after: number;
  readonly windowSeconds: number;
}

/** What folding needs from outside: one count per channel and window. */
export interface FoldPorts {
  readonly rule: FoldRule;
  readonly now: () => Date;
  /**
   * Counts so many more messages in the window that began then, unless that would be more than `most`: then it
   * counts nothing and gives undefined, else the new count. `channel` is empty where there is only one.
   */
  readonly count: (
    windowStart: Date,
    messages: number,
    most: number,
    channel: string,
  ) => Promise<number | undefined>;
}

/** Tells one message of a batch: `tell` gets the sink that is shared with the rest of the batch. */
export type TellInBatch = <T>(attempt: number, tell: (sink: Sink) => Promise<T>) => Promise<T>;

interface Waiting extends DigestEntry {
  readonly attempt: number;
  readonly done: (outcome: Outcome) => void;
}

/**
 * A sink for one batch. Its sends wait for each other; what is claimed then is known, and goes out as single
 * messages while the window has room for them, or else as one. What has waited for its readers comes as one at once:
 * after a quiet night they have a message, not five. Each delivery is claimed before and settled after by
 * the loop that does it for every sink, with the outcome of the message that named it: so folding loses nothing
 * and repeats nothing that a single message would not. Nothing is kept from one batch to the next.
 */
export function foldingBatch(sink: DigestSink, ports: FoldPorts): TellInBatch {
  const waiting: Waiting[] = [];
  let inside = 0;
  function sendWhenAllWait(): void {
    if (waiting.length === 0 || waiting.length < inside) return;
    void sendByChannel(waiting.splice(0), sink, ports);
  }
  return async (attempt, tell) => {
    inside += 1;
    const shared: Sink['send'] = (delivery, context) =>
      delivery.kind === 'notice'
        ? new Promise((done) => {
            waiting.push({ notice: delivery, ...context, attempt, done });
            sendWhenAllWait();
          })
        : sink.send(delivery, context);
    try {
      return await tell({ ...sink, send: shared });
    } finally {
      inside -= 1;
      sendWhenAllWait();
    }
  };
}

/** Never throws: each of the waiting gets an outcome. */
async function sendByChannel(all: readonly Waiting[], sink: DigestSink, ports: FoldPorts): Promise<void> {
  const channels = new Map<string, Waiting[]>();
  for (const each of all) {
    const channel = (await sink.channelOf?.(each.notice).catch(() => '')) ?? '';
    channels.set(channel, [...(channels.get(channel) ?? []), each]);
  }
  await Promise.all([...channels].map(([channel, some]) => sendAll(some, channel, sink, ports)));
}

async function sendAll(
  all: readonly Waiting[],
  channel: string,
  sink: DigestSink,
  ports: FoldPorts,
): Promise<void> {
  const gathered = all.filter(({ notice }) => notice.notBefore !== undefined);
  if (gathered.length < 2) return sendOrFold(all, channel, sink, ports);
  const others = all.filter((it) => !gathered.includes(it));
  const places = [channel, sink, ports] as const;
  await Promise.all([fold(gathered, ...places), others.length > 0 && sendOrFold(others, ...places)]);
}

async function sendOrFold(
  all: readonly Waiting[],
  channel: string,
  sink: DigestSink,
  ports: FoldPorts,
): Promise<void> {
  const { after } = ports.rule;
  const { start, later } = windowOf(ports);
  const isFew = all.length <= after;
  try {
    if (isFew && (await ports.count(start, all.length, after, channel)) !== undefined)
      return sendSingly(all, sink);
    if (isFew && all.every(({ attempt }) => attempt <= PATIENT_ATTEMPTS)) return answer(all, later);
  } catch {
    return answer(all, UNCOUNTED);
  }
  await fold(all, channel, sink, ports);
}

/** The window that is now, and what is said to what has no room in it. */
function windowOf({ rule: { after, windowSeconds }, now }: FoldPorts) {
  const windowMs = windowSeconds * 1000;
  const nowMs = now().getTime();
  const start = new Date(nowMs - (nowMs % windowMs));
  return { start, later: heldBack(after, (start.getTime() + windowMs - nowMs) / 1000) };
}

async function fold(
  all: readonly Waiting[],
  channel: string,
  sink: DigestSink,
  ports: FoldPorts,
): Promise<void> {
  const { after, windowSeconds } = ports.rule;
  const { start, later } = windowOf(ports);
  for (const entries of chunks(all)) {
    // No more than one message a second, over the window: https://docs.slack.dev/apis/web-api/rate-limits
    const most = Math.max(windowSeconds, after);
    const nth = await ports.count(start, 1, most, channel).catch(() => undefined);
    answer(
      entries,
      nth === undefined ? later : await sendFolded(entries, `${start.toISOString()}/${nth}`, sink),
    );
  }
}

function sendSingly(all: readonly Waiting[], sink: Sink): void {
  for (const { notice, possibleRepeat, done } of all) {
    sink.send(notice, { possibleRepeat }).then(done, () => done(UNKNOWN));
  }
}

async function sendFolded(entries: readonly Waiting[], mark: string, sink: DigestSink): Promise<Outcome> {
  const [only] = entries;
  if (entries.length === 1 && only) return sink.send(only.notice, only).catch(() => UNKNOWN);
  const outcome = await sink.sendDigest(entries, mark).catch(() => UNKNOWN);
  return outcome.state === 'sent' ? { receipt: `digest ${mark}`, ...outcome } : outcome;
}

function answer(all: readonly Waiting[], outcome: Outcome): void {
  for (const { done } of all) done(outcome);
}

function chunks<T>(all: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / MAX_IN_DIGEST);
  return Array.from({ length: count }, (_, n) => all.slice(n * MAX_IN_DIGEST, (n + 1) * MAX_IN_DIGEST));
}

function heldBack(after: number, retryAfterSeconds: number): Outcome {
  const why = `held back until the window ends: more than ${after} messages in it`;
  return { state: 'refused', why, retryAfterSeconds };
}

const UNCOUNTED: Outcome = { state: 'refused', why: 'the messages of this window could not be counted' };
const UNKNOWN: Outcome = { state: 'unknown', why: 'the sink failed on the way' };
