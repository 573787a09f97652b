import { createHash } from 'node:crypto';
import { refuse } from '../ask/refusal.ts';
import { asciiJson } from '../cli/printable.ts';
import type { Page } from './page.ts';

/** As API Gateway takes it, payload 2.0. */
export interface ApiReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Asked {
  readonly question: string;
  readonly ifNoneMatch?: string | undefined;
}

/** Lambda hands on six megabytes, with what is around a body. */
const LONGEST_BYTES = 5_500_000;

const SAFE = {
  'content-type': 'application/json; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/**
 * The document as `--json` prints it, to the byte. An answer has an ETag, and is not sent again to whom it is known; where
 * there is more, `Link` says where (RFC 8288).
 */
export function replyTo({ answer, next }: Page, { question, ifNoneMatch }: Asked): ApiReply {
  const body = `${asciiJson(answer.document)}\n`;
  if (body.length > LONGEST_BYTES)
    return replyTo(
      { answer: refuse('the answer is too long for one; ask for less with "limit"') },
      { question },
    );
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const isKept = answer.status === 200;
  const headers = {
    ...SAFE,
    'cache-control': isKept ? 'private, no-cache' : 'no-store',
    ...(isKept && { etag }),
    ...(next && { link: `</v1/${question}?${next}>; rel="next"` }),
  };
  if (isKept && isKnown(etag, ifNoneMatch)) return { statusCode: 304, headers, body: '' };
  return { statusCode: answer.status, headers, body };
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match: compared as weak ones are. */
function isKnown(etag: string, ifNoneMatch = ''): boolean {
  const known = ifNoneMatch.split(',').map((it) => it.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(etag);
}
