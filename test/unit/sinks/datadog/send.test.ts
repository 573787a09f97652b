import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Delivery } from '../../../../lib/delivery/delivery.ts';
import { toCounts } from '../../../../lib/scan/severity.ts';
import { apiKeyForm } from '../../../../lib/sinks/datadog/api-key.ts';
import { type DatadogOptions, datadogSink } from '../../../../lib/sinks/datadog/send.ts';
import type { Post } from '../../../../lib/sinks/post.ts';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../../../local/http.ts';
import { aRepository } from '../../../build/lineage.ts';
import { aMeasurement, aNotice, anImage } from '../../../build/notice.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const CONTEXT = { possibleRepeat: false };
const ACCEPTED = { status: 202, headers: { 'content-type': 'application/json' }, body: '{"errors":[]}' };

const open: { close(): unknown }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map((it) => it.close()));
});

/** A Datadog that gives the replies in turn, the last one for ever, and remembers what it was asked. */
async function intake(
  ...replies: LocalResponse[]
): Promise<Endpoint & { readonly requests: LocalRequest[] }> {
  const requests: LocalRequest[] = [];
  const endpoint = await serve((request) => {
    requests.push(request);
    return replies[Math.min(requests.length, replies.length) - 1] ?? ACCEPTED;
  });
  open.push(endpoint);
  return Object.assign(endpoint, { requests });
}

function send(delivery: Delivery, baseUrl: string, options: Partial<DatadogOptions> = {}) {
  return datadogSink({ readKey: async () => KEY, baseUrl, ...options }).send(delivery, CONTEXT);
}

describe('what is sent', () => {
  test('a measurement goes to the series with the API key', async () => {
    const datadog = await intake(ACCEPTED);
    const now = () => new Date('2026-11-20T02:03:04.567Z');
    expect(await send(aMeasurement(), datadog.url, { now })).toEqual({ state: 'sent' });
    const [request] = datadog.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/api/v2/series', headers: { 'dd-api-key': KEY } });
    expect(request?.headers['dd-application-key']).toBeUndefined();
    expect(request?.headers.connection).toBe('close');
    const { series } = JSON.parse(request?.body ?? '');
    expect(series).toHaveLength(14);
    expect(series[0]).toMatchObject({ type: 3, points: [{ timestamp: 1795140184, value: 1 }] });
  });

  test('a notice goes to the events, and the receipt keeps all digits of the id', async () => {
    const body =
      '{"status":"ok","event":{"id":6327818702635911562,"id_str":"6327818702635911562","handle":null}}';
    const datadog = await intake({ status: 202, headers: { 'content-type': 'application/json' }, body });
    expect(await send(aNotice(), datadog.url)).toEqual({ state: 'sent', receipt: '6327818702635911562' });
    expect(datadog.requests[0]?.path).toBe('/api/v1/events');
    expect(JSON.parse(datadog.requests[0]?.body ?? '')).toMatchObject({ alert_type: 'error' });
  });

  test('at most 900 series go into one request, which takes the longest names there can be', async () => {
    const datadog = await intake(ACCEPTED);
    const gauges = Array.from({ length: 75 }, (_, index) => ({
      reference: `release-${index}-`.padEnd(128, 'x'),
      counts: toCounts({}),
      fixable: toCounts({}),
    }));
    const repository = aRepository({ name: 'n'.repeat(256), region: 'ap-southeast-7' });
    const image = { ...anImage(), repository };
    expect(await send(aMeasurement({ image, gauges }), datadog.url)).toEqual({ state: 'sent' });
    const sizes = datadog.requests.map(({ body }) => JSON.parse(body).series.length);
    expect(sizes).toEqual([900, 150]);
    expect(Buffer.byteLength(datadog.requests[0]?.body ?? '')).toBeLessThanOrEqual(512_000);
  });

  test('nothing is sent of a measurement without gauges', async () => {
    const datadog = await intake(ACCEPTED);
    expect(await send(aMeasurement({ gauges: [] }), datadog.url)).toEqual({ state: 'sent' });
    expect(datadog.requests).toEqual([]);
  });
});

describe('the key', () => {
  test('without one nothing is sent, whatever the environment holds', async () => {
    vi.stubEnv('DD_API_KEY', KEY);
    const datadog = await intake(ACCEPTED);
    const sink = datadogSink({ readKey: async () => undefined, baseUrl: datadog.url });
    expect(await sink.isConfigured()).toBe(false);
    expect(await sink.send(aNotice(), CONTEXT)).toMatchObject({ state: 'refused' });
    expect(datadog.requests).toEqual([]);
  });

  test.each([401, 403])('is read afresh once after a %i', async (status) => {
    const datadog = await intake({ status, body: '{"errors":["Forbidden"]}' }, ACCEPTED);
    const readKey: DatadogOptions['readKey'] = async (options) => (options?.refresh ? 'new-key' : 'old-key');
    expect(await send(aMeasurement(), datadog.url, { readKey })).toEqual({ state: 'sent' });
    expect(datadog.requests.map(({ headers }) => headers['dd-api-key'])).toEqual(['old-key', 'new-key']);
  });

  test('that is refused and cannot be read afresh: later, since nobody knows whether it was changed', async () => {
    const datadog = await intake({ status: 403, body: '{"errors":["Forbidden"]}' });
    const readKey: DatadogOptions['readKey'] = async (options) => {
      if (options?.refresh) throw new Error('the parameter cannot be read now');
      return KEY;
    };
    const outcome = await send(aMeasurement(), datadog.url, { readKey });
    expect(outcome).toMatchObject({ state: 'refused', why: expect.stringContaining('could not be read') });
    expect(datadog.requests).toHaveLength(1);
  });

  test('that is refused and taken away: later, another is on its way', async () => {
    const datadog = await intake({ status: 403, body: '{"errors":["Forbidden"]}' });
    const readKey: DatadogOptions['readKey'] = async (options) => (options?.refresh ? undefined : KEY);
    expect(await send(aMeasurement(), datadog.url, { readKey })).toMatchObject({ state: 'refused' });
    expect(datadog.requests).toHaveLength(1);
  });

  test('that stays refused is a rejection after two tries', async () => {
    const datadog = await intake({ status: 403, body: '{"errors":["Forbidden"]}' });
    expect(await send(aNotice(), datadog.url)).toEqual({
      state: 'rejected',
      why: 'Datadog answered 403: Forbidden',
    });
    expect(datadog.requests).toHaveLength(2);
  });

  test('is never told, even when the answer repeats it', async () => {
    const datadog = await intake({ status: 400, body: `${'x'.repeat(180)} bad key ${KEY}` });
    const outcome = await send(aNotice(), datadog.url);
    expect(outcome).toMatchObject({ state: 'rejected', why: expect.stringContaining('bad key') });
    expect(JSON.stringify(outcome)).not.toContain(KEY.slice(0, 8));
  });
});

describe('what an answer means', () => {
  const json = { 'content-type': 'application/json' };
  test.each<[string, LocalResponse, object]>([
    ['202 with a broken body', { status: 202, headers: json, body: '<html>' }, { state: 'sent' }],
    ['200', { status: 200, headers: json, body: '{}' }, { state: 'sent' }],
    [
      '429 with Datadog’s header',
      {
        status: 429,
        headers: { ...json, 'x-ratelimit-reset': '17', 'retry-after': '3' },
        body: '{"errors":["slow"]}',
      },
      { state: 'refused', why: 'Datadog answered 429: slow', retryAfterSeconds: 17 },
    ],
    [
      '429 with the standard header',
      { status: 429, headers: { 'retry-after': '3' } },
      { state: 'refused', why: 'Datadog answered 429', retryAfterSeconds: 3 },
    ],
    [
      '429 with a header that is no number',
      { status: 429, headers: { 'x-ratelimit-reset': 'soon' } },
      { state: 'refused', why: 'Datadog answered 429' },
    ],
    [
      '408',
      { status: 408, headers: json, body: '{}' },
      { state: 'refused', why: 'Datadog answered 408: {}' },
    ],
    ['500', { status: 500 }, { state: 'refused', why: 'Datadog answered 500' }],
    ['503', { status: 503 }, { state: 'refused', why: 'Datadog answered 503' }],
    ['502', { status: 502 }, { state: 'unknown', why: 'Datadog answered 502: it may have arrived' }],
    ['504', { status: 504 }, { state: 'unknown', why: 'Datadog answered 504: it may have arrived' }],
    [
      '400',
      { status: 400, headers: json, body: '{"errors":["a","b"]}' },
      { state: 'rejected', why: 'Datadog answered 400: a; b' },
    ],
    [
      '413 from a proxy',
      { status: 413, headers: { 'content-type': 'text/html' }, body: '<h1>\u001b[2JToo big</h1>' },
      { state: 'rejected', why: 'Datadog answered 413: <h1>\ufffd[2JToo big</h1>' },
    ],
  ])('%s', async (_what, reply, outcome) => {
    const datadog = await intake(reply);
    expect(await send(aNotice(), datadog.url)).toEqual(outcome);
    expect(await send(aMeasurement(), datadog.url)).toEqual(outcome);
    expect(datadog.requests).toHaveLength(2);
  });

  test('a redirect is not followed: the key would go along', async () => {
    const elsewhere = await intake(ACCEPTED);
    const datadog = await intake({ status: 307, headers: { location: `${elsewhere.url}/api/v1/events` } });
    expect(await send(aNotice(), datadog.url)).toMatchObject({ state: 'rejected' });
    expect(elsewhere.requests).toEqual([]);
  });
});

describe('what no answer means', () => {
  const failing =
    (code: string): Post =>
    async () => {
      throw Object.assign(new Error('x'), { code });
    };

  test.each([
    ['ENOTFOUND', { state: 'refused', why: 'no connection to Datadog: ENOTFOUND' }],
    ['ECONNRESET', { state: 'unknown', why: 'the connection to Datadog broke: ECONNRESET' }],
    ['odd\ncode', { state: 'unknown', why: 'the connection to Datadog broke' }],
  ])('%j', async (code, outcome) => {
    expect(await send(aNotice(), 'http://127.0.0.1:9', { post: failing(code) })).toEqual(outcome);
  });

  test('nobody listens: surely not sent', async () => {
    const datadog = await serve(() => ACCEPTED);
    await datadog.close();
    expect(await send(aNotice(), datadog.url)).toEqual({
      state: 'refused',
      why: 'no connection to Datadog: ECONNREFUSED',
    });
  });

  test('the connection ends without an answer: it may have arrived', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(server);
    const { port } = server.address() as { port: number };
    expect(await send(aNotice(), `http://127.0.0.1:${port}`)).toMatchObject({ state: 'unknown' });
  });

  test('no answer in time: it may have arrived', async () => {
    const datadog = await serve(() => new Promise(() => {}));
    open.push(datadog);
    const outcome = await send(aNotice(), datadog.url, { timeoutMs: 50 });
    expect(outcome).toEqual({ state: 'unknown', why: 'no answer from Datadog in time' });
  });
});

describe('what cannot be sent at all', () => {
  test('a key that no header can hold is rejected, and not told', async () => {
    const datadog = await intake(ACCEPTED);
    const outcome = await send(aNotice(), datadog.url, { readKey: async () => 'one\ntwo' });
    expect(outcome).toMatchObject({
      state: 'rejected',
      why: expect.stringMatching(/^the client cannot send/),
    });
    expect(JSON.stringify(outcome)).not.toMatch(/one|two/);
    expect(datadog.requests).toEqual([]);
  });

  test('a body that the client refuses is rejected', async () => {
    const datadog = await intake(ACCEPTED);
    const counts = { ...toCounts({}), CRITICAL: '1' as never };
    const outcome = await send(aMeasurement({ gauges: [{ reference: 'latest', counts }] }), datadog.url);
    expect(outcome).toMatchObject({ state: 'rejected', why: expect.stringContaining('unknown type') });
    expect(datadog.requests).toEqual([]);
  });
});

test.each([
  ['0123456789abcdef0123456789abcdef', true],
  ['local-api-key', true],
  ['{"apiKey":"0123456789abcdef"}', false],
  ['0123456789abcdef\n0123456789abcdef', false],
  ['https://hooks.slack.com/services/T0/B0/x', false],
  ['<put the key here>', false],
  ['', false],
])('%j has the form of an API key: %s', (secret, expected) => {
  expect(apiKeyForm.accepts(secret)).toBe(expected);
});
