import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DatadogServer, startDatadog } from '../../../local/datadog.ts';
import { dropped, replyLost } from '../../../local/reply-script.ts';

const nowSeconds = 1_795_144_215;

async function startIntake(): Promise<DatadogServer> {
  const server = await startDatadog({ apiKey: 'key', now: () => new Date(nowSeconds * 1000) });
  onTestFinished(() => server.close());
  return server;
}

function post(server: DatadogServer, path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(server.url + path, {
    method: 'POST',
    headers: { 'dd-api-key': 'key', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function gauge(value: number, timestamp = nowSeconds) {
  return { metric: 'm', type: 3, points: [{ timestamp, value }], tags: ['severity:critical'] };
}

describe('series', () => {
  test('are taken with 202 and kept point by point', async () => {
    const server = await startIntake();
    const two = { metric: 'n', points: [1, 2].map((value) => ({ timestamp: nowSeconds, value })) };
    const reply = await post(server, '/api/v2/series', { series: [gauge(3), two] });
    expect(reply.status).toBe(202);
    expect(await reply.json()).toEqual({ errors: [] });
    expect(server.series).toEqual([
      { metric: 'm', type: 3, timestamp: nowSeconds, value: 3, metricTags: ['severity:critical'] },
      { metric: 'n', type: 0, timestamp: nowSeconds, value: 1, metricTags: [] },
      { metric: 'n', type: 0, timestamp: nowSeconds, value: 2, metricTags: [] },
    ]);
    expect(server.requests).toEqual([
      { path: '/api/v2/series', body: JSON.stringify({ series: [gauge(3), two] }) },
    ]);
  });

  test.each([
    ['an hour ago', -3600, true],
    ['more than an hour ago', -3601, false],
    ['in ten minutes', 600, true],
    ['later than that', 601, false],
  ])('of %s are taken; on the graph: %#', async (_when, offset, shown) => {
    const server = await startIntake();
    const reply = await post(server, '/api/v2/series', { series: [gauge(1, nowSeconds + offset)] });
    expect(reply.status).toBe(202);
    expect([server.series.length, server.lostPoints.length]).toEqual(shown ? [1, 0] : [0, 1]);
  });
});

describe('events', () => {
  test('are taken with 202, an id and a link', async () => {
    const server = await startIntake();
    const event = { title: 't', text: 'x', tags: ['service:scan-response'], aggregation_key: 'k' };
    const reply = await post(server, '/api/v1/events', event);
    expect(reply.status).toBe(202);
    expect(await reply.json()).toEqual({
      status: 'ok',
      event: {
        id: 1,
        id_str: '1',
        title: 't',
        text: 'x',
        date_happened: nowSeconds,
        handle: null,
        priority: null,
        related_event_id: null,
        tags: ['service:scan-response'],
        url: `${server.url}/event/event?id=1`,
      },
    });
    expect(server.events).toEqual([event]);
  });
});

describe('a refusal', () => {
  const good = { series: [gauge(1)] };
  test.each<[number, string, string, unknown, Record<string, string>]>([
    [403, 'a wrong key', '/api/v2/series', good, { 'dd-api-key': 'wrong' }],
    [403, 'an empty key', '/api/v1/events', { title: 't', text: 'x' }, { 'dd-api-key': '' }],
    [400, 'no JSON', '/api/v2/series', '{', {}],
    [400, 'no series', '/api/v2/series', {}, {}],
    [400, 'an event without text', '/api/v1/events', { title: 't' }, {}],
    [404, 'another path', '/api/v2/logs', good, {}],
    [415, 'a compressed body', '/api/v2/series', good, { 'content-encoding': 'gzip' }],
  ])('%i answers %s and keeps nothing', async (status, _what, path, body, headers) => {
    const server = await startIntake();
    const reply = await post(server, path, body, headers);
    expect(reply.status).toBe(status);
    expect(await reply.json()).toEqual({ errors: [expect.any(String)] });
    expect([...server.series, ...server.events, ...server.requests]).toEqual([]);
  });

  test('of a body above 512,000 bytes is a page in HTML', async () => {
    const server = await startIntake();
    const reply = await post(server, '/api/v2/series', {
      series: [{ ...gauge(1), unit: 'x'.repeat(512_000) }],
    });
    expect(reply.status).toBe(413);
    expect(reply.headers.get('content-type')).toBe('text/html');
    expect(server.series).toEqual([]);
  });
});

describe('planned replies', () => {
  test('are given in order before the intake answers for itself', async () => {
    const server = await startIntake();
    server.plan({ status: 429, headers: { 'x-ratelimit-reset': '2' } });
    server.plan({ status: 500 }, 2);
    const replies = [];
    for (let n = 0; n < 4; n++) replies.push(await post(server, '/api/v2/series', { series: [gauge(n)] }));
    expect(replies.map(({ status }) => status)).toEqual([429, 500, 500, 202]);
    expect(replies[0]?.headers.get('x-ratelimit-reset')).toBe('2');
    expect(server.series.map(({ value }) => value)).toEqual([3]);
  });

  test('can be for one path only', async () => {
    const server = await startIntake();
    server.plan({ status: 500, path: '/api/v1/events' });
    expect((await post(server, '/api/v2/series', { series: [] })).status).toBe(202);
    expect((await post(server, '/api/v1/events', { title: 't', text: 'x' })).status).toBe(500);
    expect((await post(server, '/api/v1/events', { title: 't', text: 'x' })).status).toBe(202);
  });

  test('can cut the connection before or after the points are taken', async () => {
    const server = await startIntake();
    server.plan(dropped);
    server.plan(replyLost);
    await expect(post(server, '/api/v2/series', { series: [gauge(1)] })).rejects.toThrow('fetch failed');
    await expect(post(server, '/api/v2/series', { series: [gauge(2)] })).rejects.toThrow('fetch failed');
    expect(server.series.map(({ value }) => value)).toEqual([2]);
  });
});

const recorded = join(process.env.RECORDED_DIR ?? '../shared/recorded', 'datadog');

describe.skipIf(!existsSync(recorded))('recorded traffic', () => {
  test.each(['v1-event-202', 'v1-event-long-title-202', 'v2-series-202'])(
    '%s gets the same kind of answer',
    async (name) => {
      const [exchange] = JSON.parse(readFileSync(join(recorded, `${name}.json`), 'utf8'));
      const server = await startIntake();
      const reply = await post(server, new URL(exchange.url).pathname, exchange.body);
      expect(reply.status).toBe(exchange.status);
      const [ours, theirs] = [(await reply.json()) as object, JSON.parse(exchange.response)];
      expect(shape(ours)).toEqual(shape(theirs));
    },
  );
});

/** Every field with the type of its value. */
function shape(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shape(field)]));
}
