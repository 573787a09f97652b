import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SecretForm } from '../delivery/sink.ts';

/** What Slack gives an app: 32 hex characters; room for another length of theirs. */
export const signingSecretForm: SecretForm = {
  description: "the app's signing secret of Slack (32 letters and digits)",
  accepts: (secret) => /^[A-Za-z0-9]{16,128}$/.test(secret),
};

/** A request as API Gateway hands it over: the headers of one name are one text, with commas between. */
export interface Knock {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean | undefined;
}

/** Why a request is not known to be Slack's; for the log, never for who asked. */
export type Refusal =
  | 'no-signature'
  | 'signature-form'
  | 'no-timestamp'
  | 'timestamp-form'
  | 'too-old'
  | 'from-the-future'
  | 'no-body'
  | 'body-too-large'
  | 'signature-mismatch';

/** The bytes that Slack signed, or why they are not. */
export type Verified =
  | { readonly isSlack: true; readonly body: Buffer; readonly signature: string; readonly atSeconds: number }
  | { readonly isSlack: false; readonly why: Refusal };

/** Slack allows as much: https://docs.slack.dev/authentication/verifying-requests-from-slack */
const MOST_APART_SECONDS = 300;

/** An interaction carries the message it is about: 50 blocks of ours are a fifth of this. */
export const MOST_BODY_BYTES = 256 * 1024;

/**
 * Whether Slack signed a request, by its signing secret: the HMAC-SHA256 of `v0:<timestamp>:<body>` over the very bytes
 * that came, a timestamp no more than five minutes away, before or after, and one header of each.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function verify(knock: Knock, signingSecret: string, nowMs: number): Verified {
  const signature = onlyHeader(knock, 'x-slack-signature');
  if (signature === undefined) return refused('no-signature');
  // Two headers are one with a comma in it, which is no signature.
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) return refused('signature-form');
  const timestamp = onlyHeader(knock, 'x-slack-request-timestamp');
  if (timestamp === undefined) return refused('no-timestamp');
  // Exactly as Slack writes it: what is hashed is the text, and what is compared the number.
  if (!/^[1-9]\d{9}$/.test(timestamp)) return refused('timestamp-form');
  const ageSeconds = Math.floor(nowMs / 1000) - Number(timestamp);
  if (ageSeconds > MOST_APART_SECONDS) return refused('too-old');
  if (ageSeconds < -MOST_APART_SECONDS) return refused('from-the-future');
  const body = bytesOf(knock);
  if (typeof body === 'string') return refused(body);
  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest();
  const given = Buffer.from(signature.slice('v0='.length), 'hex');
  if (!timingSafeEqual(expected, given)) return refused('signature-mismatch');
  return { isSlack: true, body, signature, atSeconds: Number(timestamp) };
}

function refused(why: Refusal): Verified {
  return { isSlack: false, why };
}

/** The value of a header, whatever the case of its name; undefined where there is none, or more than one. */
function onlyHeader({ headers }: Knock, name: string): string | undefined {
  const [value, ...more] = Object.entries(headers).flatMap(([key, it]) =>
    key.toLowerCase() === name && it !== undefined ? [it] : [],
  );
  return more.length > 0 ? undefined : value;
}

function bytesOf({ body = '', isBase64Encoded }: Knock): Buffer | 'no-body' | 'body-too-large' {
  const most = isBase64Encoded ? Math.ceil((MOST_BODY_BYTES * 4) / 3) + 4 : MOST_BODY_BYTES;
  if (body.length > most) return 'body-too-large';
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length === 0) return 'no-body';
  return bytes.length > MOST_BODY_BYTES ? 'body-too-large' : bytes;
}
