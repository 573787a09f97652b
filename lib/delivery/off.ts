import { NotReady } from '../errors.ts';
import type { Delivery, SinkName } from './delivery.ts';
import type { Sink } from './sink.ts';

/** What telling an absence for good from one of a moment takes. */
export interface OffPorts {
  /** How long a message waits for a secret that is not there; a quarter of an hour when it is not said. */
  readonly offAfterSeconds?: number;
  /** True when the ledger knows of a try that did not arrive: then the sink was on. */
  readonly isUnderWay?: (delivery: Delivery, sink: SinkName) => Promise<boolean>;
}

const OFF_AFTER_SECONDS = 900;
const LOOK_AGAIN_SECONDS = 300;

/**
 * What becomes of a message for a sink that is not configured. Without a secret that could come it is off at once. A
 * secret may be missing for a moment, since changing a parameter's type takes a deletion: so the message waits, and
 * the sink is off only for what never saw it on. Throws NotReady while it waits: what was tried before stays until
 * the secret is back, or it ends in the dead letters.
 */
export async function whenOff(
  delivery: Delivery,
  waitedSeconds: number,
  { name, needs }: Sink,
  { offAfterSeconds = OFF_AFTER_SECONDS, isUnderWay = async () => false }: OffPorts,
): Promise<'off'> {
  if (needs === undefined) return 'off';
  const why = `${name} is not configured: there is no parameter ${needs}`;
  if (waitedSeconds < offAfterSeconds) {
    throw new NotReady(`${why}; it may come`, Math.min(offAfterSeconds, LOOK_AGAIN_SECONDS));
  }
  if (await isUnderWay(delivery, name)) throw new NotReady(`${why}, and there was one`, OFF_AFTER_SECONDS);
  return 'off';
}
