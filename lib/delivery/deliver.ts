import { InvalidEvent, NotReady } from '../errors.ts';
import type { Delivery, SinkName } from './delivery.ts';
import { type OffPorts, whenOff } from './off.ts';
import { type AfterLostReply, type RepeatRule, repeatRule } from './repeat-rule.ts';
import type { Looked, Outcome, Sink } from './sink.ts';
import { type Claim, type DeliveryState, type Doubt, LEASE_SECONDS, settledState } from './state.ts';
import { formatDelivery, type Order } from './wire.ts';

/** The ledger, as the loop needs it. */
export interface DeliveryPorts extends OffPorts {
  readonly claim: (delivery: Delivery, sink: SinkName, release?: string) => Promise<Claim>;
  readonly settle: (delivery: Delivery, sink: SinkName, token: string, as: Settlement) => Promise<void>;
  /** For destinations that cannot fold a repeat; `resend` when it is not said. */
  readonly afterLostReply?: AfterLostReply;
}

/** How a try ended. */
export interface Settlement {
  readonly state: DeliveryState;
  /** True when an earlier try may have arrived: the ledger must not forget it, whatever this one gave. */
  readonly possibleRepeat?: boolean;
  readonly receipt?: string;
  readonly why?: string;
}

/**
 * What became of a delivery, in one word for the log; `repeated` is sent, and marked as a possible repeat, `found` was
 * sent by an earlier try that did not hear of it.
 */
export type Delivered = 'sent' | 'repeated' | 'found' | 'sent-before' | 'off' | 'outdated' | 'rejected';

/** An order for the ledger, and for how long the queue has been handing it over. */
type Waiting = Omit<Order, 'delivery'> & { readonly delivery: Delivery; readonly waitedSeconds?: number };

/**
 * Tells one sink one thing, once: claims the delivery in the ledger, tries, writes down the outcome.
 * `attempt` is how often the queue has handed it over, from 1, and `waitedSeconds` for how long. Throws NotReady when it should come back, and
 * InvalidEvent when it is for a person: the sink will never take it, or may have it already and a hold is wanted.
 */
export async function deliver(
  { delivery, release, waitedSeconds = 0 }: Waiting,
  attempt: number,
  sink: Sink,
  ports: DeliveryPorts,
): Promise<Delivered> {
  if (!(await sink.isConfigured())) return whenOff(delivery, waitedSeconds, sink, ports);
  const claim = await ports.claim(delivery, sink.name, release);
  if (claim.state === 'sent-before') return claim.state;
  if (claim.state === 'busy') throw new NotReady('another worker holds this delivery', LEASE_SECONDS);
  if (claim.state === 'on-hold') throw onHold(sink, 'it waits for a person', delivery, claim.release);
  return tryClaimed({ ...claim, delivery, attempt }, sink, ports);
}

interface Try {
  readonly delivery: Delivery;
  readonly token: string;
  readonly doubt: Doubt;
  readonly firstTryMs?: number;
  readonly attempt: number;
}

async function tryClaimed(
  { delivery, token, doubt: before, firstTryMs, attempt }: Try,
  sink: Sink,
  ports: DeliveryPorts,
): Promise<Delivered> {
  const rule = repeatRule(sink.name, delivery.kind, ports.afterLostReply);
  const looked = before === 'none' ? undefined : await lookFor(delivery, firstTryMs, sink);
  const doubt = looked?.state === 'absent' ? 'none' : before;
  const outcome = answerOf(looked) ?? (await sendOnce(delivery, doubt, rule, sink));
  const state = settledState(outcome, doubt, rule);
  await ports.settle(delivery, sink.name, token, {
    state,
    possibleRepeat: doubt !== 'none',
    ...('receipt' in outcome && { receipt: outcome.receipt }),
    ...('why' in outcome && { why: outcome.why }),
  });
  if (outcome.state !== 'sent') throw notSent(outcome, { delivery, token, attempt }, state, rule, sink);
  if (looked?.state === 'there') return 'found';
  return isMarked(rule, doubt) ? 'repeated' : 'sent';
}

/** What says that a try did not work: whether it comes back, or waits for a person. */
function notSent(
  outcome: Exclude<Outcome, { readonly state: 'sent' }>,
  { delivery, token, attempt }: Pick<Try, 'delivery' | 'token' | 'attempt'>,
  state: DeliveryState,
  rule: RepeatRule,
  sink: Sink,
): InvalidEvent | NotReady {
  if (state === 'HELD') return onHold(sink, outcome.why, delivery, token);
  if (outcome.state === 'rejected') {
    // Under a hold, sending it back has to say that the doubt about earlier tries is accepted.
    const deadLetter = rule === 'hold' ? formatDelivery(delivery, token, sink.name) : undefined;
    return new InvalidEvent(`${sink.name} rejected it: ${outcome.why}`, deadLetter);
  }
  return new NotReady(`${sink.name} ${outcome.state}: ${outcome.why}`, pauseSeconds(outcome, attempt));
}

/** Without the time of the first try nobody knows how far back to look: then it stays unclear. */
async function lookFor(
  delivery: Delivery,
  firstTryMs: number | undefined,
  sink: Sink,
): Promise<Looked | undefined> {
  return firstTryMs === undefined ? undefined : sink.look?.(delivery, firstTryMs);
}

/** What a look alone settles; undefined when something is left to be sent. */
function answerOf(looked: Looked | undefined): Outcome | undefined {
  if (looked?.state === 'there') return { state: 'sent', receipt: looked.receipt };
  return looked?.state === 'later' ? { ...looked, state: 'refused' } : undefined;
}

/** Sends, unless that could repeat what arrived and a person should decide. */
async function sendOnce(delivery: Delivery, doubt: Doubt, rule: RepeatRule, sink: Sink): Promise<Outcome> {
  if (rule === 'hold' && doubt === 'open') {
    return { state: 'unknown', why: 'an earlier try ended without an answer' };
  }
  return sink.send(delivery, { possibleRepeat: doubt !== 'none' });
}

function isMarked(rule: RepeatRule, doubt: Doubt): boolean {
  return doubt !== 'none' && (rule === 'mark' || rule === 'hold');
}

/** Its dead letter names the hold: to send that back is to say that it shall be sent all the same. */
function onHold({ name }: Sink, why: string, delivery: Delivery, release: string): InvalidEvent {
  const advice = `on hold, ${name} may have it: look there, then delete this or send it back`;
  return new InvalidEvent(`${advice} (${why})`, formatDelivery(delivery, release, name));
}

/** Tries before a sink that asks for short pauses is asked less often. */
const EAGER_TRIES = 80;

/**
 * As long as the sink asks, or else doubling from five seconds; never more than fifteen minutes. In a burst a
 * message may be refused many times though the sink works, a second at a time: then it slows down by itself, or it
 * would use up its receives and end in the dead letters.
 */
export function pauseSeconds(outcome: Outcome, attempt: number): number {
  const asked = outcome.state === 'refused' ? outcome.retryAfterSeconds : undefined;
  const wished = Math.ceil(asked ?? 5 * 2 ** Math.min(attempt - 1, 10));
  return Math.min(900, Math.max(1, wished, attempt - EAGER_TRIES));
}
