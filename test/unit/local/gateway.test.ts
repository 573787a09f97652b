import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { STSClient } from '@aws-sdk/client-sts';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { GatewayRoute } from '../../../local/gateway/definition.ts';
import { type GatewayOptions, startGateway } from '../../../local/gateway/gateway.ts';
import { createThrottle } from '../../../local/gateway/throttle.ts';
import { loopback } from '../../doubles/loopback.ts';
import { fetchSigned, signedHeaders } from '../../doubles/signed.ts';

const BUSY = { timeoutMs: 500, perSecond: 1e6, burst: 1e6 };
const ROUTES: readonly GatewayRoute[] = [
  { key: 'GET /v1/{question}', authorization: 'AWS_IAM', functionName: 'api', ...BUSY },
  { key: 'POST /slack/{kind}', authorization: 'NONE', functionName: 'slack', ...BUSY },
];
const sts = new STSClient(loopback('http://127.0.0.1:1'));

type Answer = { readonly value?: unknown; readonly error?: string } | 'never';

/** A gateway in front of functions that answer as told; what they were asked is kept. */
async function serving(
  answer: Answer = { value: 'ok' },
  options: Partial<GatewayOptions> = {},
  routes = ROUTES,
) {
  const asked: { functionName: string; event: APIGatewayProxyEventV2 }[] = [];
  const endpoint = await startGateway(
    { name: 'api-id', routes },
    {
      account: '111122223333',
      region: 'us-east-1',
      invoke: async (functionName, event) => {
        asked.push({ functionName, event: event as APIGatewayProxyEventV2 });
        if (answer === 'never') return new Promise(() => undefined);
        const { value, error } = answer;
        const result = value === undefined ? undefined : JSON.stringify(value);
        const about = { functionName, requestId: '1', cold: false, durationMs: 1, result };
        return { ...about, error: error === undefined ? undefined : { type: 'Error', message: error } };
      },
      ...options,
    },
  );
  onTestFinished(() => endpoint.close());
  return { asked, url: endpoint.url };
}

describe('who may ask', () => {
  test('is whom the SDK signs for, whatever is in the path and the query', async () => {
    const { url, asked } = await serving();
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.tuple(text, text), { maxLength: 4 }), async (name, pairs) => {
        const query = new URLSearchParams(pairs).toString().replaceAll('+', '%20');
        const target = `${url}/v1/${encodeURIComponent(`x${name}`)}?${query}`;
        const response = await fetchSigned(sts, target);
        expect(response.status).toBe(200);
        expect(asked.at(-1)?.event.pathParameters).toEqual({ question: `x${name}` });
        expect([...new URLSearchParams(asked.at(-1)?.event.rawQueryString)]).toEqual(pairs);
      }),
      { numRuns: 60 },
    );
    expect(asked[0]?.event.requestContext).toMatchObject({
      authorizer: { iam: { accessKey: 'local', userArn: 'arn:aws:iam::111122223333:user/local' } },
      http: { method: 'GET' },
      stage: '$default',
    });
  });

  test('is whom curl signs for', async () => {
    const { url } = await serving({ value: { statusCode: 200, body: 'asked' } });
    const { stdout } = await promisify(execFile)('curl', [
      ...['-sS', '--aws-sigv4', 'aws:amz:us-east-1:execute-api', '--user', 'local:local'],
      // By name and encoded in capitals, as the rules want it: curl signs a query as it stands.
      `${url}/v1/who?at=2026-11-20T03%3A10%3A00Z&reference=demo-api%3Alatest`,
    ]);
    expect(stdout).toBe('asked');
  });

  test('is nobody who did not sign, or signed something else', async () => {
    const { url, asked } = await serving();
    const target = `${url}/v1/who?reference=a`;
    const good = await signedHeaders(sts, target);
    const late = await signedHeaders(sts, target, { signingDate: new Date(Date.now() - 400_000) });
    const elsewhere = await signedHeaders(sts, target, { signingRegion: 'eu-west-1' });
    const strangers = new STSClient({
      ...loopback('http://127.0.0.1:1'),
      credentials: { accessKeyId: 'local', secretAccessKey: 'guessed' },
    });
    const guessed = await signedHeaders(strangers, target);
    const spoilt = {
      ...good,
      authorization: `${good.authorization}`.replace(/.$/, (it) => (it === '0' ? '1' : '0')),
    };
    const requests: [string, string, Record<string, string>][] = [
      ['GET', target, {}],
      ['GET', target, { authorization: 'AWS4-HMAC-SHA256 Credential=local' }],
      ['GET', `${url}/v1/who?reference=b`, good],
      ['GET', `${url}/v1/cve?reference=a`, good],
      ...[late, elsewhere, guessed, spoilt].map((it): [string, string, Record<string, string>] => [
        'GET',
        target,
        it,
      ]),
    ];
    for (const [method, to, headers] of requests) {
      const response = await fetch(to, { method, headers });
      expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
    }
    expect(asked).toEqual([]);
    expect((await fetch(target, { headers: good })).status).toBe(200);
  });
});

describe('what a function is asked', () => {
  test('without a signature, where the route wants none, the body as it came', async () => {
    const { url, asked } = await serving();
    const body = 'command=%2Flineage&text=demo-api%3Alatest';
    await fetch(`${url}/slack/command?a=1&a=2`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'X-Slack-Signature': 'v0=1',
        cookie: 'a=1; b=2',
      },
    });
    expect(asked).toMatchObject([
      {
        functionName: 'slack',
        event: {
          version: '2.0',
          routeKey: 'POST /slack/{kind}',
          rawPath: '/slack/command',
          rawQueryString: 'a=1&a=2',
          queryStringParameters: { a: '1,2' },
          pathParameters: { kind: 'command' },
          headers: { 'x-slack-signature': 'v0=1' },
          cookies: ['a=1', 'b=2'],
          body: Buffer.from(body).toString('base64'),
          isBase64Encoded: true,
        },
      },
    ]);
    expect(asked[0]?.event.requestContext).not.toHaveProperty('authorizer');
  });

  test.each([
    ['text/plain', 'ü', false],
    ['application/json; charset=utf-8', '{"a":1}', false],
    ['application/octet-stream', 'ü', true],
    ['application/x-www-form-urlencoded', 'a=b', true],
  ])('a body of %s', async (type, body, isBase64Encoded) => {
    const { url, asked } = await serving();
    await fetch(`${url}/slack/x`, { method: 'POST', body, headers: { 'content-type': type } });
    const expected = isBase64Encoded ? Buffer.from(body).toString('base64') : body;
    expect(asked[0]?.event).toMatchObject({ body: expected, isBase64Encoded });
  });

  test.each([
    ['GET', '/slack/command'],
    ['POST', '/slack/command/more'],
    ['POST', '/slack/'],
    ['POST', '/slack'],
    ['POST', '/slack/%E0%A4'],
    ['POST', '/Slack/command'],
  ])('nothing by %s %s', async (method, path) => {
    const { url, asked } = await serving();
    const response = await fetch(url + path, { method });
    expect([response.status, await response.json(), asked]).toEqual([404, { message: 'Not Found' }, []]);
  });
});

describe('what is answered', () => {
  const post = async (answer: Answer) => {
    const { url } = await serving(answer);
    return fetch(`${url}/slack/x`, { method: 'POST' });
  };

  test('is what the function says', async () => {
    const headers = { 'Content-Type': 'text/html', ETag: '"1"' };
    const body = Buffer.from([0xff, 0]).toString('base64');
    const response = await post({
      value: { statusCode: 201, headers, cookies: ['a=1', 'b=2'], body, isBase64Encoded: true },
    });
    expect([response.status, response.headers.get('etag'), response.headers.getSetCookie()]).toEqual([
      ...[201, '"1"'],
      ['a=1', 'b=2'],
    ]);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0xff, 0]);
  });

  test('is the whole answer, when that has no status', async () => {
    const response = await post({ value: { text: 'hi' } });
    expect([response.status, await response.json()]).toEqual([200, { text: 'hi' }]);
  });

  test.each([
    ['a function that throws', { error: 'secret' }, 500, 'Internal Server Error'],
    ['an answer of no form', { value: { statusCode: 'x' } }, 500, 'Internal Server Error'],
    ['none in time', 'never' as const, 503, 'Service Unavailable'],
  ])('is an error of its own for %s', async (_, answer, status, message) => {
    const response = await post(answer);
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });
});

describe('the limit', () => {
  test('is for each route, and refuses with 429', async () => {
    const routes = ROUTES.map((route) => ({ ...route, perSecond: 1, burst: 2 }));
    let nowMs = Date.now();
    const { url } = await serving(undefined, { now: () => new Date(nowMs) }, routes);
    const post = async () => (await fetch(`${url}/slack/x`, { method: 'POST' })).status;
    expect([await post(), await post(), await post()]).toEqual([200, 200, 429]);
    expect((await fetchSigned(sts, `${url}/v1/who`)).status).toBe(200);
    nowMs += 1000;
    expect([await post(), await post()]).toEqual([200, 429]);
  });

  test('lets through no more than its burst and its rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 100 }),
        (perSecond, burst, pausesMs) => {
          let nowMs = 0;
          const mayPass = createThrottle({ perSecond, burst }, () => nowMs);
          let passed = 0;
          for (const pauseMs of pausesMs) {
            nowMs += pauseMs;
            if (mayPass()) passed += 1;
          }
          expect(passed).toBeLessThanOrEqual(burst + (nowMs / 1000) * perSecond + 1e-6);
        },
      ),
    );
  });
});
