import type { Delivery, SinkName } from './delivery.ts';

/** What a deployment wants at destinations that cannot fold a repeat: the parameter `afterLostReply`. */
export const AFTER_LOST_REPLY = ['resend', 'hold'] as const;
export type AfterLostReply = (typeof AFTER_LOST_REPLY)[number];

/**
 * What to do about a delivery of which nobody knows whether it arrived.
 * - `overwrite`: send again, it changes nothing there (a gauge says how it is now).
 * - `fold`: send again with the same key, the destination shows both as one.
 * - `mark`: send again, and say that it may be a repeat.
 * - `hold`: let a person decide; it waits in the dead letters and goes out, marked, when it is sent back.
 *
 * A sink that can `look` (Slack with a bot token and the right to read) is asked first: what is there is settled as
 * sent, what is not there is sent as if for the first time, and only where that stays unclear a rule is needed.
 */
export type RepeatRule = 'overwrite' | 'fold' | 'mark' | 'hold';

/** The one place that knows which destination folds what. A webhook of Slack and topics have no key at all. */
export function repeatRule(
  sink: SinkName,
  kind: Delivery['kind'],
  afterLostReply: AfterLostReply = 'resend',
): RepeatRule {
  if (sink === 'datadog') return kind === 'measurement' ? 'overwrite' : 'fold';
  return afterLostReply === 'hold' ? 'hold' : 'mark';
}
