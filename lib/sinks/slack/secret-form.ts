import type { SecretForm } from '../../delivery/sink.ts';

const SLACK_HOSTS: readonly string[] = ['hooks.slack.com', 'hooks.slack-gov.com'];

/**
 * Takes what the secret holds, returns it when it is a webhook of Slack or GovSlack, or, for a local stack, of
 * 127.0.0.1; else undefined. The URL is itself the secret: whoever has it can post, so no message may quote it.
 */
export function webhookUrl(secret: string, allowLoopback: boolean): string | undefined {
  const text = secret.trim();
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(text);
  if (username || password) return undefined;
  const isSlack = protocol === 'https:' && SLACK_HOSTS.includes(hostname) && port === '';
  const isLocal = allowLoopback && protocol === 'http:' && hostname === '127.0.0.1';
  return isSlack || isLocal ? text : undefined;
}

/**
 * The secret when it is a bot token that does not expire, else undefined. Tokens that rotate (`xoxe.…`) live for
 * twelve hours and nobody here could renew them. Source: https://docs.slack.dev/authentication/tokens
 */
export function botToken(secret: string): string | undefined {
  const text = secret.trim();
  return /^xoxb-[A-Za-z0-9-]{6,250}$/.test(text) ? text : undefined;
}

/** The form of the secret, to be checked when it is read: a webhook or a token, told apart by how they begin. */
export function slackSecretForm(allowLoopback: boolean): SecretForm {
  return {
    description: 'a webhook URL of Slack (https://hooks.slack.com/…) or a bot token (xoxb-…)',
    accepts: (secret) => webhookUrl(secret, allowLoopback) !== undefined || botToken(secret) !== undefined,
  };
}
