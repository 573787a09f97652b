import { describe, expect, test } from 'vitest';
import { type Knock, MOST_BODY_BYTES, verify } from '../../../lib/slack-door/signature.ts';
import { slackHeaders } from '../../../local/slack-signature.ts';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const NOW = 1_531_420_618;
const SIGNATURE = 'x-slack-signature';
const TIMESTAMP = 'x-slack-request-timestamp';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
const PUBLISHED = {
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};

const BODY = 'command=%2Flineage&text=demo-api%3Alatest';

/** A request that Slack signed so many seconds before now. */
function signed(body: string | Buffer = BODY, ageSeconds = 0, timestamp = String(NOW - ageSeconds)): Knock {
  const text = Buffer.from(body);
  const isBase64Encoded = typeof body !== 'string';
  return {
    headers: slackHeaders(text, SECRET, timestamp),
    body: text.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
  };
}

function withHeaders(changes: Readonly<Record<string, string | undefined>>, knock = signed()): Knock {
  return { ...knock, headers: { ...knock.headers, ...changes } };
}

function said(knock: Knock, secret = SECRET, nowMs = NOW * 1000) {
  const verified = verify(knock, secret, nowMs);
  return verified.isSlack ? 'accepted' : verified.why;
}

const header = (name: string, knock = signed()) => knock.headers[name] ?? '';
const hex = header(SIGNATURE).slice('v0='.length);

test('the vector that Slack publishes', () => {
  const headers = { [SIGNATURE]: PUBLISHED.signature, [TIMESTAMP]: '1531420618' };
  expect(verify({ headers, body: PUBLISHED.body }, SECRET, NOW * 1000)).toEqual({
    isSlack: true,
    body: Buffer.from(PUBLISHED.body),
    signature: PUBLISHED.signature,
    atSeconds: NOW,
  });
});

describe('accepted', () => {
  test.each<[string, Knock]>([
    ['signed now', signed()],
    ['signed five minutes ago', signed(BODY, 300)],
    ['signed in five minutes: clocks differ', signed(BODY, -300)],
    ['encoded by the gateway', signed(Buffer.from(BODY))],
    ['one byte', signed('a')],
    ['as large as a body may be', signed('a'.repeat(MOST_BODY_BYTES))],
    ['as large, encoded by the gateway', signed(Buffer.alloc(MOST_BODY_BYTES, 'a'))],
    ['with letters beyond ASCII', signed('text=ü✓🚀')],
    ['with letters beyond ASCII, encoded', signed(Buffer.from('text=ü✓🚀'))],
    ['with bytes that are no text, encoded', signed(Buffer.from([0xff, 0x00, 0xfe]))],
    ['with line breaks of both kinds', signed('a=1\r\nb=2\n')],
    ['with a colon, as in what is hashed', signed('v0:1:2')],
    [
      'with header names in capitals',
      {
        ...signed(),
        headers: { 'X-Slack-Signature': header(SIGNATURE), 'X-SLACK-REQUEST-TIMESTAMP': String(NOW) },
      },
    ],
    ['with other headers beside', withHeaders({ 'x-slack-retry-num': '1', cookie: 'v0=abc', host: 'x' })],
    ['with a header that was not sent', withHeaders({ authorization: undefined })],
  ])('%s', (_, knock) => {
    expect(said(knock)).toBe('accepted');
  });
});

describe('refused', () => {
  test.each<[string, string, Knock]>([
    ['without any header', 'no-signature', { headers: {}, body: BODY }],
    ['without a signature', 'no-signature', withHeaders({ [SIGNATURE]: undefined })],
    [
      'with two signatures, both right',
      'signature-form',
      withHeaders({ [SIGNATURE]: `v0=${hex},v0=${hex}` }),
    ],
    ['with two, the first one wrong', 'signature-form', withHeaders({ [SIGNATURE]: `v0=00, v0=${hex}` })],
    ['with one in each case of the name', 'no-signature', withHeaders({ 'X-Slack-Signature': `v0=${hex}` })],
    ['with an empty signature', 'signature-form', withHeaders({ [SIGNATURE]: '' })],
    ['with the version alone', 'signature-form', withHeaders({ [SIGNATURE]: 'v0=' })],
    ['without a version', 'signature-form', withHeaders({ [SIGNATURE]: hex })],
    ['of another version', 'signature-form', withHeaders({ [SIGNATURE]: `v1=${hex}` })],
    ['of a version in capitals', 'signature-form', withHeaders({ [SIGNATURE]: `V0=${hex}` })],
    ['in capitals', 'signature-form', withHeaders({ [SIGNATURE]: `v0=${hex.toUpperCase()}` })],
    ['cut by a digit', 'signature-form', withHeaders({ [SIGNATURE]: `v0=${hex.slice(1)}` })],
    ['with a digit more', 'signature-form', withHeaders({ [SIGNATURE]: `v0=${hex}0` })],
    [
      'with something behind it, which bolt takes',
      'signature-form',
      withHeaders({ [SIGNATURE]: `v0=${hex}=` }),
    ],
    ['with a line break behind it', 'signature-form', withHeaders({ [SIGNATURE]: `v0=${hex}\n` })],
    ['with a space in front', 'signature-form', withHeaders({ [SIGNATURE]: ` v0=${hex}` })],
    ['that is no hex', 'signature-form', withHeaders({ [SIGNATURE]: `v0=${'g'.repeat(64)}` })],
    [
      'in base64',
      'signature-form',
      withHeaders({ [SIGNATURE]: `v0=${Buffer.from(hex, 'hex').toString('base64')}` }),
    ],
    ['of zeros', 'signature-mismatch', withHeaders({ [SIGNATURE]: `v0=${'0'.repeat(64)}` })],
    ['with one bit changed', 'signature-mismatch', withHeaders({ [SIGNATURE]: `v0=${flipped(hex)}` })],
    ['without a timestamp', 'no-timestamp', withHeaders({ [TIMESTAMP]: undefined })],
    ['with two timestamps', 'timestamp-form', withHeaders({ [TIMESTAMP]: `${NOW},${NOW}` })],
    [
      'with one in each case of its name',
      'no-timestamp',
      withHeaders({ 'X-Slack-Request-Timestamp': `${NOW}` }),
    ],
    ['with an empty timestamp', 'timestamp-form', withHeaders({ [TIMESTAMP]: '' })],
    ['with a fraction, which bolt takes', 'timestamp-form', withHeaders({ [TIMESTAMP]: `${NOW}.0` })],
    ['in hex, which bolt takes', 'timestamp-form', withHeaders({ [TIMESTAMP]: `0x${NOW.toString(16)}` })],
    ['with a sign', 'timestamp-form', withHeaders({ [TIMESTAMP]: `+${NOW}` })],
    ['with a zero in front', 'timestamp-form', signed(BODY, 0, `0${NOW}`)],
    ['in milliseconds', 'timestamp-form', signed(BODY, 0, `${NOW}000`)],
    ['with digits of another script', 'timestamp-form', signed(BODY, 0, '١٥٣١٤٢٠٦١٨')],
    ['with NaN', 'timestamp-form', signed(BODY, 0, 'NaN')],
    ['that is negative', 'timestamp-form', signed(BODY, 0, `-${NOW}`)],
    ['a second too old', 'too-old', signed(BODY, 301)],
    ['of 2001', 'too-old', signed(BODY, 0, '1000000000')],
    ['a second too early, which bolt takes', 'from-the-future', signed(BODY, -301)],
    ['of 2286', 'from-the-future', signed(BODY, 0, '9999999999')],
    [
      'with the timestamp moved by a second',
      'signature-mismatch',
      withHeaders({ [TIMESTAMP]: `${NOW - 1}` }),
    ],
    ['without a body', 'no-body', { headers: signed('').headers }],
    ['with an empty body, signed', 'no-body', signed('')],
    ['with an empty body, encoded', 'no-body', signed(Buffer.alloc(0))],
    ['a byte too large', 'body-too-large', signed('a'.repeat(MOST_BODY_BYTES + 1))],
    ['a byte too large, encoded', 'body-too-large', signed(Buffer.alloc(MOST_BODY_BYTES + 1, 'a'))],
    ['too large by its letters', 'body-too-large', signed('ü'.repeat(MOST_BODY_BYTES / 2 + 1))],
    ['far too large', 'body-too-large', { ...signed(), body: 'a'.repeat(10_000_000) }],
    ['with a letter changed', 'signature-mismatch', { ...signed(), body: BODY.replace('demo', 'Demo') }],
    ['with a field more', 'signature-mismatch', { ...signed(), body: `${BODY}&user_id=U2` }],
    ['with a space written otherwise', 'signature-mismatch', { ...signed('a=1+2'), body: 'a=1%202' }],
    ['with small letters in an escape', 'signature-mismatch', { ...signed('a=%3A'), body: 'a=%3a' }],
    ['with a byte order mark', 'signature-mismatch', { ...signed(), body: `\ufeff${BODY}` }],
    ['said to be encoded', 'signature-mismatch', { ...signed(), isBase64Encoded: true }],
    [
      'not said to be encoded',
      'signature-mismatch',
      { ...signed(Buffer.from(BODY)), isBase64Encoded: false },
    ],
    ['with the body of another', 'signature-mismatch', { ...signed(), body: signed('text=other').body }],
  ])('%s: %s', (_, why, knock) => {
    expect(said(knock)).toBe(why);
  });

  test.each([
    ['another secret', SECRET.toUpperCase()],
    ['an empty secret', ''],
    ['a secret with a space', `${SECRET} `],
  ])('by %s', (_, secret) => {
    expect(said(signed(), secret)).toBe('signature-mismatch');
  });
});

test('the clock counts in whole seconds, as bolt’s', () => {
  expect(said(signed(BODY, 300), SECRET, NOW * 1000 + 999)).toBe('accepted');
  expect(said(signed(BODY, 300), SECRET, (NOW + 1) * 1000)).toBe('too-old');
});

/** The last bit of it the other way round. */
function flipped(digits: string): string {
  const last = Number.parseInt(digits.slice(-1), 16) ^ 1;
  return digits.slice(0, -1) + last.toString(16);
}
