import { once } from 'node:events';
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalResponse, Respond } from '../../local/http.ts';
import type { Certificate } from './certificate.ts';

/** One request that came, as it is counted. */
export interface Asked {
  readonly host: string;
  /** `DescribeImages`; the path where there is no such thing, `GET /` where it is read. */
  readonly operation: string;
  readonly sentBytes: number;
  readonly gotBytes: number;
  readonly status: number;
  /** The round that it was in, from 1; 0 where nothing waits for rounds. */
  readonly round: number;
}

/** How long a request is on its way: so many milliseconds there and back, for all or by where it goes, or in rounds. */
type Pace = { readonly delayMs: number | ((host: string) => number) } | { readonly quietMs: number };

/** What came since it was asked for last. */
interface Taken {
  readonly asked: readonly Asked[];
  /** TLS handshakes. */
  readonly connections: number;
}

export interface Front {
  readonly port: number;
  taken(): Taken;
  setPace(pace: Pace): void;
  close(): Promise<void>;
}

/**
 * Where every name of the outside ends: TLS, then on to the origin that has the name. With `quietMs` it lets requests
 * through in rounds: what has come when nothing more came for so long goes on together. How many rounds an event takes
 * is how many round trips are behind each other, however slow the machine is.
 */
export async function startFront(
  { key, certificate }: Certificate,
  origins: ReadonlyMap<string, string | Respond>,
): Promise<Front> {
  const agent = new Agent({ keepAlive: true });
  let asked: Asked[] = [];
  let connections = 0;
  let pace: Pace = { delayMs: 0 };
  const inRounds = rounds();

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await whole(incoming);
    const host = String(incoming.headers.host).replace(/:\d+$/, '');
    const { round, answer } = await paced(host, () => {
      const origin = origins.get(host);
      return origin ? ask(origin, incoming, body, agent) : NOWHERE;
    });
    const { connection: _, 'transfer-encoding': __, ...headers } = answer.headers;
    const [sentBytes, gotBytes] = [body.length, answer.body.length];
    const operation = operationOf(incoming, body.toString());
    asked.push({ host, operation, sentBytes, gotBytes, status: answer.status, round });
    outgoing.writeHead(answer.status, { ...headers, 'content-length': gotBytes }).end(answer.body);
  }

  async function paced(
    host: string,
    answering: () => Answer | Promise<Answer>,
  ): Promise<{ round: number; answer: Answer }> {
    if ('delayMs' in pace) {
      const delayMs = typeof pace.delayMs === 'number' ? pace.delayMs : pace.delayMs(host);
      if (delayMs > 0) await sleep(delayMs);
      return { round: 0, answer: await answering() };
    }
    const { quietMs } = pace;
    const round = await inRounds.join(quietMs);
    try {
      return { round, answer: await answering() };
    } finally {
      inRounds.leave(quietMs);
    }
  }

  const server = createServer({ key, cert: certificate, keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    taken() {
      const all = { asked, connections };
      asked = [];
      connections = 0;
      inRounds.restart();
      return all;
    },
    setPace(wanted) {
      pace = wanted;
    },
    async close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Lets what waits go on together, when all that went before has its answer and nobody has come for `quietMs`. */
function rounds() {
  let waiting: (() => void)[] = [];
  let underWay = 0;
  let round = 0;
  let timer: NodeJS.Timeout | undefined;
  const go = () => {
    const all = waiting;
    waiting = [];
    round += 1;
    underWay += all.length;
    for (const each of all) each();
  };
  const later = (quietMs: number) => {
    clearTimeout(timer);
    if (waiting.length > 0 && underWay === 0) timer = setTimeout(go, quietMs);
  };
  return {
    /** Resolves to the number of the round, when it begins. */
    async join(quietMs: number): Promise<number> {
      const begun = new Promise<void>((resolve) => waiting.push(resolve));
      later(quietMs);
      await begun;
      return round;
    },
    leave(quietMs: number): void {
      underWay -= 1;
      later(quietMs);
    },
    restart(): void {
      round = 0;
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const NOWHERE: Answer = { status: 502, headers: {}, body: Buffer.from('no such origin') };

/** Of this process, or at an address. */
async function ask(
  origin: string | Respond,
  incoming: IncomingMessage,
  body: Buffer,
  agent: Agent,
): Promise<Answer> {
  if (typeof origin === 'string') return forward(origin, incoming, body, agent);
  const { method = 'GET', url: path = '/', headers } = incoming;
  const request = { method, path, headers, body: body.toString(), bytes: body };
  const answer: LocalResponse = await origin(request);
  return {
    status: answer.status,
    headers: { ...answer.headers } as Answer['headers'],
    body: Buffer.from(answer.body ?? ''),
  };
}

function forward(origin: string, incoming: IncomingMessage, body: Buffer, agent: Agent): Promise<Answer> {
  const { hostname, port, host } = new URL(origin);
  const { method = 'GET', url: path = '/', headers } = incoming;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { agent, hostname, port, path, method, headers: { ...headers, host, connection: 'keep-alive' } },
      (reply) => {
        const { statusCode: status = 502, headers } = reply;
        whole(reply).then((text) => resolve({ status, headers, body: text }), reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function whole(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function operationOf({ method, headers, url = '/' }: IncomingMessage, body: string): string {
  const target = headers['x-amz-target'];
  if (target) return String(target).split('.').at(-1) ?? '';
  const path = new URL(url, 'http://local').pathname;
  return method === 'GET' ? `GET ${path}` : (/(?:^|&)Action=(\w+)/.exec(body)?.[1] ?? path);
}
