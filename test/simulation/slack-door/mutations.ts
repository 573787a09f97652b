import { oneOf } from '../../hostile/scene.ts';
import type { Chance } from '../chance.ts';
import { SECRET, type Sent, SIGNATURE, signedAgain, TIMESTAMP, withHeader } from './sent.ts';

type Mutation = (sent: Sent, drawn: Chance) => Sent;

const body =
  (change: (bytes: Buffer, drawn: Chance) => Uint8Array): Mutation =>
  (sent, drawn) => ({ ...sent, body: Buffer.from(change(sent.body, drawn)) });
const header =
  (name: string, change: (value: string, drawn: Chance) => string): Mutation =>
  (sent, drawn) =>
    withHeader(sent, name, (value) => change(value, drawn));
const text = (change: (text: string, drawn: Chance) => string): Mutation =>
  body((bytes, drawn) => Buffer.from(change(bytes.toString('latin1'), drawn), 'latin1'));

function at(length: number, drawn: Chance): number {
  return drawn.between(0, Math.max(1, length));
}

function replaced(value: string, drawn: Chance, letters: string): string {
  const where = at(value.length, drawn);
  return `${value.slice(0, where)}${letters[at(letters.length, drawn)]}${value.slice(where + 1)}`;
}

const BODIES: readonly Mutation[] = [
  body((bytes, drawn) => bytes.map((it, index) => (index === 0 ? it ^ (1 << drawn.between(0, 8)) : it))),
  body((bytes, drawn) => bytes.subarray(0, at(bytes.length, drawn))),
  body((bytes, drawn) => Buffer.concat([bytes, Buffer.from([drawn.between(0, 256)])])),
  body(() => Buffer.alloc(0)),
  body((bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])),
  body((bytes) => Buffer.concat([bytes, Buffer.from([0xff, 0xfe])])),
  text((it, drawn) => replaced(it, drawn, 'abc=&%+ \r\n\0')),
  text((it) => it.split('&').reverse().join('&')),
  text((it) => it.replaceAll('%20', '+')),
  text((it) => it.replace(/%[0-9A-F]{2}/g, (found) => found.toLowerCase())),
  text((it) => `${it}&text=help`),
  text((it) => `${it}\r\n`),
  text((it) => it.replaceAll('+', '%20')),
];

const SIGNATURES: readonly Mutation[] = [
  header(SIGNATURE, (it, drawn) => replaced(it, drawn, '0123456789abcdef')),
  header(SIGNATURE, (it, drawn) => replaced(it, drawn, 'gxyzV=, ')),
  header(SIGNATURE, (it, drawn) => it.slice(0, at(it.length, drawn))),
  header(SIGNATURE, (it) => it.toUpperCase()),
  header(SIGNATURE, (it) => it.replace('v0', 'v1')),
  header(SIGNATURE, (it) => it.replace('v0=', '')),
  header(SIGNATURE, (it) => `${it}=`),
  header(SIGNATURE, (it) => `${it}=00`),
  header(SIGNATURE, (it) => `${it}0`),
  header(SIGNATURE, () => ''),
  header(SIGNATURE, () => `v0=${'0'.repeat(64)}`),
  (sent) => signedAgain(sent, undefined, SECRET.slice(1)),
  (sent) => signedAgain(sent, undefined, ''),
];

const TIMESTAMPS: readonly Mutation[] = [
  header(TIMESTAMP, (it, drawn) => replaced(it, drawn, '0123456789')),
  header(TIMESTAMP, (it, drawn) => String(Number(it) + drawn.between(-900, 900))),
  header(TIMESTAMP, (it, drawn) => String(Number(it) + oneOf(drawn, [-301, -300, -299, 299, 300, 301]))),
  ...['0', '+', ' ', '-', '0x', '\t'].map((before) => header(TIMESTAMP, (it) => `${before}${it}`)),
  ...['.0', '.', ' ', 'e0', '000', 'n', '\u0660'].map((after) => header(TIMESTAMP, (it) => `${it}${after}`)),
  header(TIMESTAMP, (it) => `0x${Number(it).toString(16)}`),
  header(TIMESTAMP, (it) => `${Number(it) / 1e9}e9`),
  ...['', 'NaN', 'Infinity', 'null', '0'].map((it) => header(TIMESTAMP, () => it)),
];

/** What may happen on a way, and changes nothing of what Slack signed. */
const TRANSPORTS: readonly Mutation[] = [
  (sent) => ({ ...sent, isBase64Encoded: true }),
  (sent) => ({ ...sent, headers: sent.headers.map(([name, it]) => [name.toUpperCase(), it]) }),
  (sent) => ({ ...sent, headers: [...sent.headers].reverse() }),
  (sent) => ({ ...sent, headers: [['x-slack-retry-num', '1'], ...sent.headers] }),
  (sent) => ({ ...sent, headers: [['content-type', 'text/plain'], ...sent.headers] }),
];

const LOST_AND_DOUBLED: readonly Mutation[] = [SIGNATURE, TIMESTAMP].flatMap((name): Mutation[] => [
  (sent) => ({ ...sent, headers: sent.headers.filter(([it]) => it.toLowerCase() !== name) }),
  (sent) => ({
    ...sent,
    headers: [...sent.headers, ...sent.headers.filter(([it]) => it.toLowerCase() === name)],
  }),
]);

const CLOCKS: readonly Mutation[] = [
  (sent, drawn) => ({ ...sent, nowMs: sent.nowMs + drawn.between(-900_000, 900_000) }),
  (sent, drawn) => ({ ...sent, nowMs: sent.nowMs + oneOf(drawn, [-301, -300, 300, 301]) * 1000 }),
];

/** Signed for what is in it now: by Slack itself, as it were, though nothing of Slack's looks so. */
const SIGNED: readonly Mutation[] = [
  (sent) => signedAgain(sent),
  (sent) => signedOverNumber(sent),
  (sent, drawn) => signedAgain(sent, String(Math.floor(sent.nowMs / 1000) - drawn.between(-400, 400))),
];

/** As bolt reads a timestamp: the number of it, whatever the text. */
function signedOverNumber(sent: Sent): Sent {
  const written = sent.headers.find(([name]) => name.toLowerCase() === TIMESTAMP)?.[1] ?? '';
  const signed = signedAgain(sent, String(Number(written)));
  return withHeader(signed, TIMESTAMP, () => written);
}

const KINDS = [BODIES, SIGNATURES, TIMESTAMPS, TRANSPORTS, LOST_AND_DOUBLED, CLOCKS, SIGNED, SIGNED];

/** One to four changes of a request, one after the other. */
export function mutated(sent: Sent, drawn: Chance): Sent {
  let changed = sent;
  for (let left = drawn.between(1, 5); left > 0; left -= 1) {
    changed = oneOf(drawn, oneOf(drawn, KINDS))(changed, drawn);
  }
  return changed;
}
