import type { RepeatRule } from './repeat-rule.ts';
import type { Outcome } from './sink.ts';

/**
 * The life of one delivery (one notice to one sink), one ledger item:
 *
 *     (none) ─claim─► SENDING ─sent─────► SENT
 *                        ├─────refused──► RETRY  ─claim─► SENDING
 *                        ├─────unknown──► UNSURE ─claim─► SENDING, as a look there or the sink's repeat rule says
 *                        │           └──► HELD   ─claim─► SENDING, when a person sends the dead letter back
 *                        └─────rejected─► DEAD   ─claim─► SENDING, when a person sends the dead letter back
 *
 * A SENDING whose lease ran out is as good as UNSURE: its worker may have sent before it died.
 */
export type DeliveryState = 'SENDING' | 'SENT' | 'RETRY' | 'UNSURE' | 'HELD' | 'DEAD';

/** Longer than a function may run (30 s), so that nobody can still be sending when the lease is over. */
export const LEASE_SECONDS = 35;

/** What the ledger keeps of a delivery. */
export interface LedgerItem {
  readonly state: DeliveryState;
  /** Epoch milliseconds until which the claim holds. */
  readonly leaseUntilMs: number;
  /** The last claim: only who made it may settle. A hold is released by naming it. */
  readonly token: string;
  /** True once the outcome of any try was unknown; it never becomes false again. */
  readonly unsure: boolean;
  /** When the first try was claimed, epoch milliseconds; absent in items of earlier releases. */
  readonly firstTryMs?: number;
}

/**
 * Whether an earlier try may have arrived: `open`, it may; `accepted`, it may, and a person who knows that said to
 * send all the same.
 */
export type Doubt = 'none' | 'open' | 'accepted';

/** What a worker finds when it wants to send. */
export type Claim =
  /** `firstTryMs`: since when earlier tries may have arrived; absent where nobody knows. */
  | { readonly state: 'claimed'; readonly token: string; readonly doubt: Doubt; readonly firstTryMs?: number }
  | { readonly state: 'sent-before' }
  /** Another worker is at it. */
  | { readonly state: 'busy' }
  /** It waits for a person; a message that names `release` sets it free. */
  | { readonly state: 'on-hold'; readonly release: string };

/** The ledger's condition for a claim at `nowMs`; `release` is the hold that the message was told to end. */
export function mayClaim(past: LedgerItem | undefined, nowMs: number, release?: string): boolean {
  switch (past?.state) {
    case 'SENT':
      return false;
    case 'SENDING':
      return past.leaseUntilMs < nowMs;
    case 'HELD':
      return past.token === release;
    default:
      return true;
  }
}

/** The ledger's condition for a settlement (fencing): nobody has claimed the delivery since. */
export function maySettle(item: LedgerItem | undefined, token: string): boolean {
  return item?.state === 'SENDING' && item.token === token;
}

/** What a claim of this item leaves in doubt. Doubt stays, whatever the tries after it say. */
export function doubtOf(past: LedgerItem | undefined, release?: string): Doubt {
  if (past === undefined) return 'none';
  if (past.state === 'SENDING') return 'open';
  if (!past.unsure) return 'none';
  // After an accepted doubt a refusal is RETRY: who was asked once is not asked again.
  return past.state === 'RETRY' || past.token === release ? 'accepted' : 'open';
}

/** What a worker finds where it may not claim. */
export function whyNot(item: LedgerItem | undefined): Claim {
  if (item?.state === 'SENT') return { state: 'sent-before' };
  if (item?.state === 'HELD') return { state: 'on-hold', release: item.token };
  return { state: 'busy' };
}

/** The state after a try. */
export function settledState(outcome: Outcome, doubt: Doubt, rule: RepeatRule): DeliveryState {
  switch (outcome.state) {
    case 'sent':
      return 'SENT';
    case 'rejected':
      return 'DEAD';
    case 'unknown':
      return rule === 'hold' && !outcome.isAskable ? 'HELD' : 'UNSURE';
    case 'refused':
      return doubt === 'open' ? 'UNSURE' : 'RETRY';
  }
}
