import { InvalidEvent } from '../errors.ts';
import type { SinkMessage, SinkName } from './delivery.ts';
import { fromWireForm, toWireForm } from './wire-form.ts';

/** The version of the wire form; later code reads earlier messages by it. */
const VERSION = 1;

/**
 * The same with `to`: an order for the sink that has no queue of its own. A worker that knows version 1 alone puts it
 * among the dead letters, from where it can be sent back, and not on the other sink's topic.
 */
const ADDRESSED = 2;

/** What a message on a sink's queue asks for. */
export interface Order {
  readonly delivery: SinkMessage;
  /** The hold in the ledger that this message ends: a person has sent a dead letter back. */
  readonly release?: string;
  /** The sink that is meant; absent where it is the one that the queue is named after. */
  readonly to?: 'chat';
}

/** A delivery as it travels through a queue; as a dead letter it names the hold that sending it back ends. */
export function formatDelivery(delivery: SinkMessage, release?: string, sink?: SinkName): string {
  return JSON.stringify({
    ...(sink === 'chat' ? { v: ADDRESSED, to: sink } : { v: VERSION }),
    delivery: toWireForm(delivery),
    ...(release !== undefined && { release }),
  });
}

/** The delivery alone; throws as `parseOrder`. */
export function parseDelivery(body: string): SinkMessage {
  return parseOrder(body).delivery;
}

/**
 * Reads an order from a queue. Only our own functions may write there (queue policy), so this asks no more than
 * whether it is one and whether this code knows its version; throws InvalidEvent otherwise.
 */
export function parseOrder(body: string): Order {
  const { v, to, delivery, release } = parseObject(body);
  if (v !== VERSION && v !== ADDRESSED)
    throw new InvalidEvent(`v: this code reads deliveries of the versions ${VERSION} and ${ADDRESSED}`);
  if (v === ADDRESSED && to !== 'chat') throw new InvalidEvent('to: this code knows no such sink');
  const { kind, key } = (delivery ?? {}) as Partial<SinkMessage>;
  if ((kind !== 'notice' && kind !== 'measurement') || typeof key !== 'string') {
    throw new InvalidEvent('delivery: neither a notice nor a measurement');
  }
  return {
    delivery: fromWireForm(delivery as SinkMessage),
    ...(typeof release === 'string' && { release }),
    ...(v === ADDRESSED && { to: 'chat' as const }),
  };
}

/**
 * What two messages have in common that ask for the same: all but the moment of measuring, what was read around a
 * notice and until when it waits, which differ when two workers answered the same hint. A body that is none is its own
 * identity.
 */
export function identityOf(body: string): string {
  try {
    const { delivery, ...order } = parseObject(body);
    const { measuredAt: _, background: __, notBefore: ___, ...what } = Object(delivery);
    return JSON.stringify({ ...order, delivery: what });
  } catch {
    return body;
  }
}

function parseObject(body: string): { v?: unknown; to?: unknown; delivery?: unknown; release?: unknown } {
  try {
    return Object(JSON.parse(body));
  } catch {
    throw new InvalidEvent('the body is not JSON');
  }
}
