import type { ReadSecret } from '../../delivery/sink.ts';
import { type Answered, type Post, post, waitSeconds } from '../post.ts';
import { type Failure, fromErrorWord, isAboutToken } from './api-error.ts';
import { fromFailure, fromResponse } from './outcome.ts';
import { botToken } from './secret-form.ts';

export interface WebApiOptions {
  /** Reads the bot token. */
  readonly readToken: ReadSecret;
  /** Where the methods are; on this machine for a local stack. */
  readonly baseUrl: string;
  readonly post?: Post;
  /** How long one request may take; a look, an update and a post fit into a function's 30 seconds. */
  readonly timeoutMs?: number;
}

/** What a method answered: the body of an `ok: true`, or what went wrong, with Slack's word where it gave one. */
type Reply =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly failure: Failure; readonly word?: string };

/** One request to a method of Slack's Web API. Never throws. */
export type CallSlack = (method: string, parameters: Readonly<Record<string, unknown>>) => Promise<Reply>;

/**
 * Slack's Web API: one request per call. `@slack/web-api` would retry ten times over half an hour by
 * itself, where nobody sees it, and is larger than all of the sink. A token that is refused is read afresh, and the
 * new one tried once when it was changed.
 */
export function webApi(options: WebApiOptions): CallSlack {
  return (method, parameters) =>
    withToken(options.readToken, (token) => request(token, method, parameters, options)).catch(
      () => NOT_READABLE,
    );
}

/** Throws when the token cannot be read; `ask` never does. */
async function withToken(readToken: ReadSecret, ask: (token: string) => Promise<Reply>): Promise<Reply> {
  const token = botToken((await readToken()) ?? '');
  if (!token) return NO_TOKEN;
  const reply = await ask(token);
  if (reply.ok || !isAboutToken(reply.word)) return reply;
  const fresh = botToken((await readToken({ refresh: true }).catch(() => token)) ?? '');
  if (!fresh) return NO_TOKEN;
  return fresh === token ? reply : ask(fresh);
}

async function request(
  token: string,
  method: string,
  parameters: Readonly<Record<string, unknown>>,
  { baseUrl, post: ask = post, timeoutMs = 5_000 }: WebApiOptions,
): Promise<Reply> {
  const { type, body } = contentOf(method, parameters);
  try {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type };
    return await replyOf(await ask(`${baseUrl}/${method}`, { headers, body, timeoutMs }));
  } catch (error) {
    return failed(fromFailure(error, timeoutMs));
  }
}

/** A status of the 400s and 500s says it as a webhook's does; with 200 the body does. */
async function replyOf(response: Answered): Promise<Reply> {
  if (response.status < 200 || response.status >= 300) return failed(await fromResponse(response));
  const body = objectIn(await response.text());
  if (body?.ok === true) return { ok: true, body };
  const word = body?.error;
  if (body?.ok !== false || typeof word !== 'string' || !/^[a-z_]{1,60}$/.test(word)) {
    const why = 'Slack gave an answer that we cannot read: it may have arrived';
    return failed({ state: 'unknown', why });
  }
  const retryAfterSeconds = waitSeconds(response.headers, 'retry-after');
  return { ok: false, failure: fromErrorWord(word, retryAfterSeconds), word };
}

/** With a bot token we can look whether it arrived. */
function failed(outcome: Awaited<ReturnType<typeof fromResponse>>): Reply {
  if (outcome.state === 'unknown') return { ok: false, failure: { ...outcome, isAskable: true } };
  return outcome.state === 'sent' ? { ok: true, body: {} } : { ok: false, failure: outcome };
}

const READS = /^(?:conversations|usergroups\.users|users)\./;

/** The methods that read take forms only: https://docs.slack.dev/reference/methods/conversations.history */
function contentOf(
  method: string,
  parameters: Readonly<Record<string, unknown>>,
): { readonly type: string; readonly body: string } {
  if (!READS.test(method))
    return { type: 'application/json; charset=utf-8', body: JSON.stringify(parameters) };
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) form.set(name, String(value));
  return { type: 'application/x-www-form-urlencoded', body: form.toString() };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return Object(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const NO_TOKEN: Reply = {
  ok: false,
  failure: { state: 'refused', why: 'Slack is not configured: put the bot token into its parameter' },
};

const NOT_READABLE: Reply = {
  ok: false,
  failure: {
    state: 'refused',
    why: 'the bot token could not be read: nothing was sent; check the right to read its parameter',
  },
};
