import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';
import { type Life, life } from './life.ts';

export interface QueueOptions {
  readonly visibilitySeconds: number;
  readonly maxReceiveCount: number;
  readonly batchSize: number;
  /** Seconds in which the poller gathers a batch that is not full. */
  readonly gatherSeconds: number;
  /** Functions at the same time. */
  readonly concurrency: number;
  /** Seconds after which Lambda ends a function. */
  readonly timeoutSeconds: number;
  /** How often a message is handed over once more, at the same time or after it was deleted, as standard queues may. */
  readonly duplicateRate: number;
  /** How often a function dies at one of its steps. */
  readonly crashRate: number;
}

/** A standard queue, its dead letters, and Lambda's poller with the function that it feeds. */
export interface VirtualQueue {
  readonly send: (body: string, delaySeconds?: number) => void;
  readonly bury: (body: string) => void;
  readonly postpone: (receiptHandle: string, seconds: number) => void;
  readonly deadLetters: () => readonly string[];
  /** Sends every dead letter back, as a person does once the trouble is over. Returns how many. */
  readonly redrive: () => number;
  /** Messages that are not deleted, dead letters aside. */
  readonly depth: () => number;
  readonly counts: { invocations: number; deaths: number };
}

interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentMs: number;
  firstReceivedMs: number;
  receives: number;
  /** Changes whenever its visibility does: a plan of before holds no more. */
  version: number;
  isDeleted: boolean;
}

/** `slot` tells the functions that run at the same time from each other: each is a process of its own. */
type Consume = (event: SQSEvent, life: Life, slot: number) => Promise<SQSBatchResponse>;

export function virtualQueue(
  name: string,
  { clock, chance }: { readonly clock: Clock; readonly chance: Chance },
  options: QueueOptions,
  consume: Consume,
): VirtualQueue {
  const visible: Message[] = [];
  const inFlight = new Map<string, Message>();
  const counts = { invocations: 0, deaths: 0 };
  let dead: string[] = [];
  const freeSlots = Array.from({ length: options.concurrency }, (_, slot) => slot);
  let sent = 0;
  let depth = 0;
  /** Since when a batch is gathered that is not full. */
  let gatheredMs: number | undefined;

  function send(body: string, delaySeconds = 0): void {
    sent += 1;
    depth += 1;
    const id = `${name}-${sent}`;
    const message = { id, body, sentMs: clock.nowMs(), firstReceivedMs: 0, receives: 0, version: 0 };
    if (delaySeconds > 0) hide({ ...message, isDeleted: false }, delaySeconds);
    else show({ ...message, isDeleted: false });
  }

  function show(message: Message): void {
    message.version += 1;
    inFlight.delete(message.id);
    visible.push(message);
    clock.at(clock.nowMs(), pump);
  }

  /** Makes a message visible in so many seconds, unless it is deleted or told otherwise before. */
  function hide(message: Message, seconds: number): void {
    message.version += 1;
    const { version } = message;
    clock.at(clock.nowMs() + seconds * 1000, () => {
      if (!message.isDeleted && message.version === version) show(message);
    });
  }

  function again(message: Message): void {
    visible.push(message);
    pump();
  }

  function pump(): void {
    while (freeSlots.length > 0 && visible.length > 0 && !isGathering()) {
      const sinceMs = gatheredMs ?? clock.nowMs();
      gatheredMs = undefined;
      const batch = receive();
      if (batch.length > 0) invoke(batch, sinceMs);
    }
  }

  function isGathering(): boolean {
    if (options.gatherSeconds === 0 || visible.length >= options.batchSize) return false;
    if (gatheredMs === undefined) {
      gatheredMs = clock.nowMs();
      clock.at(gatheredMs + options.gatherSeconds * 1000, pump);
    }
    return clock.nowMs() < gatheredMs + options.gatherSeconds * 1000;
  }

  /** In no order: any of the first hundred that wait. */
  function receive(): readonly Message[] {
    const batch: Message[] = [];
    while (batch.length < options.batchSize && visible.length > 0) {
      const index = chance.between(0, Math.min(100, visible.length));
      const message = visible[index] as Message;
      visible[index] = visible.at(-1) as Message;
      visible.pop();
      if (message.isDeleted) continue;
      if (message.receives >= options.maxReceiveCount) {
        dead.push(message.body);
        remove(message);
      } else batch.push(message);
    }
    return batch;
  }

  function remove(message: Message): void {
    if (!message.isDeleted) depth -= 1;
    message.isDeleted = true;
    inFlight.delete(message.id);
  }

  /** The visibility timeout began when the poller took the first of them. */
  function invoke(batch: readonly Message[], sinceMs: number): void {
    const hiddenSeconds = options.visibilitySeconds - (clock.nowMs() - sinceMs) / 1000;
    const slot = freeSlots.pop() ?? 0;
    counts.invocations += 1;
    for (const message of batch) {
      message.receives += 1;
      message.firstReceivedMs ||= clock.nowMs();
      inFlight.set(message.id, message);
      hide(message, hiddenSeconds);
      // At least once: another worker may get it at the same time.
      if (chance.hits(options.duplicateRate))
        clock.at(clock.nowMs() + chance.between(0, 500), () => again(message));
    }
    const alive = life(chance, options.crashRate);
    const free = freeOnce(slot);
    // Lambda counts it as over, also one that goes on.
    clock.at(clock.nowMs() + options.timeoutSeconds * 1000, () => {
      alive.expire();
      free();
    });
    const ended = consume({ Records: batch.map(toRecord) }, alive, slot);
    void Promise.race([ended, alive.died]).then((response) => {
      if (response) settle(batch, response);
      else counts.deaths += 1;
      free();
    });
  }

  function freeOnce(slot: number): () => void {
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      freeSlots.push(slot);
      pump();
    };
  }

  function settle(batch: readonly Message[], { batchItemFailures }: SQSBatchResponse): void {
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const message of batch) {
      if (failed.has(message.id)) continue;
      if (chance.hits(options.duplicateRate)) hide(message, chance.between(0, 120));
      else remove(message);
    }
  }

  return {
    send,
    bury: (body) => {
      dead.push(body);
    },
    postpone(receiptHandle, seconds) {
      const message = inFlight.get(receiptHandle);
      if (message) hide(message, seconds);
    },
    deadLetters: () => dead,
    redrive() {
      const bodies = dead;
      dead = [];
      for (const body of bodies) send(body);
      return bodies.length;
    },
    depth: () => depth,
    counts,
  };
}

function toRecord({ id, body, receives, firstReceivedMs, sentMs }: Message): SQSRecord {
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      ApproximateFirstReceiveTimestamp: String(firstReceivedMs),
      SentTimestamp: String(sentMs),
      SenderId: 'simulation',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: 'eu-west-1',
  };
}
