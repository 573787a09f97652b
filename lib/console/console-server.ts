import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask } from '../ask/ask.ts';
import type { Tools } from '../cli/command.ts';
import { asciiJson } from '../cli/printable.ts';
import { callerZone } from '../cli/zone.ts';
import { BadReference } from '../errors.ts';
import { type Door, enter } from './door.ts';
import { SAFE_HEADERS } from './headers.ts';
import { pageHtml } from './html.ts';

/** A console that can be opened; `url` holds the token, and whoever has it can ask what the caller can. */
export interface Console {
  readonly url: string;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

const JSON_TYPE = 'application/json; charset=utf-8';
/** The build leaves them beside the bundle. */
const FILES: Readonly<Record<string, string>> = {
  'page.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};
const WORDS: Readonly<Record<number, string>> = {
  403: 'The console answers its own page only.\n',
  404: 'There is nothing here. Open the address that scan-response console printed.\n',
  405: 'The console changes nothing: it takes GET only.\n',
  421: 'The console answers under 127.0.0.1 only.\n',
};

/**
 * Serves the console on 127.0.0.1, on a free port when it is 0. The page asks what the commands of `tools` answer.
 * Throws BadReference when the port cannot be had.
 */
export async function startConsole(
  tools: Tools,
  { port = 0, folder = new URL('page/', import.meta.url) }: { port?: number; folder?: URL } = {},
): Promise<Console> {
  const files = await loadFiles(folder, pageHtml({ stage: tools.stage, zone: callerZone() }));
  const token = randomBytes(24).toString('base64url');
  const server = createServer();
  await listen(server, port);
  const door: Door = { port: (server.address() as AddressInfo).port, token };
  server.on('request', (request: IncomingMessage, response) => {
    reply(request, door, files, tools)
      .then(({ status, type, body }) => {
        const allow = status === 405 ? { allow: 'GET' } : {};
        response.writeHead(status, { ...SAFE_HEADERS, ...allow, 'content-type': type }).end(body);
      })
      .catch(() => response.destroy());
  });
  return { url: `http://127.0.0.1:${door.port}/${token}/`, close: () => close(server) };
}

async function reply(
  { method = '', url: target = '', headers }: IncomingMessage,
  door: Door,
  files: ReadonlyMap<string, Reply>,
  tools: Tools,
): Promise<Reply> {
  const entry = enter({ method, target, headers }, door);
  if ('status' in entry) return told(entry.status);
  const { pathname, searchParams } = entry.url;
  const [, name] = /^\/api\/([a-z]+)$/.exec(pathname) ?? [];
  const answer = name && (await ask(name, searchParams, tools));
  if (answer) return { status: answer.status, type: JSON_TYPE, body: `${asciiJson(answer.document)}\n` };
  return files.get(pathname) ?? told(404);
}

function told(status: number): Reply {
  return { status, type: 'text/plain; charset=utf-8', body: WORDS[status] ?? '' };
}

async function loadFiles(folder: URL, html: string): Promise<ReadonlyMap<string, Reply>> {
  const parts = Object.entries(FILES).map(async ([name, type]): Promise<[string, Reply]> => {
    const body = await readFile(new URL(name, folder));
    return [`/${name}`, { status: 200, type, body }];
  });
  const page: Reply = { status: 200, type: 'text/html; charset=utf-8', body: html };
  return new Map([['/', page], ...(await Promise.all(parts))]);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new BadReference(`127.0.0.1:${port} cannot be listened on (${code}); say another --port, or none`);
  }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
