import type { Outcome } from './sink.ts';

/**
 * The life of one delivery (one notice to one sink), one ledger item:
 *
 *     (none) ─claim─► SENDING ─sent─────► SENT
 *                        ├─────refused──► RETRY  ─claim─► SENDING
 *                        ├─────unknown──► UNSURE ─claim─► SENDING, marked as a possible repeat
 *                        └─────rejected─► DEAD  ─claim─► SENDING, when a person redrives the dead letter
 *
 * A SENDING whose lease ran out is as good as UNSURE: its worker may have sent before it died.
 */
export type DeliveryState = 'SENDING' | 'SENT' | 'RETRY' | 'UNSURE' | 'DEAD';

/** Longer than a function may run (30 s), so that nobody can still be sending when the lease is over. */
export const LEASE_SECONDS = 35;

/** What the ledger keeps of a delivery. */
export interface LedgerItem {
  readonly state: DeliveryState;
  /** Epoch milliseconds until which the claim holds. */
  readonly leaseUntilMs: number;
  /** True once the outcome of any try was unknown; it never becomes false again. */
  readonly unsure: boolean;
}

/** What a worker finds when it wants to send. */
export type Claim =
  | { readonly state: 'claimed'; readonly token: string; readonly possibleRepeat: boolean }
  | { readonly state: 'sent-before' }
  | { readonly state: 'held' };

/** True when an earlier try may have arrived. Doubt stays, whatever the tries after it say. */
export function isPossibleRepeat(past: LedgerItem | undefined): boolean {
  return past !== undefined && (past.unsure || past.state === 'SENDING');
}

/** The state after a try. */
export function settledState(outcome: Outcome, possibleRepeat: boolean): DeliveryState {
  switch (outcome.state) {
    case 'sent':
      return 'SENT';
    case 'rejected':
      return 'DEAD';
    case 'unknown':
      return 'UNSURE';
    case 'refused':
      return possibleRepeat ? 'UNSURE' : 'RETRY';
  }
}
