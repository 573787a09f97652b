// Bolt's verifier alone: the package as a whole brings a web server.
import { isValidSlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';
import { MOST_BODY_BYTES } from '../../../lib/slack-door/signature.ts';
import { headerOf, joined, SECRET, type Sent, SIGNATURE, TIMESTAMP } from './sent.ts';

/** What Slack's own framework says of a request, as its HTTP receiver asks: it reads the timestamp as a number. */
export function boltAccepts(sent: Sent): boolean {
  const { [SIGNATURE]: signature, [TIMESTAMP]: timestamp } = joined(sent.headers, ', ');
  if (signature === undefined || timestamp === undefined) return false;
  return isValidSlackRequest({
    signingSecret: SECRET,
    body: sent.body.toString(),
    headers: { [SIGNATURE]: signature, [TIMESTAMP]: Number(timestamp) },
    nowMilliseconds: sent.nowMs,
  });
}

/** Where we mean to say something else than bolt. All but the last: bolt accepts, and we do not. */
export const DIFFERENCES = [
  'a timestamp from the future',
  'a timestamp that Slack does not write so',
  'a signature with more behind it',
  'an empty body',
  'a body over the bound',
  'bytes that are not UTF-8, signed as they are',
] as const;

/** The differences that a request is a case of. */
export function differencesOf(sent: Sent): readonly (typeof DIFFERENCES)[number][] {
  const timestamp = headerOf(sent, TIMESTAMP) ?? '';
  const cases = [
    Number(timestamp) > Math.floor(sent.nowMs / 1000) + 300,
    !/^[1-9]\d{9}$/.test(timestamp),
    (headerOf(sent, SIGNATURE) ?? '').split('=').length > 2,
    sent.body.length === 0,
    sent.body.length > MOST_BODY_BYTES,
    sent.isBase64Encoded && !Buffer.from(sent.body.toString()).equals(sent.body),
  ];
  return DIFFERENCES.filter((_, index) => cases[index]);
}
