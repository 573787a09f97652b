import type { SlackWorkspace } from './slack-api.ts';
import { slackHeaders } from './slack-signature.ts';

/** What came back within the three seconds that Slack waits; undefined when nothing did. */
export interface SlackSees {
  readonly status: number;
  /** Undefined for an empty answer. */
  readonly body: unknown;
  readonly tookMs: number;
}

export interface Sending {
  /** The gateway, without a path. */
  readonly to: string;
  readonly kind: 'command' | 'interaction';
  readonly fields: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends a form to the app as Slack does: signed, and not again when it fails; it waits for three seconds.
 * https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export async function sendFromSlack(
  { signingSecret }: Pick<SlackWorkspace, 'signingSecret'>,
  { to, kind, fields, headers }: Sending,
): Promise<SlackSees | undefined> {
  const body = String(new URLSearchParams(fields));
  const signed = slackHeaders(body, signingSecret, String(Math.floor(Date.now() / 1000)));
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const begin = Date.now();
  const request = { method: 'POST', headers: { ...type, ...signed, ...headers }, body };
  const response = await fetch(`${to}/slack/${kind}`, {
    ...request,
    signal: AbortSignal.timeout(3_000),
  }).catch(() => undefined);
  if (!response) return undefined;
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined, tookMs: Date.now() - begin };
}
