import { ServiceFault } from '../json-protocol.ts';
import {
  type Message,
  messageIdOf,
  newMessage,
  type Outgoing,
  type ReceivedMessage,
  received,
} from './message.ts';

export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly visibilityTimeoutSeconds: number;
  readonly retentionSeconds: number;
  readonly redrive?: { readonly maxReceiveCount: number } | undefined;
}

interface Counts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface Queue {
  readonly settings: QueueSettings;
  /** Stores a message and returns it; throws a `ServiceFault` when it is empty or too long. */
  send(outgoing: Outgoing): Message;
  /** Up to `max` visible messages, hidden for `visibilitySeconds` (default: the queue's timeout). */
  receive(max: number, visibilitySeconds?: number): ReceivedMessage[];
  /** Hides a message in flight for `seconds` from now; 0 gives it back at once. */
  changeVisibility(receiptHandle: string, seconds: number): void;
  /** Forgets a received message. The handle of an earlier receive does nothing, as on SQS. */
  delete(receiptHandle: string): void;
  /** Takes over a message of another queue: this is how dead letters arrive. */
  accept(message: Message): void;
  counts(): Counts;
  messages(): readonly Message[];
  /** Calls back after every change; returns how to stop that. */
  onChange(listener: () => void): () => void;
}

/** A standard SQS queue in memory. `now` gives milliseconds; time passes only through it. */
export function createQueue(
  settings: QueueSettings,
  { now, deadLetters }: { now: () => number; deadLetters?: Queue | undefined },
): Queue {
  const held = new Map<string, Message>();
  const listeners = new Set<() => void>();
  const tell = () => listeners.forEach((listener) => void listener());
  const keep = <M extends Message>(message: M): M => {
    held.set(message.messageId, message);
    tell();
    return message;
  };
  const drop = ({ messageId }: Message) => held.delete(messageId) && tell();
  const holder = (receiptHandle: string): Message | undefined => {
    const message = held.get(messageIdOf(receiptHandle));
    return message?.receiptHandle === receiptHandle ? message : undefined;
  };
  const messages = (): readonly Message[] => {
    const oldestMs = now() - settings.retentionSeconds * 1000;
    for (const { messageId, sentAtMs } of held.values()) if (sentAtMs < oldestMs) held.delete(messageId);
    return [...held.values()];
  };
  const moveTheDead = (target: Queue, maxReceiveCount: number): void => {
    const dead = messages().filter(
      (each) => each.visibleAtMs <= now() && each.receiveCount >= maxReceiveCount,
    );
    for (const message of dead) {
      drop(message);
      target.accept(message);
    }
  };
  return {
    settings,
    send: (outgoing) => keep(newMessage(outgoing, now())),
    receive(max, visibilitySeconds = settings.visibilityTimeoutSeconds) {
      if (deadLetters && settings.redrive) moveTheDead(deadLetters, settings.redrive.maxReceiveCount);
      const visible = messages().filter(({ visibleAtMs }) => visibleAtMs <= now());
      return visible.slice(0, max).map((message) => keep(received(message, now(), visibilitySeconds)));
    },
    changeVisibility(receiptHandle, seconds) {
      const message = holder(receiptHandle);
      if (!message || message.visibleAtMs <= now()) throw notInFlight(receiptHandle);
      keep({ ...message, visibleAtMs: now() + seconds * 1000 });
    },
    delete(receiptHandle) {
      const message = holder(receiptHandle);
      if (message) drop(message);
    },
    accept: (message) => void keep({ ...message, visibleAtMs: now() }),
    counts: () => countAt(messages(), now()),
    messages,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function notInFlight(receiptHandle: string): ServiceFault {
  return new ServiceFault('MessageNotInflight', `deleted, or visible again: ${receiptHandle}`);
}

function countAt(messages: readonly Message[], nowMs: number): Counts {
  const hidden = messages.filter(({ visibleAtMs }) => visibleAtMs > nowMs);
  const delayed = hidden.filter(({ receiptHandle }) => receiptHandle === undefined).length;
  return { visible: messages.length - hidden.length, inFlight: hidden.length - delayed, delayed };
}
