import { ofServerError, withoutAnswer } from '../../delivery/lost-answer.ts';
import type { Outcome } from '../../delivery/sink.ts';
import { safeText, untrusted } from '../../image/untrusted.ts';
import { codeOf } from '../post.ts';
import type { Exchange } from './transport.ts';

/**
 * What an error of the client means, by how far the request got; none of the `keys` is told. The first status decides:
 * an answer whose body is broken is still an answer. Source: https://docs.datadoghq.com/api/latest/metrics/#submit-metrics (responses)
 */
export function outcomeOf(error: unknown, exchange: Exchange, keys: readonly string[]): Outcome {
  const { started, status, retryAfterSeconds, text = '' } = exchange;
  if (!started)
    return { state: 'rejected', why: `the client cannot send this: ${told(messageOf(error), keys)}` };
  if (status === undefined) return noAnswer(error);
  if (status >= 200 && status < 300) return { state: 'sent' };
  const why = `Datadog answered ${status}${reason(text, keys)}`;
  if (status !== 408 && status !== 429 && status < 500) return { state: 'rejected', why };
  const outcome = ofServerError(status, why) ?? { state: 'refused', why };
  return { ...outcome, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

function noAnswer(error: unknown): Outcome {
  if (error instanceof Error && error.name === 'TimeoutError')
    return { state: 'unknown', why: 'no answer from Datadog in time' };
  return withoutAnswer('Datadog', codeOf(error));
}

/** What Datadog says about it: `{errors: […]}`, whatever the content type is, or what a proxy wrote. */
function reason(text: string, keys: readonly string[]): string {
  const said = errorsIn(text) ?? text;
  return said === '' ? '' : `: ${told(said, keys)}`;
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

function told(text: string, keys: readonly string[]): string {
  const without = keys.reduce((said, key) => said.replaceAll(key, '(key)'), text);
  return safeText(untrusted(without), 200);
}
