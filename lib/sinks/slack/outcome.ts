import { ofServerError, withoutAnswer } from '../../delivery/lost-answer.ts';
import type { Outcome } from '../../delivery/sink.ts';

/** What Slack's answer means. Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export async function fromResponse(response: Response): Promise<Outcome> {
  const { status } = response;
  if (response.ok) return { state: 'sent' };
  if (status === 429) return refusedFor(response.headers.get('retry-after'));
  return (
    ofServerError(status, `Slack answered ${status}`) ?? {
      state: 'rejected',
      why: `Slack answered ${status} ${await slackWord(response)}`,
    }
  );
}

/** What a failed request means. Only codes that we know are told: other texts could carry the URL. */
export function fromFailure(error: unknown, timeoutMs: number): Outcome {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { state: 'unknown', why: `no answer from Slack in ${timeoutMs} ms` };
  }
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && cause.message === 'unexpected redirect') {
    return { state: 'rejected', why: 'Slack answered with a redirect: check the webhook URL in the secret' };
  }
  return withoutAnswer('Slack', cause instanceof Error && 'code' in cause ? String(cause.code) : '');
}

function refusedFor(retryAfter: string | null): Outcome {
  const why = 'Slack answered 429: too many messages in this channel';
  if (retryAfter === null || !/^\d{1,6}$/.test(retryAfter)) return { state: 'refused', why };
  return { state: 'refused', why, retryAfterSeconds: Number(retryAfter) };
}

/** Slack's reason is one word, like `channel_is_archived`; anything else is not printed. */
async function slackWord(response: Response): Promise<string> {
  const word = await response.text().then(
    (body) => body.trim(),
    () => '',
  );
  return /^[a-z_]{1,60}$/.test(word) ? word : '(no reason that we know)';
}
