import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../../lib/machine/connect.ts';
import { readDisk } from '../../../lib/machine/disk.ts';
import { readLogin } from '../../../lib/machine/docker-login.ts';
import { dockerFolder, HOST, tokenUntil } from '../../doubles/transfer.ts';

function loginIn(config: unknown) {
  return readLogin(join(dockerFolder(config), 'config.json'), HOST);
}

describe('docker’s login', () => {
  test.each([
    ['no file', undefined, { state: 'absent' }],
    ['no login', {}, { state: 'found', value: { kind: 'none' } }],
    [
      'another registry’s',
      { auths: { other: { auth: tokenUntil(1) } } },
      { state: 'found', value: { kind: 'none' } },
    ],
    [
      'a token, with its end',
      { auths: { [HOST]: { auth: tokenUntil(1_780_000_000) } } },
      { state: 'found', value: { kind: 'token', endsAt: '2026-05-28T20:26:40.000Z' } },
    ],
    [
      'a token under an address, as old versions wrote it',
      { auths: { [`https://${HOST}`]: { auth: tokenUntil(1_780_000_000) } } },
      { state: 'found', value: { kind: 'token', endsAt: '2026-05-28T20:26:40.000Z' } },
    ],
    [
      'a password of another kind',
      { auths: { [HOST]: { auth: btoa('me:secret') } } },
      { state: 'found', value: { kind: 'password' } },
    ],
    [
      'a store of the desktop',
      { credsStore: 'desktop', auths: { [HOST]: {} } },
      { state: 'found', value: { kind: 'program', program: 'desktop' } },
    ],
    [
      'a helper for this registry',
      { credHelpers: { [HOST]: 'ecr-login' } },
      { state: 'found', value: { kind: 'program', program: 'ecr-login' } },
    ],
    [
      'nonsense',
      { auths: [3], credHelpers: 'x', credsStore: 4 },
      { state: 'found', value: { kind: 'none' } },
    ],
  ])('%s', async (_, config, expected) => {
    expect(await loginIn(config)).toEqual(expected);
  });

  test('what is no JSON is no answer, and nothing of it is said', async () => {
    const folder = dockerFolder({});
    writeFileSync(join(folder, 'config.json'), '{"auths": canary');
    const answer = await readLogin(join(folder, 'config.json'), HOST);
    expect(answer).toMatchObject({ state: 'failed' });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });
});

test('the disk of the first folder that is there', async () => {
  expect(await readDisk(['/nowhere', '/'])).toMatchObject({ state: 'found', value: { path: '/' } });
  expect(await readDisk(['/nowhere'])).toEqual({ state: 'absent' });
});

async function listening(onConnection: (end: () => void) => void): Promise<URL> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    onConnection(() => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
}

describe('a connection', () => {
  test('to what answers, at a private address', async () => {
    const url = await listening((end) => end());
    expect(await connect('some.host', { timeoutMs: 2000 }, url)).toEqual({
      ...{ host: 'some.host', addresses: ['127.0.0.1'], isPrivate: true },
    });
  });

  test('to what nobody listens at', async () => {
    const facts = await connect('some.host', { timeoutMs: 2000 }, new URL('http://127.0.0.1:1'));
    expect(facts).toMatchObject({ error: 'ECONNREFUSED' });
  });

  test('to what answers, and not with TLS', async () => {
    const url = await listening((end) => end());
    const facts = await connect(
      'some.host',
      { timeoutMs: 2000 },
      new URL(url.href.replace('http:', 'https:')),
    );
    expect(facts.error).toMatch(/SSL|EPROTO/);
  });

  test('to what takes connections and says nothing', async () => {
    const url = await listening(() => undefined);
    const facts = await connect(
      'some.host',
      { timeoutMs: 300 },
      new URL(url.href.replace('http:', 'https:')),
    );
    expect(facts).toMatchObject({ error: 'ETIMEDOUT' });
  });

  test('to a name that there is not', async () => {
    const facts = await connect('no-such-host.invalid', { timeoutMs: 4000 });
    expect(facts).toMatchObject({ addresses: [], error: expect.stringMatching(/^E/) });
  });
});
