import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { takeWarm } from './warm.ts';

/** What is sent, and how long the whole answer may take. */
interface Sent {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

/** An answer, as soon as there is one; its body may never come. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Throws what reading the body throws. */
  text(): Promise<string>;
}

/** Sends one request. Rejects with Node's error, with its `code`, or a TimeoutError; throws at once what no request can hold. */
export type Post = (url: string, sent: Sent) => Promise<Answered>;

/**
 * One request by Node's own client: no redirect is followed, nothing is tried again. Not by `fetch`, whose first use costs a
 * cold function 25 to 37 ms and 12 MB (`npm run bench`).
 *
 * A connection kept from the last event may be dead after the function slept, and a reset would look unknown: each request
 * closes its own, or takes the one that was opened while the function started.
 */
export const post: Post = (url, { method = 'POST', headers, body, timeoutMs }) => {
  const open = url.startsWith('https:') ? requestHttps : requestHttp;
  const signal = AbortSignal.timeout(timeoutMs);
  const agent = takeWarm(url);
  const request = open(url, { method, headers: { ...headers, connection: 'close' }, signal, agent });
  return new Promise((resolve, reject) => {
    request
      .on('response', (answer) => resolve(answered(answer, signal)))
      .on('error', (error) => reject(signal.aborted ? signal.reason : error))
      .end(body);
  });
};

function answered(answer: IncomingMessage, signal: AbortSignal): Answered {
  const text = readText(answer).catch((error) => {
    throw signal.aborted ? signal.reason : error;
  });
  // Whoever does not read it must not be ended by its failure.
  text.catch(() => {});
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: () => text };
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The seconds that an answer asks to wait, from the first of these headers that it has; undefined when it says none. */
export function waitSeconds(headers: IncomingHttpHeaders, ...names: readonly string[]): number | undefined {
  const said = names.map((name) => headers[name]).find((it) => it !== undefined);
  return typeof said === 'string' && /^\d{1,6}$/.test(said) ? Number(said) : undefined;
}

/** Node's code for why there was no answer; empty where it gave none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
