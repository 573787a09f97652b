import type { Looked } from '../../delivery/sink.ts';
import { idsIn } from './notice-id.ts';
import type { CallSlack } from './web-api.ts';

/** A message as Slack gives it back, as far as we read it. */
interface Message {
  readonly ts: string;
  /** The first message of its thread; absent for one that nobody answered to. */
  readonly threadTs?: string;
  /** The notices that it says are in it. */
  readonly ids: readonly string[];
}

/** What a channel or a thread holds since a moment, or why that cannot be said. */
export type Read =
  | { readonly state: 'read'; readonly messages: readonly Message[] }
  | Extract<Looked, { readonly state: 'unclear' | 'later' }>;

/** Reads the messages of a channel, or of a thread in it, since then (epoch milliseconds). Never throws. */
export interface ReadBack {
  readonly channel: (channel: string, sinceMs: number) => Promise<Read>;
  readonly thread: (channel: string, ts: string, sinceMs: number) => Promise<Read>;
}

const PAGE = 200;
const MAX_PAGES = 2;

/** Our clock and Slack's differ by less. */
const CLOCKS_DIFFER_MS = 60_000;

/** Reads messages back with their metadata. Needs the scopes `channels:history` and `groups:history`. */
export function readBack(call: CallSlack): ReadBack {
  const read = (method: string, sinceMs: number, parameters: Readonly<Record<string, string>>) =>
    readPages(call, method, {
      ...parameters,
      oldest: ((sinceMs - CLOCKS_DIFFER_MS) / 1000).toFixed(6),
      include_all_metadata: true,
      limit: PAGE,
    });
  return {
    channel: sharing((channel, sinceMs) => read('conversations.history', sinceMs, { channel })),
    thread: (channel, ts, sinceMs) => read('conversations.replies', sinceMs, { channel, ts }),
  };
}

async function readPages(
  call: CallSlack,
  method: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Read> {
  const messages: Message[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const reply = await call(method, { ...parameters, ...(cursor && { cursor }) });
    if (!reply.ok) return unread(reply);
    const { messages: found, response_metadata: more } = reply.body;
    if (!Array.isArray(found)) return { state: 'unclear', why: `Slack's ${method} gave no messages` };
    messages.push(...found.map(toMessage));
    cursor = Object(more).next_cursor || undefined;
    if (!cursor) return { state: 'read', messages };
  }
  return { state: 'unclear', why: `more than ${PAGE * MAX_PAGES} messages since the first try` };
}

/** A thread that is gone holds nothing; what may not be read stays unclear; the rest may be read later. */
function unread({ failure, word }: Exclude<Awaited<ReturnType<CallSlack>>, { readonly ok: true }>): Read {
  if (word === 'thread_not_found') return { state: 'read', messages: [] };
  const { why } = failure;
  if (failure.state === 'rejected') return { state: 'unclear', why: `reading back: ${why}` };
  const { retryAfterSeconds } = failure.state === 'refused' ? failure : {};
  return { state: 'later', why, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

function toMessage(message: unknown): Message {
  const { ts, thread_ts: threadTs, metadata } = Object(message);
  return { ts: String(ts), ...(threadTs && { threadTs: String(threadTs) }), ids: idsIn(metadata) };
}

/**
 * After a digest whose answer was lost, fifty ask at once: who asks before a reading begins shares it. One that runs
 * is shared with nobody who asks later, since it may have passed what that one looks for.
 */
function sharing(read: (channel: string, sinceMs: number) => Promise<Read>): typeof read {
  const next = new Map<string, { sinceMs: number; readonly reading: Promise<Read> }>();
  const last = new Map<string, Promise<Read>>();
  return (channel, sinceMs) => {
    const waiting = next.get(channel);
    if (waiting) {
      waiting.sinceMs = Math.min(waiting.sinceMs, sinceMs);
      return waiting.reading;
    }
    const reading = Promise.resolve(last.get(channel)).then(() => {
      const oldestMs = next.get(channel)?.sinceMs ?? sinceMs;
      next.delete(channel);
      return read(channel, oldestMs);
    });
    next.set(channel, { sinceMs, reading });
    last.set(channel, reading);
    return reading;
  };
}
