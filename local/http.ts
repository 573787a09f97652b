import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LocalRequest {
  readonly method: string;
  /** Path with query string. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as it came. */
  readonly bytes: Buffer;
}

export interface LocalResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

export interface Endpoint {
  /** `http://127.0.0.1:<free port>`, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

export type Respond = (request: LocalRequest) => LocalResponse | Promise<LocalResponse>;

/** Serves on a free port of 127.0.0.1; a thrown error is answered with a 500 that carries its message. */
export async function serve(respond: Respond): Promise<Endpoint> {
  const server = createServer((incoming, outgoing) => {
    readRequest(incoming)
      .then(respond)
      .catch((error: unknown) => ({ status: 500, headers: {}, body: String(error) }))
      .then(({ status, headers, body = '' }) => {
        // With its length known the answer is one write; without, it goes in chunks.
        outgoing
          .writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers } as OutgoingHttpHeaders)
          .end(body);
      })
      .catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<LocalRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: incoming.headers,
    body: bytes.toString('utf8'),
    bytes,
  };
}
