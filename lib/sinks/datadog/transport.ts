import {
  type HttpLibrary,
  ResponseContext,
} from '@datadog/datadog-api-client/dist/packages/datadog-api-client-common/http/http.js';
import { type Post, waitSeconds } from '../post.ts';

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
export function transport(ask: Post, timeoutMs: number, exchange: Exchange): HttpLibrary {
  return {
    async send(request) {
      const body = request.getBody();
      const asked = ask(request.getUrl(), {
        method: request.getHttpMethod(),
        headers: request.getHeaders(),
        ...(body !== undefined && { body: String(body) }),
        timeoutMs,
      });
      exchange.started = true;
      const reply = await asked;
      exchange.status = reply.status;
      // Datadog counts the seconds to its next window; what stands before it may use the standard header.
      const retryAfterSeconds = waitSeconds(reply.headers, 'x-ratelimit-reset', 'retry-after');
      if (retryAfterSeconds !== undefined) exchange.retryAfterSeconds = retryAfterSeconds;
      const text = await reply.text();
      exchange.text = text;
      return new ResponseContext(reply.status, reply.headers as Record<string, string>, {
        text: async () => text,
        binary: async () => Buffer.from(text),
      });
    },
  };
}
