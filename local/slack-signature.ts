import { createHmac } from 'node:crypto';

/**
 * The headers that Slack signs a request with, as its documents write the recipe down:
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function slackHeaders(
  body: string | Uint8Array,
  signingSecret: string,
  timestamp: string,
): { readonly 'x-slack-request-timestamp': string; readonly 'x-slack-signature': string } {
  const base = Buffer.concat([Buffer.from(`v0:${timestamp}:`), Buffer.from(body)]);
  const signature = `v0=${createHmac('sha256', signingSecret).update(base).digest('hex')}`;
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
}
