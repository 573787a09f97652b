import { afterEach, describe, expect, test } from 'vitest';
import { codeOf, post, waitSeconds } from '../../../lib/sinks/post.ts';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../../local/http.ts';

let server: Endpoint | undefined;
afterEach(() => server?.close());

async function ask(answer: LocalResponse | (() => Promise<LocalResponse>), timeoutMs = 2000) {
  const requests: LocalRequest[] = [];
  server = await serve(async (request) => {
    requests.push(request);
    return typeof answer === 'function' ? answer() : answer;
  });
  const sent = { headers: { 'content-type': 'text/plain' }, body: 'größer', timeoutMs };
  return { requests, done: post(`${server.url}/a?b=c`, sent) };
}

describe('one request', () => {
  test('goes out as it was given, on a connection that it closes, and comes back as it was answered', async () => {
    const { requests, done } = await ask({ status: 202, headers: { 'x-one': 'two' }, body: 'schön' });
    const { status, headers, text } = await done;
    expect([status, headers['x-one'], await text()]).toEqual([202, 'two', 'schön']);
    expect(requests).toMatchObject([{ method: 'POST', body: 'größer' }]);
    expect(requests[0]?.headers).toMatchObject({
      ...{ 'content-type': 'text/plain', connection: 'close', 'content-length': '8' },
    });
  });

  test('a redirect is an answer', async () => {
    const { done, requests } = await ask({ status: 307, headers: { location: '/b' }, body: '' });
    expect((await done).status).toBe(307);
    expect(requests).toHaveLength(1);
  });

  test('no answer in time is a TimeoutError', async () => {
    const { done } = await ask(() => new Promise(() => {}), 100);
    await expect(done).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('a body that never ends is a TimeoutError for who reads it, and for nobody else', async () => {
    const { createServer } = await import('node:http');
    const slow = createServer((_, response) => response.writeHead(200).write('half'));
    await new Promise<void>((listening) => slow.listen(0, '127.0.0.1', listening));
    const { port } = slow.address() as { port: number };
    const answer = await post(`http://127.0.0.1:${port}`, { headers: {}, timeoutMs: 100 });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toMatchObject({ name: 'TimeoutError' });
    slow.closeAllConnections();
    slow.close();
  });

  test('nobody listens: Node’s code says why', async () => {
    const { done } = await ask({ status: 200, headers: {}, body: '' });
    await done;
    const { url = '' } = server ?? {};
    await server?.close();
    server = undefined;
    const error = await post(url, { headers: {}, timeoutMs: 1000 }).catch((it) => it);
    expect(codeOf(error)).toBe('ECONNREFUSED');
  });
});

test.each([
  [{ 'retry-after': '7' }, 7],
  [{ 'x-ratelimit-reset': '3', 'retry-after': '7' }, 3],
  [{ 'retry-after': 'Fri, 20 Nov 2026 02:00:00 GMT' }, undefined],
  [{ 'retry-after': '1234567' }, undefined],
  [{}, undefined],
])('%j asks to wait %s s', (headers, seconds) => {
  expect(waitSeconds(headers, 'x-ratelimit-reset', 'retry-after')).toBe(seconds);
});
