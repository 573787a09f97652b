import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** A server that answers each request so. */
export function http(answer: (response: ServerResponse, request: IncomingMessage) => void): () => Server {
  return () => createServer((request, response) => answer(response, request));
}

/** Raw bytes after the request has come, for what Node's server would not send. */
export function tcp(answer: (socket: Socket) => void): () => Server {
  return () =>
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    });
}

/** The head of a good answer with these headers. */
export function head(lines: readonly string[]): string {
  return `HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\n`;
}

/** What both a socket and a response are. */
interface Flooded {
  readonly destroyed: boolean;
  write(chunk: string | Buffer): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** Writes again and again, as fast as they are taken. */
export function flood(socket: Flooded, chunk: string | Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
    if (!socket.destroyed) socket.once('drain', more);
  };
  more();
}

/** Writes every so often until it is stopped. */
export function drip(write: () => void, everyMs: number, stopped: { readonly destroyed: boolean }): void {
  const timer = setInterval(() => (stopped.destroyed ? clearInterval(timer) : write()), everyMs);
}
