import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../simulation/report/row.ts';
import type { Fetched } from './hostile/fetcher.ts';
import { GOOD, HOSTILE, type Hostile } from './hostile/servers.ts';

/** The promise for one blob. */
const MOST_MS = 5_000;
const MOST_EXTRA_KIB = 4 * 1024;

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const SECRET = 'X-Amz-Signature=0123456789abcdef';
const measured: (Fetched & { readonly name: string })[] = [];
let folder: string;
let fetcher: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  fetcher = join(folder, 'fetcher.mjs');
  const entryPoints = [join(import.meta.dirname, 'hostile/fetcher.ts')];
  await build({ entryPoints, outfile: fetcher, bundle: true, platform: 'node', format: 'esm' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs with the address of a server, which ends with it whatever it was doing. */
async function serving<T>(server: Server, use: (origin: string) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

const goodServer = () =>
  createServer((_, response) => response.writeHead(200, { 'content-length': GOOD.length }).end(GOOD));

/** One fetch in a process of its own, warmed up with a good one. */
async function fetchFrom({
  server,
  blob = GOOD,
  size = blob.length,
  nodeFlags = [],
}: Pick<Hostile, 'server' | 'blob' | 'size' | 'nodeFlags'>): Promise<Fetched> {
  return serving(goodServer(), (good) =>
    serving(server(), async (hostile) => {
      const ask = (origin: string, of: Buffer, said = of.length) =>
        JSON.stringify({ address: `${origin}/blob?${SECRET}`, digest: digestOf(of), size: said });
      const args = ['--expose-gc', ...nodeFlags, fetcher, ask(good, GOOD), ask(hostile, blob, size)];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    }),
  );
}

test('a good blob is taken', async () => {
  expect((await fetchFrom({ server: goodServer })).outcome).toBe(`taken: ${GOOD.length}`);
});

describe('a blob is refused, soon and without keeping it', () => {
  test.each(HOSTILE)('$name', async (hostile) => {
    const fetched = await fetchFrom(hostile);
    measured.push({ name: hostile.name, ...fetched });
    expect(fetched.outcome).toMatch(/^BlobRefused: /);
    expect(fetched.outcome).toMatch(hostile.refusal);
    expect(fetched.outcome).not.toContain('Signature');
    expect(fetched.milliseconds).toBeLessThanOrEqual(MOST_MS);
    expect(fetched.extraKib).toBeLessThanOrEqual(MOST_EXTRA_KIB);
  });

  test('and the figures are on record', () => {
    const slowest = Math.round(Math.max(...measured.map(({ milliseconds }) => milliseconds)));
    const largest = Math.max(...measured.map(({ extraKib }) => extraKib));
    for (const { name, milliseconds, extraKib } of measured)
      process.stdout.write(`${Math.round(milliseconds)} ms  ${extraKib} KiB  ${name}\n`);
    const pass = measured.length >= 20 && slowest <= MOST_MS && largest <= MOST_EXTRA_KIB;
    record({
      id: 'R14',
      size: measured.length,
      promise: 'hostile blobs are refused',
      target: `≥ 20 servers, ≤ ${MOST_MS} ms, ≤ ${MOST_EXTRA_KIB} KiB extra memory`,
      measured: { servers: measured.length, 'ms at most': slowest, 'KiB extra at most': largest },
      pass,
    });
    expect(pass).toBe(true);
  });
});
