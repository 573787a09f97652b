import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../../local/http.ts';

/** What a runtime tells Lambda about one event, or about its own start. */
export interface Report {
  readonly kind: 'response' | 'error' | 'init-error' | 'exit';
  /** The JSON that it posted, parsed; the exit code of a runtime that ended instead. */
  readonly body: unknown;
}

/** Lambda's Runtime API, as a runtime sees it. */
export interface RuntimeApi extends Endpoint {
  /** Hands an event to whoever asks next; resolves with what came back for it. */
  readonly invoke: (event: unknown) => Promise<Report>;
  /** Resolves when the runtime could not start. */
  readonly initError: Promise<Report>;
}

interface Pending {
  readonly id: string;
  readonly event: unknown;
  readonly settle: (report: Report) => void;
}

const ACCEPTED: LocalResponse = { status: 202, body: '{"status":"OK"}' };
const TIMEOUT_MS = 30_000;

/**
 * Serves the Runtime API for one function.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi(functionArn: string): Promise<RuntimeApi> {
  const waiting: Pending[] = [];
  const taken = new Map<string, Pending>();
  const happened = new EventEmitter();
  const initError = once(happened, 'init-error').then(([report]) => report as Report);

  async function next(): Promise<LocalResponse> {
    const pending = waiting.shift();
    if (!pending) {
      await once(happened, 'event');
      return next();
    }
    taken.set(pending.id, pending);
    const headers = {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': pending.id,
      'lambda-runtime-deadline-ms': String(Date.now() + TIMEOUT_MS),
      'lambda-runtime-invoked-function-arn': functionArn,
    };
    return { status: 200, headers, body: JSON.stringify(pending.event) };
  }

  function report({ path, body }: LocalRequest): LocalResponse {
    const [, id = '', kind] = /\/runtime\/(?:invocation\/([^/]+)|init)\/(response|error)$/.exec(path) ?? [];
    if (kind !== 'response' && kind !== 'error') return { status: 404, body: path };
    const parsed: unknown = body === '' ? undefined : JSON.parse(body);
    if (id === '') happened.emit('init-error', { kind: 'init-error', body: parsed });
    else taken.get(id)?.settle({ kind, body: parsed });
    return ACCEPTED;
  }

  const endpoint = await serve((request) => (request.method === 'GET' ? next() : report(request)));
  return {
    ...endpoint,
    initError,
    invoke: (event) =>
      new Promise((settle) => {
        waiting.push({ id: randomUUID(), event, settle });
        happened.emit('event');
      }),
  };
}
