import { describe, expect, test } from 'vitest';
import { enter } from '../../../lib/console/door.ts';

const TOKEN = 'b'.repeat(32);
const DOOR = { port: 4711, token: TOKEN };
const host = '127.0.0.1:4711';

function knock(target = `/${TOKEN}/`, headers = {}, method = 'GET') {
  const entry = enter({ method, target, headers: { host, ...headers } }, DOOR);
  return 'status' in entry ? entry.status : `${entry.url.pathname}${entry.url.search}`;
}

test('who has the address comes in, and the token is no part of where to', () => {
  expect(knock()).toBe('/');
  expect(knock(`/${TOKEN}/api/who?reference=a%2Fb`)).toBe('/api/who?reference=a%2Fb');
  expect(knock(`/${TOKEN}/`, { host: 'localhost:4711' })).toBe('/');
});

describe('nobody else does', () => {
  test.each([
    ['without the token', '/'],
    ['with another token', `/${'c'.repeat(32)}/`],
    ['with the beginning of it', `/${TOKEN.slice(1)}/`],
    ['with more than it', `/${TOKEN}b/`],
    ['with it elsewhere', `/api/${TOKEN}/`],
    ['with it behind a question mark', `/?${TOKEN}`],
    ['with a target that is no address', 'http://['],
    ['with nothing', ''],
  ])('%s', (_, target) => {
    expect(knock(target)).toBe(404);
  });

  test.each([
    'evil.example',
    'evil.example:4711',
    '127.0.0.1',
    '127.0.0.1:4712',
    '0.0.0.0:4711',
    '',
    `${host}.evil.example`,
  ])('under the name %s, which a server of others may lead here', (name) => {
    expect(knock(undefined, { host: name })).toBe(421);
  });

  test.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'get'])('with %s', (method) => {
    expect(knock(undefined, {}, method)).toBe(405);
  });

  test.each(['https://evil.example', 'null', 'http://127.0.0.1:4712', 'http://127.0.0.1'])(
    'from a page of %s',
    (origin) => {
      expect(knock(`/${TOKEN}/api/who`, { origin })).toBe(403);
    },
  );

  test.each([
    ['cross-site', 'cors', 'empty'],
    ['same-site', 'no-cors', 'script'],
    ['cross-site', 'navigate', 'iframe'],
    ['cross-site', 'navigate', 'document'],
  ])('asked by a browser for a page of others: %s %s %s', (site, mode, dest) => {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest };
    expect(knock(`/${TOKEN}/api/who`, headers)).toBe(403);
    // A terminal in a browser may open the page itself; nothing may frame it.
    expect(knock(`/${TOKEN}/`, headers)).toBe(dest === 'document' ? '/' : 403);
  });
});

test('its own page does', () => {
  const headers = { 'sec-fetch-site': 'same-origin', origin: `http://${host}` };
  expect(knock(`/${TOKEN}/api/who`, headers)).toBe('/api/who');
});
