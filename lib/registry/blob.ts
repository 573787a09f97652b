import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type BlobToRead, MAX_BLOB_BYTES } from '../image/documents.ts';
import { isBlobAddress } from './blob-address.ts';
import { openBlob } from './blob-connection.ts';
import { BlobRefused, type Deadline, deadline } from './blob-deadline.ts';

/** Where blobs may come from, and how long one may take. */
export interface BlobSource {
  readonly region: string;
  /** Accept `http://127.0.0.1:<port>`; only for a local stack. */
  readonly allowLoopback: boolean;
  readonly totalMs?: number;
  readonly firstByteMs?: number;
}

/**
 * Fetches a blob that somebody pushed, from the address that ECR gave: no redirect, no compression, no byte more than
 * its descriptor says, and nothing of it is looked at before its hash is right. The address is a credential while it
 * lasts: no error quotes it. Throws BlobRefused.
 */
export async function fetchBlob(
  address: string,
  { digest, size }: Pick<BlobToRead, 'digest' | 'size'>,
  { region, allowLoopback, totalMs = 4_000, firstByteMs = 2_000 }: BlobSource,
): Promise<string> {
  if (!isBlobAddress(address, region, allowLoopback))
    throw new BlobRefused('the blob is not where ECR keeps its layers');
  if (!Number.isSafeInteger(size) || size < 0 || size > MAX_BLOB_BYTES)
    throw new BlobRefused(`the blob says that it has ${size} bytes; at most ${MAX_BLOB_BYTES} are read`);
  const clock = deadline(totalMs, firstByteMs);
  try {
    const response = checked(await openBlob(address, clock), size);
    const bytes = await readExactly(response, size, clock);
    if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest)
      throw new BlobRefused('the blob is not what its digest says');
    return decode(bytes);
  } catch (error) {
    throw clock.reason() ?? toRefusal(error);
  } finally {
    clock.end();
  }
}

function checked(response: IncomingMessage, size: number): IncomingMessage {
  const { statusCode = 0, headers } = response;
  const { 'content-encoding': encoding = 'identity', 'content-length': length } = headers;
  // S3 says the length of every object. Without it the body would be in chunks, and a chunk of a byte costs a hundred.
  if (statusCode !== 200)
    throw new BlobRefused(`the answer is ${statusCode}, not 200`, statusCode === 429 || statusCode >= 500);
  if (encoding !== 'identity') throw new BlobRefused('the answer is compressed, which nobody asked for');
  if (length !== String(size))
    throw new BlobRefused('the answer does not say that it has the length of the blob');
  return response;
}

async function readExactly(response: IncomingMessage, size: number, clock: Deadline): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let read = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    clock.began();
    if (read + chunk.length > size) throw new BlobRefused('the blob is longer than its descriptor says');
    read += chunk.copy(bytes, read);
  }
  if (read < size || !response.complete)
    throw new BlobRefused('the blob is shorter than its descriptor says');
  return bytes;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BlobRefused('the blob is not text');
  }
}

/** Codes such as ECONNRESET, never messages: some name the address. */
function toRefusal(error: unknown): BlobRefused {
  if (error instanceof BlobRefused) return error;
  const { code } = error as { readonly code?: unknown };
  return new BlobRefused(
    `the connection failed: ${typeof code === 'string' ? code : 'no reason given'}`,
    true,
  );
}
