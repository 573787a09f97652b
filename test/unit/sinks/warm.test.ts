import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { post } from '../../../lib/sinks/post.ts';
import { takeWarm, warmUp } from '../../../lib/sinks/warm.ts';

let server: Server;
let url: string;
let requests: (Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { readonly port: number | undefined })[];

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    const { method, url: path, headers, socket } = request;
    requests.push({ method, url: path, headers, port: socket.remotePort });
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const send = async () => (await post(url, { headers: {}, body: 'x', timeoutMs: 1000 })).text();

test('the first request goes over the connection, the next over one of its own', async () => {
  await warmUp(new URL(url).origin);
  await send();
  await send();
  const [head, first, second] = requests;
  expect(requests.map(({ method, url: path }) => `${method} ${path}`)).toEqual([
    'GET /',
    'POST /hook',
    'POST /hook',
  ]);
  expect(first?.port).toBe(head?.port);
  expect(second?.port).not.toBe(head?.port);
});

test('a connection that waited for longer than two seconds is left: it may be dead', async () => {
  await warmUp(url, () => 0);
  expect(takeWarm(url, () => 2_001)).toBeUndefined();
  await send();
  expect(requests[1]?.port).not.toBe(requests[0]?.port);
});

test('somewhere else it is not taken', async () => {
  await warmUp(new URL(url).origin);
  expect(takeWarm('http://127.0.0.1:9/hook')).toBeUndefined();
  expect(takeWarm(url)).toBeDefined();
});

test('nobody listens: it rejects', async () => {
  await expect(warmUp('http://127.0.0.1:9/hook')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
