import { InvalidEvent } from '../errors.ts';
import type { SinkMessage } from './delivery.ts';

/** The version of the wire form; later code reads earlier messages by it. */
const VERSION = 1;

/** A delivery as it travels through a queue. */
export function formatDelivery(delivery: SinkMessage): string {
  return JSON.stringify({ v: VERSION, delivery });
}

/**
 * Reads a delivery from a queue. Only our own functions may write there (queue policy), so this asks no more than
 * whether it is one and whether this code knows its version; throws InvalidEvent otherwise.
 */
export function parseDelivery(body: string): SinkMessage {
  const { v, delivery } = parseObject(body);
  if (v !== VERSION) throw new InvalidEvent(`v: this code reads deliveries of version ${VERSION}`);
  const { kind, key } = (delivery ?? {}) as Partial<SinkMessage>;
  if ((kind !== 'notice' && kind !== 'measurement') || typeof key !== 'string') {
    throw new InvalidEvent('delivery: neither a notice nor a measurement');
  }
  return delivery as SinkMessage;
}

function parseObject(body: string): { v?: unknown; delivery?: unknown } {
  try {
    return Object(JSON.parse(body));
  } catch {
    throw new InvalidEvent('the body is not JSON');
  }
}
