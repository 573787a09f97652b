import type { DigestSink } from '../../delivery/fold.ts';
import type { Outcome, ReadSecret } from '../../delivery/sink.ts';
import { type Post, post } from '../post.ts';
import { warmUp } from '../warm.ts';
import { slackDigest } from './digest.ts';
import { type SlackMessage, slackMessage } from './message.ts';
import { fromFailure, fromResponse } from './outcome.ts';
import { webhookUrl } from './secret-form.ts';

export interface SlackOptions {
  /** Reads the webhook URL. */
  readonly readUrl: ReadSecret;
  /** Accept `http://127.0.0.1:<port>/…`; only for a local stack. */
  readonly allowLoopback: boolean;
  readonly post?: Post;
  /** How long one POST may take; two of them fit into a function's 30 seconds. */
  readonly timeoutMs?: number;
}

/**
 * Slack by incoming webhook: one POST per try. Slack has no key to fold repeats, so a lost answer is `unknown`.
 * A permanent refusal makes it read the URL afresh, and try the new one once when it was changed.
 */
export function slackSink(options: SlackOptions): DigestSink {
  const { readUrl } = options;

  async function tryTwice(secret: string | undefined, body: string): Promise<Outcome> {
    if (!secret) return NOT_CONFIGURED;
    const outcome = await tryOnce(secret, body, options);
    if (outcome.state !== 'rejected') return outcome;
    const fresh = await readUrl({ refresh: true }).catch(() => secret);
    if (!fresh) return NOT_CONFIGURED;
    return fresh === secret ? outcome : tryOnce(fresh, body, options);
  }

  async function say(message: SlackMessage): Promise<Outcome> {
    try {
      return await tryTwice(await readUrl(), JSON.stringify({ ...message, ...QUIET_LINKS }));
    } catch {
      return NOT_READABLE;
    }
  }

  return {
    name: 'slack',
    isForPeople: true,

    async isConfigured() {
      return Boolean(await readUrl());
    },

    async warmUp() {
      const url = webhookUrl((await readUrl()) ?? '', options.allowLoopback);
      if (url !== undefined) await warmUp(new URL(url).origin);
    },

    async send(delivery, { possibleRepeat }) {
      return delivery.kind === 'notice' ? say(slackMessage(delivery, { possibleRepeat })) : NOT_FOR_SLACK;
    },

    sendDigest: (entries, mark) => say(slackDigest(entries, mark)),
  };
}

async function tryOnce(secret: string, body: string, options: SlackOptions): Promise<Outcome> {
  const { allowLoopback, timeoutMs = 8_000, post: ask = post } = options;
  const url = webhookUrl(secret, allowLoopback);
  if (url === undefined) return NOT_A_WEBHOOK;
  try {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return await fromResponse(await ask(url, { headers, body, timeoutMs }));
  } catch (error) {
    return fromFailure(error, timeoutMs);
  }
}

const QUIET_LINKS = { unfurl_links: false, unfurl_media: false } as const;

const NOT_READABLE: Outcome = {
  state: 'refused',
  why: 'the webhook URL could not be read: nothing was sent; check the right to read its parameter',
};

/** By webhook or by token. */
export const NOT_FOR_SLACK: Outcome = {
  state: 'rejected',
  why: 'Slack takes notices, not measurements: route measurements to the Datadog queue',
};

/** It was there when the message was taken, or the old one was refused: another is on its way. */
const NOT_CONFIGURED: Outcome = {
  state: 'refused',
  why: 'Slack is not configured: put the webhook URL into its parameter',
};

const NOT_A_WEBHOOK: Outcome = {
  state: 'rejected',
  why: 'the secret is not a webhook URL of Slack (https://hooks.slack.com/…): put the one that Slack gave into its parameter',
};
