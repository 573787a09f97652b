import {
  type HttpLibrary,
  ResponseContext,
} from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/http/http.js';

/** How far one request got. The client's errors do not tell: they have neither headers nor a cause. */
export interface Exchange {
  /** Set as soon as something may have left. */
  started?: true;
  /** Set as soon as there is an answer, even when its body never comes. */
  status?: number;
  /** From the answer, when it says so. */
  retryAfterSeconds?: number;
  /** The answer's body. */
  text?: string;
}

/**
 * A transport for the official client that makes one try, gives up after `timeoutMs`, follows no redirect (it
 * would carry the key along) and writes down in `exchange` what happened. The client's own one has no time limit
 * and prints network errors to the console.
 */
export function transport(fetchIt: typeof fetch, timeoutMs: number, exchange: Exchange): HttpLibrary {
  return {
    async send(request) {
      const body = request.getBody();
      const asked = new Request(request.getUrl(), {
        method: request.getHttpMethod(),
        // A connection kept from the last event may be dead after the function slept: a reset would look unknown.
        headers: { ...request.getHeaders(), connection: 'close' },
        ...(body !== undefined && { body: String(body) }),
        redirect: 'manual',
      });
      exchange.started = true;
      const reply = await fetchIt(asked, { signal: AbortSignal.timeout(timeoutMs) });
      exchange.status = reply.status;
      Object.assign(exchange, retryAfter(reply.headers));
      const text = await reply.text();
      exchange.text = text;
      return new ResponseContext(reply.status, Object.fromEntries(reply.headers), {
        text: async () => text,
        binary: async () => Buffer.from(text),
      });
    },
  };
}

/** Datadog counts the seconds to its next window; what stands before it may use the standard header. */
function retryAfter(headers: Headers): Pick<Exchange, 'retryAfterSeconds'> {
  const text = headers.get('x-ratelimit-reset') ?? headers.get('retry-after');
  return text !== null && /^\d{1,6}$/.test(text) ? { retryAfterSeconds: Number(text) } : {};
}
