import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NEW_CVE, OLD_CVE, recordDemo } from '../browser/scene.ts';
import { commitOf, digestOf, hoursAgo, ZONE } from '../browser/world.ts';
import { cliFile, cliOver, environmentOf } from '../doubles/cli.ts';
import { STOPPED_CLOCK, startConsole } from '../doubles/console.ts';
import { VECTORS } from '../hostile/vectors.ts';

const { ask, tables } = cliOver(recordDemo);
const file = cliFile();
let server: Awaited<ReturnType<typeof startConsole>>;
beforeAll(async () => {
  server = await startConsole(file(), environmentOf(tables()));
});
afterAll(() => server?.stop());

function get(path: string, parameters: Readonly<Record<string, string>> = {}) {
  return fetch(`${server.url}${path}?${new URLSearchParams(parameters)}`);
}

/** What fetch would not send: another name of the server, and a path as it stands. */
async function rawly(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') {
  const { port, pathname } = new URL(server.url);
  const asked = request({ host: '127.0.0.1', port, path: path.replace(/^~/, pathname), method, headers });
  asked.end();
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    asked.on('response', resolve).on('error', reject);
  });
  return { status: response.statusCode, body: await text(response), headers: response.headers };
}

const REFERENCE = { reference: 'demo-api:latest' };
const OLD = digestOf('release 3');

describe('the console says what the command line says, to the letter', () => {
  const details = { limit: '3', details: 'true', at: hoursAgo(30) };
  test.each<[number, string, Readonly<Record<string, string>>, readonly string[]]>([
    [200, 'who', REFERENCE, ['demo-api:latest']],
    [
      200,
      'who',
      { reference: 'demo-api:latest@{yesterday 03:10}~1' },
      ['demo-api:latest@{yesterday 03:10}~1'],
    ],
    [
      200,
      'who',
      { ...REFERENCE, at: '3h ago', findings: 'true' },
      ['demo-api:latest', '--at', '3h ago', '--findings'],
    ],
    [200, 'who', { reference: OLD.slice(0, 20) }, [OLD.slice(0, 20)]],
    [200, 'who', { reference: commitOf('release 3').slice(0, 8) }, [commitOf('release 3').slice(0, 8)]],
    [200, 'who', { reference: 'prod/checkout', as: 'service' }, ['prod/checkout', '--as', 'service']],
    [200, 'who', { reference: NEW_CVE }, [NEW_CVE]],
    [404, 'who', { reference: 'demo-api:none' }, ['demo-api:none']],
    [300, 'who', { reference: 'web/shop:latest' }, ['web/shop:latest']],
    [
      200,
      'who',
      { reference: 'web/shop:latest', region: 'us-east-1' },
      ['web/shop:latest', '--region', 'us-east-1'],
    ],
    [200, 'history', REFERENCE, ['demo-api:latest']],
    [
      200,
      'history',
      { ...REFERENCE, ...details },
      ['demo-api:latest', '--limit', '3', '--details', '--at', hoursAgo(30)],
    ],
    [
      200,
      'diff',
      { older: 'demo-api:latest~1', newer: 'demo-api:latest' },
      ['demo-api:latest~1', 'demo-api:latest'],
    ],
    [200, 'service', { reference: 'prod/worker', at: hoursAgo(100) }, ['prod/worker', '--at', hoursAgo(100)]],
    [404, 'service', { reference: 'prod/nobody' }, ['prod/nobody']],
    [200, 'cve', { reference: OLD_CVE, from: '2026-11-10 12:00' }, [OLD_CVE, '--from', '2026-11-10 12:00']],
    [404, 'cve', { reference: 'CVE-1999-0001' }, ['CVE-1999-0001']],
    [200, 'repositories', {}, []],
    [
      200,
      'repositories',
      { limit: '3', after: 'n.111122223333:eu-west-1:demo-api' },
      ['--limit', '3', '--after', 'n.111122223333:eu-west-1:demo-api'],
    ],
    [404, 'repositories', { account: '999988887777' }, ['--account', '999988887777']],
  ])('%i %s %j', async (status, name, parameters, args) => {
    const [answer, { stdout }] = await Promise.all([
      get(`api/${name}`, parameters),
      ask([name, ...args, '--json'], { TZ: ZONE, NODE_OPTIONS: `--import ${STOPPED_CLOCK}` }),
    ]);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe(stdout);
  });
});

describe('what cannot be asked is refused in words', () => {
  const validate = new Ajv2020().compile(
    JSON.parse(readFileSync('docs/schemas/refusal.schema.json', 'utf8')),
  );
  test.each<[string, string, Readonly<Record<string, string>>, RegExp]>([
    ['nothing', 'who', {}, /say reference, as in who\?reference=…/],
    ['half of a comparison', 'diff', { older: 'a:b' }, /say older and newer/],
    ['no tag', 'history', { reference: 'Demo:-' }, /not a repository name/],
    ['no time', 'who', { ...REFERENCE, at: 'soon' }, /not a time/],
    ['an option of a terminal', 'who', { ...REFERENCE, output: 'sha' }, /who takes no "output" here/],
    ['an option of the process', 'who', { ...REFERENCE, tz: 'Asia/Tokyo' }, /takes no "tz" here/],
    ['an option of another command', 'cve', { reference: OLD_CVE, limit: '3' }, /cve takes no "limit" here/],
    ['a name from the prototype', 'who', { ...REFERENCE, constructor: 'x' }, /takes no "constructor" here/],
    ['a choice that is none', 'who', { ...REFERENCE, as: 'cat' }, /--as takes/],
    ['a switch that is neither', 'who', { ...REFERENCE, findings: 'yes' }, /"findings" is true or false/],
    ['far too much', 'who', { reference: 'x'.repeat(1001) }, /longer than 1000 characters/],
    ['a subject where none is asked for', 'repositories', REFERENCE, /takes no "reference" here/],
    ['a page that there is not', 'repositories', { after: 'here' }, /no list ended there/],
    ['a page that is too long', 'repositories', { limit: '101' }, /from 1 to 100/],
    ['a limit without end', 'history', { ...REFERENCE, limit: '99999' }, /from 1 to 999/],
  ])('%s', async (_, name, parameters, words) => {
    const response = await get(`api/${name}`, parameters);
    const document = (await response.json()) as { readonly error: string };
    expect(response.status).toBe(400);
    expect(document).toMatchObject({ schema: 'scan-response.refusal/v1', kind: 'usage' });
    expect(document.error).toMatch(words);
    expect(validate(document)).toBe(true);
  });

  test('a time that the clock showed twice comes with both', async () => {
    const response = await get('api/who', { ...REFERENCE, at: '2026-10-25 02:30' });
    const document = await response.json();
    expect(response.status).toBe(400);
    expect(document).toMatchObject({
      kind: 'ambiguous-time',
      readings: [/--fold 1/, /--fold 2/].map((it) => expect.stringMatching(it)),
    });
    expect(validate(document)).toBe(true);
  });

  test('the same twice', async () => {
    const response = await fetch(`${server.url}api/who?reference=a%3Ab&reference=c%3Ad`);
    expect(await response.text()).toContain('is there twice');
  });

  test.each(VECTORS.filter(({ text: it }) => it.length < 1000))(
    '$name is answered as one line of plain JSON',
    async ({ text: it }) => {
      const response = await get('api/who', { reference: it, at: it });
      const body = await response.text();
      expect([400, 404]).toContain(response.status);
      expect(body).toMatch(/^[ -~]*\n$/);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    },
  );

  test('tables that cannot be reached are trouble, and no answer', { timeout: 60_000 }, async () => {
    const away = await startConsole(file(), {
      ...environmentOf(tables()),
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
    });
    const response = await fetch(`${away.url}api/who?reference=demo-api%3Alatest`);
    const document = await response.json();
    await away.stop();
    expect(response.status).toBe(502);
    expect(document).toMatchObject({
      kind: 'backend',
      error: expect.stringMatching(/^AWS could not be asked: /),
    });
    expect(validate(document)).toBe(true);
  });
});

describe('nobody else gets anything', () => {
  test.each([
    '~',
    '~page.js',
    '~style.css',
    '~icon.svg',
    '~api/who?reference=demo-api%3Alatest',
    '~nothing',
    '/',
  ])('%s: every answer has the headers', async (path) => {
    const { headers } = await rawly(path);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  test.each([
    [404, '/', {}],
    [404, '/api/who?reference=demo-api%3Alatest', {}],
    [404, '~../../../etc/passwd', {}],
    [404, '~%2e%2e/package.json', {}],
    [404, '~api/redrive?reference=slack', {}],
    [404, '~api/constructor', {}],
    [421, '~', { host: 'evil.example' }],
    [403, '~api/who?reference=demo-api%3Alatest', { origin: 'https://evil.example' }],
    [
      403,
      '~api/who?reference=demo-api%3Alatest',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
    ],
  ])('%i %s %j', async (status, path, headers) => {
    const answer = await rawly(path, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain(new URL(server.url).pathname.slice(1, -1));
  });

  test('nothing but GET', async () => {
    const { status, headers } = await rawly('~api/who?reference=demo-api%3Alatest', {}, 'POST');
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET' });
  });

  test('the page holds no script and no style of its own, and leads nowhere else', async () => {
    const html = await (await get('')).text();
    expect(html).toContain('data-stage="dev" data-zone="Europe/Berlin"');
    expect(html).not.toMatch(/<script>|<style|\sstyle=|\son[a-z]+=|https?:|\/\//i);
  });
});

describe('the command', () => {
  test('says where it is, and ends with Ctrl-C', async () => {
    const other = await startConsole(file(), environmentOf(tables()));
    expect(other.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
    expect(other.url).not.toBe(server.url);
    expect(await other.stop()).toBe(0);
    expect(await other.said).toContain('Ctrl-C ends it');
    await expect(fetch(other.url)).rejects.toThrow();
  });

  test.each([
    ['no-port', '--port takes a number'],
    ['70000', '--port takes a number'],
  ])('refuses the port %s', async (port, words) => {
    expect(await ask(['console', '--port', port])).toMatchObject({
      exit: 1,
      stdout: '',
      stderr: expect.stringContaining(words),
    });
  });

  test('says when the port is taken', async () => {
    const { port } = new URL(server.url);
    const { exit, stderr } = await ask(['console', '--port', port]);
    expect(exit).toBe(1);
    expect(stderr).toContain(
      `127.0.0.1:${port} cannot be listened on (EADDRINUSE); say another --port, or none`,
    );
  });
});
