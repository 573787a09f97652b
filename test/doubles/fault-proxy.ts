import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../../local/http.ts';

/** What goes wrong with one request. */
export interface Fault {
  readonly name: string;
  /** Whether the target gets the request, and acts on it. */
  readonly reaches: boolean;
  /** Before the request goes on. */
  readonly delayMs?: number;
  /** What the sender sees; an object is a reply that takes the place of the target's. */
  readonly reply: 'whole' | 'slow' | 'cut' | 'reset' | 'none' | OtherReply;
}

interface OtherReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request that went wrong, and how. */
interface Struck {
  readonly fault: Fault;
  readonly path: string;
  readonly body: string;
}

interface Exchanged {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface FaultProxy extends Endpoint {
  /** Every request that went wrong, in order. */
  readonly struck: readonly Struck[];
  /** How many requests came, well or not. */
  requests(): number;
}

const SLOW_PIECES = 8;
const SLOW_PAUSE_MS = 40;

/**
 * An HTTP proxy on 127.0.0.1 that breaks what `choose` says; what it leaves alone passes as it is. `target` is asked
 * at each request, so that the proxy can be there first.
 */
export async function startFaultProxy(
  target: () => string,
  choose: (request: { readonly path: string; readonly body: string }) => Fault | undefined,
): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  const struck: Struck[] = [];
  let requests = 0;

  async function pass(exchanged: Exchanged, outgoing: ServerResponse): Promise<void> {
    requests += 1;
    const { path } = exchanged;
    const body = exchanged.body.toString();
    const fault = choose({ path, body });
    if (!fault) return send(await forward(target(), exchanged, agent), 'whole', outgoing);
    struck.push({ fault, path, body });
    if (fault.delayMs) await sleep(fault.delayMs, undefined, { ref: false });
    const answer = fault.reaches ? await forward(target(), exchanged, agent) : NOTHING;
    await send(answer, fault.reply, outgoing);
  }

  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    whole(incoming)
      .then((body) => pass({ method, path, headers, body }, outgoing))
      .catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    struck,
    requests: () => requests,
    async close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const NOTHING: Answer = { status: 502, headers: {}, body: Buffer.from('') };

/** What passes is bytes: `latin1` keeps them as they are, and head and body leave in one write. */
const AS_IT_IS = 'latin1';

function forward(target: string, { method, path, headers, body }: Exchanged, agent: Agent): Promise<Answer> {
  const { hostname, port, host } = new URL(target);
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      hostname,
      port,
      path,
      method,
      headers: { ...headers, host, connection: 'keep-alive' },
    };
    const outgoing = request(options, (reply) => {
      const { statusCode: status = 502, headers } = reply;
      whole(reply).then((body) => resolve({ status, headers, body }), reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body.toString(AS_IT_IS), AS_IT_IS);
  });
}

/** All that is sent. `node:stream/consumers` makes a Blob of it first. */
function whole(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', reject);
    incoming.on('close', () => incoming.complete || reject(new Error('cut short')));
  });
}

async function send(answer: Answer, reply: Fault['reply'], outgoing: ServerResponse): Promise<void> {
  if (reply === 'none') return; // the sender gives up by itself
  if (reply === 'reset') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  if (typeof reply === 'object') {
    outgoing.writeHead(reply.status, reply.headers).end(reply.body);
    return;
  }
  const { connection, 'keep-alive': _, 'transfer-encoding': __, ...headers } = answer.headers;
  outgoing.writeHead(answer.status, { ...headers, 'content-length': answer.body.length });
  if (reply === 'whole') outgoing.end(answer.body.toString(AS_IT_IS), AS_IT_IS);
  else await trickle(answer.body, reply === 'cut' ? SLOW_PIECES / 2 : SLOW_PIECES, outgoing);
}

/** Sends a body bit by bit, and hangs up when not all of it was to be sent. */
async function trickle(body: Buffer, pieces: number, outgoing: ServerResponse): Promise<void> {
  outgoing.flushHeaders();
  const size = Math.ceil(body.length / SLOW_PIECES);
  for (let piece = 0; piece < pieces; piece += 1) {
    outgoing.write(body.subarray(piece * size, (piece + 1) * size));
    await sleep(SLOW_PAUSE_MS, undefined, { ref: false });
  }
  if (pieces === SLOW_PIECES) outgoing.end();
  else outgoing.destroy();
}
