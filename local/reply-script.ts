import type { LocalResponse, Respond } from './http.ts';

/** A reply that takes the place of the server's own; unless `accepted`, the request leaves no trace. */
export interface PlannedReply extends LocalResponse {
  /** The server acts on the request first: it is the reply, not the request, that goes wrong. */
  readonly accepted?: boolean;
  /** Only for requests whose path begins with this. */
  readonly path?: string;
  /** Only for requests with this method. */
  readonly method?: string;
}

export interface Scripted {
  /** Plans the next replies, in order. */
  plan(reply: PlannedReply, times?: number): void;
}

// Zero is no HTTP status, so the server has nothing to write and cuts the connection.
const hangUp = 0;

/** The connection breaks before the request is acted on. */
export const dropped: PlannedReply = { status: hangUp };

/** The request is acted on and the connection breaks before the reply: the sender cannot know. */
export const replyLost: PlannedReply = { status: hangUp, accepted: true };

/** Puts a queue of planned replies before a server; with none planned the server answers for itself. */
export function scripted(respond: Respond): Scripted & { readonly respond: Respond } {
  const queue: PlannedReply[] = [];
  return {
    plan(reply, times = 1) {
      for (let n = 0; n < times; n++) queue.push(reply);
    },
    async respond(request) {
      const index = queue.findIndex(
        ({ path = '', method = request.method }) =>
          request.path.startsWith(path) && request.method === method,
      );
      const [planned] = index < 0 ? [] : queue.splice(index, 1);
      if (!planned) return respond(request);
      if (planned.accepted) await respond(request);
      return planned;
    },
  };
}
