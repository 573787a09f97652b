import type { Delivery, SinkMessage, SinkName } from './delivery.ts';

/**
 * What became of one try.
 * - `sent`: the destination has it; `receipt` is its id there, when it gives one.
 * - `refused`: it surely has it not, and may take it later (429, 5xx, no connection).
 * - `unknown`: it may have it: the reply never came.
 * - `rejected`: it will never take it (bad payload, no such channel, wrong key).
 */
export type Outcome =
  | { readonly state: 'sent'; readonly receipt?: string }
  | { readonly state: 'refused'; readonly why: string; readonly retryAfterSeconds?: number }
  /** `isAskable`: whoever tries again can look whether it arrived. */
  | { readonly state: 'unknown'; readonly why: string; readonly isAskable?: true }
  | { readonly state: 'rejected'; readonly why: string };

export interface SendContext {
  /** An earlier try may have arrived: say so where the destination cannot fold repeats. */
  readonly possibleRepeat: boolean;
}

/**
 * What a look for an earlier try at the destination gave.
 * - `there`: it arrived, `receipt` is its id there.
 * - `absent`: it surely did not.
 * - `unclear`: the destination does not say, now or later.
 * - `later`: it may say later (429, no connection).
 */
export type Looked =
  | { readonly state: 'there'; readonly receipt: string }
  | { readonly state: 'absent' }
  | { readonly state: 'unclear'; readonly why: string }
  | { readonly state: 'later'; readonly why: string; readonly retryAfterSeconds?: number };

/** A destination. One try per call: the queue does the retrying. Never throws for what the destination does. */
export interface Sink {
  readonly name: SinkName;
  /** The parameter that switches it on; absent where nothing can be put in while the service runs. */
  readonly needs?: string;
  /** People read it: what the policy lets wait for them waits here, and nowhere else. */
  readonly isForPeople?: true;
  /** False while its secret or topic is not configured: the sink is off. */
  isConfigured(): Promise<boolean>;
  /** Opens what the first delivery will go over; may fail. Absent where a client of AWS's does. */
  readonly warmUp?: () => Promise<unknown>;
  send(message: SinkMessage, context: SendContext): Promise<Outcome>;
  /**
   * Looks whether a try since then (epoch milliseconds, our clock) arrived; absent where nobody can be asked. Never
   * throws for what the destination does.
   */
  readonly look?: (delivery: Delivery, sinceMs: number) => Promise<Looked>;
}

/** Reads a secret; undefined when it was never configured. `refresh` asks again instead of remembering. */
export type ReadSecret = (options?: { readonly refresh: boolean }) => Promise<string | undefined>;

/** What a secret has to look like before it goes anywhere. */
export interface SecretForm {
  /** For people: `a webhook URL of Slack (https://hooks.slack.com/…)`. */
  readonly description: string;
  readonly accepts: (secret: string) => boolean;
}
