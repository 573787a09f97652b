import type { Outcome } from '../../delivery/sink.ts';
import { safeText, untrusted } from '../../image/untrusted.ts';
import type { Exchange } from './transport.ts';

/**
 * The connection was never made, so nothing was sent. Codes of Node's `net` and `dns` and of its fetch:
 * https://nodejs.org/api/errors.html#nodejs-error-codes
 */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Something in front of Datadog got no answer from it: it may have passed the request on. */
const GATEWAY: ReadonlySet<number> = new Set([502, 504]);

/**
 * What an error of the client means, by how far the request got. The first status decides: an answer whose body
 * is broken is still an answer. Source: https://docs.datadoghq.com/api/latest/metrics/#submit-metrics (responses)
 */
export function outcomeOf(error: unknown, exchange: Exchange, key: string): Outcome {
  const { started, status, retryAfterSeconds, text = '' } = exchange;
  if (!started)
    return { state: 'rejected', why: `the client cannot send this: ${told(messageOf(error), key)}` };
  if (status === undefined) return withoutAnswer(error);
  if (status >= 200 && status < 300) return { state: 'sent' };
  const why = `Datadog answered ${status}${reason(text, key)}`;
  if (GATEWAY.has(status)) return { state: 'unknown', why: `${why}: it may have arrived` };
  if (status === 408 || status === 429 || status >= 500)
    return { state: 'refused', why, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  return { state: 'rejected', why };
}

/** Only codes are told: the texts of such errors name addresses. */
function withoutAnswer(error: unknown): Outcome {
  if (error instanceof Error && error.name === 'TimeoutError')
    return { state: 'unknown', why: 'no answer from Datadog in time' };
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (NOT_CONNECTED.has(code)) return { state: 'refused', why: `no connection to Datadog: ${code}` };
  const known = /^[A-Z_]{1,40}$/.test(code) ? `: ${code}` : '';
  return { state: 'unknown', why: `the connection to Datadog broke${known}` };
}

/** What Datadog says about it: `{errors: […]}`, whatever the content type is, or what a proxy wrote. */
function reason(text: string, key: string): string {
  const said = errorsIn(text) ?? text;
  return said === '' ? '' : `: ${told(said, key)}`;
}

function errorsIn(text: string): string | undefined {
  try {
    const { errors } = Object(JSON.parse(text));
    return Array.isArray(errors) ? errors.join('; ') : undefined;
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function told(text: string, key: string): string {
  return safeText(untrusted(text.replaceAll(key, '(key)')), 200);
}
