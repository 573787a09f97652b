import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlobRefused, type Deadline } from './blob-deadline.ts';

/**
 * Node's parser makes an object of every chunk and every early hint in what one read gives it before anybody can say
 * stop: of 64 KiB, Node's own measure, that is 8 MiB and more.
 */
const READ_BYTES = 8192;
/** A network's pieces are larger than that; what each costs is the same however small it is. */
const PIECE_BYTES = 512;
/** So many may be smaller: those of headers, and the last one. */
const MOST_SMALL_PIECES = 32;

/**
 * A connection of its own, without a redirect, a proxy or a decompression: what is not asked for is not done. Resolves
 * with the head of the answer; its body is still to be read. Rejects with BlobRefused or Node's error; why the clock
 * cut it off, the clock says.
 */
export function openBlob(address: string, clock: Deadline): Promise<IncomingMessage> {
  const request = address.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const options = {
      agent: false,
      headers: { 'accept-encoding': 'identity', connection: 'close' },
      signal: clock.signal,
      maxHeaderSize: 16_384,
      onread: inSmallReads(() => call, clock),
    };
    const call: ClientRequest = request(address, options)
      .on('response', resolve)
      .on('information', () =>
        reject(new BlobRefused('the answer begins with another one, which nobody asked for')),
      )
      .on('upgrade', (_, socket) => {
        socket.destroy();
        reject(new BlobRefused('the answer is another protocol'));
      })
      .on('error', reject);
    call.end();
  });
}

/**
 * Reads a socket by so much at once, and no longer when it comes in crumbs.
 * Source: https://nodejs.org/api/net.html#socketconnectoptions-connectlistener (onread; tls.connect has it as well)
 */
function inSmallReads(call: () => ClientRequest, clock: Deadline) {
  let pieces = 0;
  let bytes = 0;
  return {
    buffer: Buffer.allocUnsafeSlow(READ_BYTES),
    callback(length: number, buffer: Uint8Array): boolean {
      pieces += 1;
      bytes += length;
      if (pieces > MOST_SMALL_PIECES + bytes / PIECE_BYTES) {
        clock.cut('the answer comes in pieces that are too small');
        return false;
      }
      return call().socket?.push(Buffer.from(buffer.subarray(0, length))) ?? false;
    },
  };
}
