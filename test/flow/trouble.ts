import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../local/http.ts';

/** What goes wrong with a request; unless `accepted`, it never reaches the sink. */
export interface Trouble extends LocalResponse {
  readonly accepted?: boolean;
  /** Only for requests whose path begins with this. */
  readonly path?: string;
}

/** A way to a sink on which single requests go wrong, chosen by the repository that they are about. */
export interface TroubledWay extends Endpoint {
  /** Plans the next replies to requests about the repository, in order. */
  plan(repository: string, ...troubles: readonly Trouble[]): void;
}

interface Plan {
  readonly repository: string;
  readonly trouble: Trouble;
}

// Zero is no HTTP status: the server has nothing to write and cuts the connection.
const CUT = 0;

/** The connection breaks before the sink has the request. */
export const dropped: Trouble = { status: CUT };

/** The sink has the request, and the connection breaks before the reply. */
export const replyLost: Trouble = { status: CUT, accepted: true };

/** Passes requests on to `target`, with these headers too, except those that are planned to go wrong. */
export async function startTroubledWay(
  target: () => string,
  more: readonly string[] = [],
): Promise<TroubledWay> {
  const planned: Plan[] = [];
  const endpoint = await serve(async (request) => {
    const index = planned.findIndex((plan) => isMeant(plan, request));
    const [plan] = index < 0 ? [] : planned.splice(index, 1);
    if (!plan) return pass(request, target(), more);
    if (plan.trouble.accepted) await pass(request, target(), more);
    return plan.trouble;
  });
  return {
    ...endpoint,
    plan(repository, ...troubles) {
      for (const trouble of troubles) planned.push({ repository, trouble });
    },
  };
}

/** SNS takes forms, the others JSON. */
function isMeant({ repository, trouble }: Plan, { path, body }: LocalRequest): boolean {
  const isAbout = body.includes(repository) || body.includes(encodeURIComponent(repository));
  return isAbout && path.startsWith(trouble.path ?? '/');
}

async function pass(
  { method, path, headers, body }: LocalRequest,
  target: string,
  more: readonly string[],
): Promise<LocalResponse> {
  const kept = ['content-type', 'dd-api-key', ...more].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as [string, string]] : [];
  });
  const reply = await fetch(target + path, { method, headers: kept, body });
  const type = reply.headers.get('content-type') ?? 'text/plain';
  return { status: reply.status, headers: { 'content-type': type }, body: await reply.text() };
}
