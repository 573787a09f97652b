import { slackHeaders } from '../../../local/slack-signature.ts';
import { oneOf } from '../../hostile/scene.ts';
import type { Chance } from '../chance.ts';

/** A request on its way, so that it can be changed in every place. */
export interface Sent {
  /** In the order of the wire; a name may be there twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly isBase64Encoded: boolean;
  /** The clock of whoever reads it. */
  readonly nowMs: number;
}

export const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
export const SIGNATURE = 'x-slack-signature';
export const TIMESTAMP = 'x-slack-request-timestamp';

const TEXTS = ['demo-api:latest yesterday 03:10', 'CVE-2026-1234', '', 'ü✓🚀 & = %', 'help', 'a'.repeat(900)];

/** A slash command, or a press of a button, as Slack sends it: signed now, give or take what a network takes. */
export function sentBySlack(drawn: Chance): Sent {
  const nowMs = 1_763_780_000_000 + drawn.between(0, 1_000_000_000);
  const text = oneOf(drawn, TEXTS);
  const form = drawn.hits(0.5)
    ? new URLSearchParams({ command: '/lineage', text, user_id: 'U1', trigger_id: `${drawn.next()}` })
    : new URLSearchParams({ payload: JSON.stringify({ type: 'block_actions', text, at: drawn.next() }) });
  const timestamp = String(Math.floor(nowMs / 1000) - drawn.between(0, 4));
  return signedAgain({ headers: [], body: Buffer.from(`${form}`), isBase64Encoded: false, nowMs }, timestamp);
}

/** The same with a signature that fits what is in it now. */
export function signedAgain(sent: Sent, timestamp = headerOf(sent, TIMESTAMP) ?? '', secret = SECRET): Sent {
  const others = sent.headers.filter(([name]) => ![SIGNATURE, TIMESTAMP].includes(name.toLowerCase()));
  const signed = slackHeaders(sent.body, secret, timestamp);
  return { ...sent, headers: [...others, ...Object.entries(signed)] };
}

/** The first header of a name, whatever the case of it. */
export function headerOf({ headers }: Sent, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** The same with a header changed, wherever it is. */
export function withHeader(sent: Sent, wanted: string, change: (value: string) => string): Sent {
  const headers = sent.headers.map(([name, value]): readonly [string, string] => [
    name,
    name.toLowerCase() === wanted ? change(value) : value,
  ]);
  return { ...sent, headers };
}

/** As an HTTP API hands it to a function: names in small letters, headers of one name joined by a comma. */
export function asKnock({ headers, body, isBase64Encoded }: Sent) {
  const encoded = isBase64Encoded ? body.toString('base64') : body.toString('utf8');
  return { headers: joined(headers, ','), body: encoded, isBase64Encoded };
}

/** Headers by name, those of one name joined. */
export function joined(headers: Sent['headers'], by: string): Readonly<Record<string, string>> {
  const byName: Record<string, string> = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    byName[key] = key in byName ? `${byName[key]}${by}${value}` : value;
  }
  return byName;
}
