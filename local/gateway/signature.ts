import { createHash, createHmac } from 'node:crypto';
import type { LocalRequest } from '../http.ts';

export interface Caller {
  readonly accessKey: string;
}

export interface SignatureOptions {
  readonly region: string;
  /** Secret keys by access key. */
  readonly keys: ReadonlyMap<string, string>;
  readonly now: () => Date;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/execute-api\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
const MOST_SKEW_MS = 300_000;

/**
 * Who signed a request with Signature Version 4; undefined when nobody did, with another key, for another place or time,
 * or when anything that is signed was changed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function callerOf(request: LocalRequest, options: SignatureOptions): Caller | undefined {
  const { headers } = request;
  const [, accessKey = '', day = '', region, names = '', signature] =
    FORM.exec(headers.authorization ?? '') ?? [];
  const secret = options.keys.get(accessKey);
  const at = String(headers['x-amz-date'] ?? '');
  if (secret === undefined || region !== options.region || !at.startsWith(`${day}T`)) return undefined;
  const skewMs = Math.abs(options.now().getTime() - Date.parse(at.replace(BASIC, '$1-$2-$3T$4:$5:$6Z')));
  const signed = names.split(';');
  if (!(skewMs <= MOST_SKEW_MS) || !signed.includes('host')) return undefined;
  const scope = `${day}/${region}/execute-api/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical(request, signed))].join('\n');
  const steps = [day, region, 'execute-api', 'aws4_request'];
  const key = steps.reduce<string | Buffer>((before, step) => hmac(before, step), `AWS4${secret}`);
  return hmac(key, text).toString('hex') === signature ? { accessKey } : undefined;
}

const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function canonical({ method, path, headers, bytes }: LocalRequest, signed: readonly string[]): string {
  const [name = '/', ...query] = path.split('?');
  const lines = signed.map(
    (it) =>
      `${it}:${String(headers[it] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  );
  // All but S3 encode a path that is encoded already.
  const uri = escaped(name).replaceAll('%2F', '/');
  return [method, uri, canonicalQuery(query.join('?')), lines.join(''), signed.join(';'), sha256(bytes)].join(
    '\n',
  );
}

function canonicalQuery(query: string): string {
  const pairs = [...new URLSearchParams(query.replaceAll('+', '%2B'))].map((pair) => pair.map(escaped));
  const inOrder = ([key = '', value = '']: string[], [other = '', its = '']: string[]) =>
    key < other || (key === other && value < its) ? -1 : 1;
  return pairs
    .sort(inOrder)
    .map((pair) => pair.join('='))
    .join('&');
}

function escaped(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
