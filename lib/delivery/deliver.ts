import { InvalidEvent, NotReady } from '../errors.ts';
import type { Delivery, SinkName } from './delivery.ts';
import type { Outcome, Sink } from './sink.ts';
import { type Claim, type DeliveryState, LEASE_SECONDS, settledState } from './state.ts';

/** The ledger, as the loop needs it. */
export interface DeliveryPorts {
  readonly claim: (delivery: Delivery, sink: SinkName) => Promise<Claim>;
  readonly settle: (delivery: Delivery, sink: SinkName, token: string, as: Settlement) => Promise<void>;
}

/** How a try ended. */
export interface Settlement {
  readonly state: DeliveryState;
  /** True when an earlier try may have arrived: the ledger must not forget it, whatever this one gave. */
  readonly possibleRepeat?: boolean;
  readonly receipt?: string;
  readonly why?: string;
}

/** What became of a delivery, in one word for the log. */
export type Delivered = 'sent' | 'sent-before' | 'off' | 'outdated' | 'rejected';

/**
 * Tells one sink one thing, once: claims the delivery in the ledger, tries, writes down the outcome.
 * `attempt` is how often the queue has handed it over, from 1. Throws NotReady when it should come back, and
 * InvalidEvent when the sink will never take it.
 */
export async function deliver(
  delivery: Delivery,
  attempt: number,
  sink: Sink,
  ports: DeliveryPorts,
): Promise<Delivered> {
  if (!(await sink.isConfigured())) return 'off';
  const claim = await ports.claim(delivery, sink.name);
  if (claim.state === 'sent-before') return claim.state;
  if (claim.state === 'held') throw new NotReady('another worker holds this delivery', LEASE_SECONDS);
  const { token, possibleRepeat } = claim;
  const outcome = await sink.send(delivery, { possibleRepeat });
  await ports.settle(delivery, sink.name, token, {
    state: settledState(outcome, possibleRepeat),
    possibleRepeat,
    ...('receipt' in outcome && { receipt: outcome.receipt }),
    ...('why' in outcome && { why: outcome.why }),
  });
  if (outcome.state === 'sent') return 'sent';
  if (outcome.state === 'rejected') throw new InvalidEvent(`${sink.name} rejected it: ${outcome.why}`);
  throw new NotReady(`${sink.name} ${outcome.state}: ${outcome.why}`, pauseSeconds(outcome, attempt));
}

/** As long as the sink asks, or else doubling from five seconds; never more than fifteen minutes. */
export function pauseSeconds(outcome: Outcome, attempt: number): number {
  const asked = outcome.state === 'refused' ? outcome.retryAfterSeconds : undefined;
  return Math.min(900, Math.max(1, Math.ceil(asked ?? 5 * 2 ** Math.min(attempt - 1, 10))));
}
