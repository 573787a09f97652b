import type { ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { drip, flood, head, http, tcp } from './answer.ts';

/** A server that answers a fetch of `size` bytes with a digest in its own way, and why it is refused. */
export interface Hostile {
  readonly name: string;
  readonly server: () => Server;
  /** What the descriptor is of; default: GOOD. */
  readonly blob?: Buffer;
  /** The size in the descriptor; default: that of the blob. */
  readonly size?: number;
  readonly refusal: RegExp;
  /**
   * Of its process; default: none. Hundreds of pieces wake V8's optimizing compiler, which takes about 6 MiB, once for
   * a process and whatever the bytes are: `--no-opt` leaves it out of the figure.
   */
  readonly nodeFlags?: readonly string[];
}

export const GOOD = Buffer.from(
  JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', pad: 'x'.repeat(4000) }),
);
const { length } = GOOD;
/** 64 bytes that no character begins with. */
const NO_TEXT = Buffer.alloc(64, 0xff);
const BROKEN = /the connection failed: (HPE|E)/;
const NO_LENGTH = /does not say that it has the length of the blob/;
const WRONG = /not what its digest says/;
const CRUMBS = /comes in pieces that are too small/;
const SILENT = /no byte of the blob came within 2000 ms/;
const zeros = (size: number) => Buffer.alloc(size);
const MEBIBYTE = 1024 * 1024;
/** 64 MiB of zeros in 64 KiB. */
const BOMB = gzipSync(zeros(64 * MEBIBYTE));

const redirect = (status: number) =>
  http((response) => response.writeHead(status, { location: 'http://169.254.169.254/latest' }).end());
const status = (code: number) => http((response) => response.writeHead(code).end(GOOD));
/** Says a length, and sends something else. */
const lying = (length: number, send: (response: ServerResponse) => void, headers = {}) =>
  http((response) => send(response.writeHead(200, { 'content-length': length, ...headers })));
const exactly = (bytes: Buffer, headers = {}) =>
  lying(bytes.length, (response) => response.end(bytes), headers);
const chunked = (send: (socket: Socket) => void) =>
  tcp((socket) => {
    socket.write(head(['transfer-encoding: chunked']));
    send(socket);
  });
const GOOD_LENGTH = `content-length: ${length}`;

const STATUSES: readonly Hostile[] = [
  { name: 'a redirect, 302', server: redirect(302), refusal: /the answer is 302/ },
  { name: 'a redirect that keeps the method, 307', server: redirect(307), refusal: /the answer is 307/ },
  { name: 'another status, 204', server: status(204), refusal: /the answer is 204/ },
  { name: 'a part, 206', server: status(206), refusal: /the answer is 206/ },
  { name: 'an error, 403', server: status(403), refusal: /the answer is 403/ },
  {
    name: 'an error with an endless body, 500',
    server: http((response) => flood(response.writeHead(500), zeros(65_536))),
    refusal: /the answer is 500/,
  },
  {
    name: 'another protocol',
    server: tcp((socket) =>
      socket.write('HTTP/1.1 101 Switching\r\nupgrade: tcp\r\nconnection: upgrade\r\n\r\n'),
    ),
    refusal: /another protocol/,
  },
  { name: 'no HTTP', server: tcp((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')), refusal: BROKEN },
];

const LENGTHS: readonly Hostile[] = [
  { name: 'endless', server: http((response) => flood(response, zeros(65_536))), refusal: NO_LENGTH },
  {
    name: 'endless, and said to have 1 MiB',
    server: lying(MEBIBYTE, (response) => flood(response, zeros(65_536))),
    size: MEBIBYTE,
    refusal: /not what its digest says|connection failed/,
  },
  {
    name: 'a descriptor of 8 GiB',
    server: status(200),
    size: 8192 * MEBIBYTE,
    refusal: /at most 1048576 are/,
  },
  { name: 'a descriptor of 1 MiB and a byte', server: status(200), size: MEBIBYTE + 1, refusal: /at most/ },
  { name: 'a descriptor of less than nothing', server: status(200), size: -1, refusal: /it has -1 bytes/ },
  {
    name: 'an answer of 1 GB',
    server: lying(1e9, (response) => flood(response, zeros(65_536))),
    refusal: NO_LENGTH,
  },
  { name: 'one byte more', server: exactly(Buffer.concat([GOOD, zeros(1)])), refusal: NO_LENGTH },
  { name: 'one byte less', server: exactly(GOOD.subarray(1)), refusal: NO_LENGTH },
  {
    name: 'two lengths',
    server: tcp((socket) => socket.end(head([GOOD_LENGTH, 'content-length: 5']) + GOOD)),
    refusal: BROKEN,
  },
  {
    name: 'a length and chunks',
    server: tcp((socket) => flood(socket, `${head([GOOD_LENGTH, 'transfer-encoding: chunked'])}1\r\nx\r\n`)),
    refusal: BROKEN,
  },
  {
    name: 'a chunk longer than it says',
    server: chunked((socket) => flood(socket, '5\r\n0123456789')),
    refusal: NO_LENGTH,
  },
  {
    name: 'a chunk of 16 EiB',
    server: chunked((socket) => flood(socket, `ffffffffffffffff\r\n${GOOD}`)),
    refusal: NO_LENGTH,
  },
  {
    name: 'endless chunks of a byte',
    server: tcp((socket) => {
      const chunks = '1\r\nx\r\n'.repeat(10_000);
      socket.write(head(['transfer-encoding: chunked']) + chunks);
      flood(socket, chunks);
    }),
    refusal: NO_LENGTH,
  },
];

const BYTES: readonly Hostile[] = [
  { name: 'other bytes of the same length', server: exactly(zeros(length)), refusal: WRONG },
  { name: 'other bytes, 1 MiB of them', server: exactly(zeros(MEBIBYTE)), size: MEBIBYTE, refusal: WRONG },
  {
    name: 'other bytes, 1 MiB of them in pieces of a packet',
    server: lying(MEBIBYTE, (response) => {
      response.socket?.setNoDelay();
      let left = MEBIBYTE;
      drip(
        () => {
          response.write(zeros(Math.min(1400, left)));
          left -= Math.min(1400, left);
        },
        1,
        response,
      );
    }),
    size: MEBIBYTE,
    refusal: WRONG,
    nodeFlags: ['--no-opt'],
  },
  { name: 'no text, as its digest says', server: exactly(NO_TEXT), blob: NO_TEXT, refusal: /not text/ },
  {
    name: 'a gzip bomb that says so',
    server: exactly(BOMB, { 'content-encoding': 'gzip' }),
    blob: BOMB,
    refusal: /compressed/,
  },
  { name: 'a gzip bomb that does not say so', server: exactly(BOMB), blob: BOMB, refusal: /not text/ },
  {
    name: 'a gzip bomb as a transfer',
    server: tcp((socket) =>
      socket.end(Buffer.concat([Buffer.from(head(['transfer-encoding: gzip'])), BOMB])),
    ),
    blob: BOMB,
    refusal: NO_LENGTH,
  },
];

const CONNECTIONS: readonly Hostile[] = [
  {
    name: 'no connection',
    server: () => createTcpServer((socket) => socket.resetAndDestroy()),
    refusal: BROKEN,
  },
  {
    name: 'a reset in the middle',
    server: tcp((socket) => {
      socket.write(head([GOOD_LENGTH]) + GOOD.subarray(0, 100));
      setTimeout(() => socket.resetAndDestroy(), 50);
    }),
    refusal: BROKEN,
  },
  {
    name: 'an end in the middle',
    server: tcp((socket) => socket.end(head([GOOD_LENGTH]) + GOOD.subarray(0, 100))),
    refusal: BROKEN,
  },
  { name: 'no answer', server: tcp(() => undefined), refusal: SILENT },
  {
    name: 'headers and no body',
    server: lying(length, (response) => response.flushHeaders()),
    refusal: SILENT,
  },
  {
    name: 'a byte a second',
    server: lying(length, (response) => drip(() => response.write('x'), 1000, response)),
    refusal: /took more than 4000 ms/,
  },
  {
    name: 'a byte a millisecond',
    server: lying(MEBIBYTE, (response) => {
      response.socket?.setNoDelay();
      drip(() => response.write('x'), 1, response);
    }),
    size: MEBIBYTE,
    refusal: CRUMBS,
  },
  {
    name: 'a header a tenth of a second',
    server: tcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      drip(() => socket.write('x: y\r\n'), 100, socket);
    }),
    refusal: SILENT,
  },
  {
    name: 'a header a millisecond',
    server: tcp((socket) => {
      socket.setNoDelay().write('HTTP/1.1 200 OK\r\n');
      drip(() => socket.write('x: y\r\n'), 1, socket);
    }),
    refusal: CRUMBS,
  },
  {
    name: 'endless headers',
    server: tcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      flood(socket, `x: ${'y'.repeat(8000)}\r\n`);
    }),
    refusal: BROKEN,
  },
  {
    name: 'endless early hints',
    server: tcp((socket) => flood(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(2000))),
    refusal: /begins with another one/,
  },
];

export const HOSTILE: readonly Hostile[] = [...STATUSES, ...LENGTHS, ...BYTES, ...CONNECTIONS];
