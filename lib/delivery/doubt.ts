import type { DeliveryPorts } from './deliver.ts';
import type { Delivery, SinkName } from './delivery.ts';

/** Says that nobody knows whether a delivery arrived. */
export type SayDoubt = (delivery: Delivery, sink: SinkName, why: string) => void;

/**
 * The same ledger, which speaks up when a try ends without an outcome, and when a claim finds a try that ended
 * so: a worker that dies cannot say it itself.
 */
export function withDoubts(ports: DeliveryPorts, say: SayDoubt): DeliveryPorts {
  return {
    ...ports,
    async claim(delivery, sink, release) {
      const claim = await ports.claim(delivery, sink, release);
      if (claim.state === 'claimed' && claim.doubt === 'open')
        say(delivery, sink, 'an earlier try left no outcome');
      return claim;
    },
    async settle(delivery, sink, token, as) {
      await ports.settle(delivery, sink, token, as);
      if (as.state === 'UNSURE' || as.state === 'HELD') say(delivery, sink, as.why ?? 'no outcome');
    },
  };
}
