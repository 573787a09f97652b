import type { DeliveryPorts, Settlement } from '../../lib/delivery/deliver.ts';
import type { SinkMessage } from '../../lib/delivery/delivery.ts';
import type { AfterLostReply } from '../../lib/delivery/repeat-rule.ts';
import type { Outcome, SendContext, Sink } from '../../lib/delivery/sink.ts';
import type { Claim } from '../../lib/delivery/state.ts';

/** A destination that answers as it is told, and remembers what reached it. */
export function memorySink(outcome: Outcome, isConfigured = true) {
  const received: { readonly delivery: SinkMessage; readonly context: SendContext }[] = [];
  const sink: Sink = {
    name: 'slack',
    isConfigured: async () => isConfigured,
    async send(delivery, context) {
      received.push({ delivery, context });
      return outcome;
    },
  };
  return { sink, received };
}

/** A ledger that gives one answer to every claim, and remembers what was settled. */
export function memoryClaims(claim: Claim, afterLostReply: AfterLostReply = 'resend') {
  const claimed: string[] = [];
  const settled: { readonly token: string; readonly as: Settlement }[] = [];
  const ports: DeliveryPorts = {
    afterLostReply,
    async claim(delivery, sink) {
      claimed.push(`${sink} ${delivery.key}`);
      return claim;
    },
    async settle(_delivery, _sink, token, as) {
      settled.push({ token, as });
    },
  };
  return { ports, claimed, settled };
}
