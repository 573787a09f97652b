/** A message as SQS keeps it. */
export interface Message {
  readonly id: number;
  readonly body: string;
  readonly visibleAtMs: number;
  readonly receives: number;
}

export interface DeadLetter {
  readonly body: string;
  readonly reason: string;
}

/** As in resources/queues.yml. */
const VISIBILITY_MS = 180_000;
const MAX_RECEIVES = 150;

/** A sink's queue and its dead letters: at least once, in any order, a message stays until it is removed. */
export function memoryQueue() {
  const messages = new Map<number, Message>();
  const deadLetters: DeadLetter[] = [];
  let lastId = 0;
  return {
    messages,
    deadLetters,

    send(body: string, nowMs: number): void {
      lastId += 1;
      messages.set(lastId, { id: lastId, body, visibleAtMs: nowMs, receives: 0 });
    },

    /** The first message that is visible, and not any more; too many receives end among the dead letters. */
    receive(nowMs: number, staysVisible = false): Message | undefined {
      const message = [...messages.values()].find((it) => it.visibleAtMs <= nowMs);
      if (!message) return undefined;
      if (message.receives === MAX_RECEIVES) {
        messages.delete(message.id);
        deadLetters.push({ body: message.body, reason: 'too many receives' });
        return undefined;
      }
      const visibleAtMs = nowMs + (staysVisible ? 0 : VISIBILITY_MS);
      const received = { ...message, receives: message.receives + 1, visibleAtMs };
      messages.set(message.id, received);
      return received;
    },

    postpone(id: number, untilMs: number): void {
      const message = messages.get(id);
      if (message) messages.set(id, { ...message, visibleAtMs: untilMs });
    },

    remove(id: number): void {
      messages.delete(id);
    },

    bury(deadLetter: DeadLetter): void {
      deadLetters.push(deadLetter);
    },

    /** When the next message can be received; undefined when there is none. */
    nextAtMs(): number | undefined {
      const times = [...messages.values()].map(({ visibleAtMs }) => visibleAtMs);
      return times.length > 0 ? Math.min(...times) : undefined;
    },
  };
}
