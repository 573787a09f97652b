import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Environment } from '../../../lib/config.ts';
import { queues } from '../../../lib/services/connect.ts';
import { prime, queue, registry, tables, topic } from '../../../lib/services/prime.ts';

const ALL = [tables, queue, registry, topic];
let server: Server;
let requests: (Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { readonly port: number | undefined })[];
let answers: boolean;

beforeEach(async () => {
  [requests, answers] = [[], true];
  server = createServer((request, response) => {
    const { method, url: path, headers, socket } = request;
    requests.push({ method, url: path, headers, port: socket.remotePort });
    if (answers) response.writeHead(404, { 'content-type': 'text/xml' }).end('<no/>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

function environment(more: Environment = { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' }): Environment {
  return { SCAN_RESPONSE_QUEUE_URL: `${process.env.AWS_ENDPOINT_URL}/1/q`, ...more };
}

describe('while Lambda starts a function', () => {
  test('each client opens a connection with a request that nobody signed', async () => {
    await prime(ALL, environment());
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(Array(4).fill('GET /'));
    for (const { headers } of requests) expect(Object.keys(headers).sort()).toEqual(['connection', 'host']);
  });

  test('the first call goes over it', async () => {
    const env = environment();
    await prime([queue], env);
    const [rehearsed] = requests;
    await queues(env)
      .send(new SendMessageCommand({ QueueUrl: String(env.SCAN_RESPONSE_QUEUE_URL), MessageBody: 'x' }))
      .catch(() => undefined);
    expect(requests[1]).toMatchObject({ method: 'POST' });
    expect(requests[1]?.port).toBe(rehearsed?.port);
  });
});

describe('nothing fails a start', () => {
  test('nobody answers: no longer than a second and a half', async () => {
    answers = false;
    const startMs = Date.now();
    await prime([tables], environment());
    expect(Date.now() - startMs).toBeLessThan(2_500);
  });

  test('nobody listens', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    await prime(ALL, environment());
    expect(requests).toEqual([]);
  });

  test('it is not configured, or throws', async () => {
    const thrown = () => {
      throw new Error('at once');
    };
    await prime([queue, thrown], { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' });
    expect(requests).toEqual([]);
  });
});

test('elsewhere an import has no effect', async () => {
  await prime(ALL, environment({}));
  expect(requests).toEqual([]);
});
