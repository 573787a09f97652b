import type { Outcome } from './sink.ts';

/**
 * The connection was never made, so nothing was sent. Codes of Node's `net` and `dns`:
 * https://nodejs.org/api/errors.html#nodejs-error-codes
 */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

/**
 * What a request without an answer means, by the code of its error; an empty code for one that has none. Codes are
 * told only where they are plain words: the texts of such errors name addresses.
 */
export function withoutAnswer(destination: string, code: string): Outcome {
  if (NOT_CONNECTED.has(code)) return { state: 'refused', why: `no connection to ${destination}: ${code}` };
  const known = /^[A-Za-z0-9_]{1,60}$/.test(code) ? `: ${code}` : '';
  return { state: 'unknown', why: `the connection to ${destination} broke${known}` };
}

/**
 * What an answer of the 500s means; undefined for others. 500 and 503 are the destination's own refusal. All else comes
 * from something in front of it, which may have passed the request on.
 */
export function ofServerError(status: number, why: string): Outcome | undefined {
  if (status < 500) return undefined;
  if (status === 500 || status === 503) return { state: 'refused', why };
  return { state: 'unknown', why: `${why}: it may have arrived` };
}
