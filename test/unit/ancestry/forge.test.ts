import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type ForgeOptions, isAncestorOnForge } from '../../../lib/ancestry/forge.ts';
import { PUBLIC_HOSTS } from '../../../lib/image/links.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';

const [OLD, NEW] = ['a'.repeat(40), 'b'.repeat(40)] as const;
const GITHUB = 'https://github.com/example/demo-api';
const GITLAB = 'git@gitlab.com:group/sub/demo-api.git';

/** A forge's API on this machine that answers everything alike; returns what it was asked. */
async function aForge(answer: (request: IncomingMessage, reply: ServerResponse) => void) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, reply) => {
    asked.push(request);
    answer(request, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = (repoUrl: string, more: Partial<ForgeOptions> = {}, ancestor: string = OLD) =>
    isAncestorOnForge(untrusted(repoUrl), ancestor, NEW, {
      ...{ hosts: PUBLIC_HOSTS, tokenOf: () => undefined, baseUrl },
      ...more,
    });
  return { asked, ask };
}

const says = (document: unknown) => (_: IncomingMessage, reply: ServerResponse) =>
  reply.end(JSON.stringify(document));

test.each([
  ['ahead', { says: 'yes' }],
  ['identical', { says: 'yes' }],
  ['behind', { says: 'no' }],
  ['diverged', { says: 'no' }],
  ['whatever', { says: 'unknown', why: 'the reply says nothing' }],
])('GitHub says %s', async (status, expected) => {
  const { ask, asked } = await aForge(says({ status }));
  expect(await ask(GITHUB, { tokenOf: (host) => (host === 'github.com' ? 'secret' : undefined) })).toEqual(
    expected,
  );
  expect(asked[0]?.url).toBe(`/repos/example/demo-api/compare/${OLD}...${NEW}?per_page=1&page=2`);
  expect(asked[0]?.headers.authorization).toBe('Bearer secret');
});

test.each([
  [OLD, { says: 'yes' }],
  ['c'.repeat(40), { says: 'no' }],
  ['<html>', { says: 'unknown', why: 'the reply says nothing' }],
])('GitLab says %s', async (id, expected) => {
  const { ask, asked } = await aForge(says({ id }));
  expect(await ask(GITLAB, { tokenOf: () => 'secret' })).toEqual(expected);
  expect(asked[0]?.url).toBe(
    `/projects/group%2Fsub%2Fdemo-api/repository/merge_base?refs[]=${OLD}&refs[]=${NEW}`,
  );
  expect(asked[0]?.headers['private-token']).toBe('secret');
});

test.each([
  [404, 'github.com does not know one of the commits, or does not show us the repository'],
  [403, 'github.com said 403: a token may help'],
  [500, 'github.com said 500'],
])('%i is unknown', async (status, why) => {
  const { ask } = await aForge((_, reply) => reply.writeHead(status).end('{}'));
  expect(await ask(GITHUB)).toEqual({ says: 'unknown', why });
});

test.each<[string, (request: IncomingMessage, reply: ServerResponse) => void]>([
  ['a redirect', (_, reply) => reply.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['no JSON', (_, reply) => reply.end('<html>')],
  ['a hang-up', (request) => request.socket.destroy()],
  ['silence', () => undefined],
  [
    'no end',
    (_, reply) => {
      const timer = setInterval(() => reply.write('x'.repeat(1_000_000)), 5);
      reply.on('close', () => clearInterval(timer));
    },
  ],
])('%s is unknown within four seconds', async (_what, answer) => {
  const { ask } = await aForge(answer);
  const startedMs = Date.now();
  expect(await ask(GITHUB)).toMatchObject({
    says: 'unknown',
    why: expect.stringContaining('github.com could not be asked'),
  });
  expect(Date.now() - startedMs).toBeLessThan(4_000);
});

test.each([
  'https://evil.example/example/demo-api',
  'https://bitbucket.org/example/demo-api',
  'nonsense',
  GITHUB.replace('github.com', 'github.com.evil.example'),
])('%s is not asked', async (repoUrl) => {
  const { ask, asked } = await aForge(says({ status: 'ahead' }));
  expect(await ask(repoUrl)).toMatchObject({ says: 'unknown' });
  expect(asked).toEqual([]);
});

test('what is no commit is not asked for', async () => {
  const { ask, asked } = await aForge(says({ status: 'ahead' }));
  expect(await ask(GITHUB, {}, '../../../user')).toEqual({ says: 'unknown', why: 'these are no commits' });
  expect(asked).toEqual([]);
});
