import { replyTo } from '../../../lib/api/reply.ts';
import { aDigest } from '../../build/lineage.ts';
import { aScan } from '../../build/scan.ts';
import { output } from './output.ts';

const SCAN = aScan();
const DIGEST = aDigest('b');
/** What a header may be of, so that none can end its line or begin another. */
const HEADER = /^[\u0020-\u007e]*$/;

/** An answer over HTTP with the texts in its document; and the query of its next page, as the caller worded it. */
export const apiOutput = output(
  'HTTP API',
  ({ notice: { subject, platforms }, words: [word = '', other = ''] }) => {
    const image = { tags: [word, other], platforms: [{ digest: DIGEST, platform: word }] };
    const document = { schema: 'x/v1', reference: word, ...subject, image, scan: { ...SCAN, platforms } };
    const next = new URLSearchParams({ reference: word, account: other }).toString();
    return {
      reply: replyTo({ answer: { status: 200, document, lines: [] }, next }, { question: 'who' }),
      document,
    };
  },
  ({ reply: { body, headers }, document }) => [
    ...(/^[ -~]*\n$/.test(body) ? [] : ['more than a line of ASCII']),
    ...(JSON.stringify(JSON.parse(body)) === JSON.stringify(document) ? [] : ['another document']),
    ...Object.entries(headers).flatMap(([name, value]) => (HEADER.test(value) ? [] : [`a header: ${name}`])),
    ...(/^<\/v1\/who\?[^<>\s"]*>; rel="next"$/.test(headers.link ?? '') ? [] : ['another link']),
    ...(headers['content-type']?.startsWith('application/json') &&
    headers['x-content-type-options'] === 'nosniff'
      ? []
      : ['taken for something else than JSON']),
  ],
);
