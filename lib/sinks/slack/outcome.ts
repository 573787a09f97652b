import { ofServerError, withoutAnswer } from '../../delivery/lost-answer.ts';
import type { Outcome } from '../../delivery/sink.ts';
import { type Answered, codeOf, waitSeconds } from '../post.ts';

/** What Slack's answer means. Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export async function fromResponse(response: Answered): Promise<Outcome> {
  const { status, headers } = response;
  if (status >= 200 && status < 300) return { state: 'sent' };
  if (status === 429) return refusedFor(waitSeconds(headers, 'retry-after'));
  if (status >= 300 && status < 400) return REDIRECTED;
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
  return withoutAnswer('Slack', codeOf(error));
}

const REDIRECTED: Outcome = {
  state: 'rejected',
  why: 'Slack answered with a redirect: check the webhook URL in the secret',
};

function refusedFor(retryAfterSeconds: number | undefined): Outcome {
  const why = 'Slack answered 429: too many messages in this channel';
  return { state: 'refused', why, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}

/** Slack's reason is one word, like `channel_is_archived`; anything else is not printed. */
async function slackWord(response: Answered): Promise<string> {
  const word = await response.text().then(
    (body) => body.trim(),
    () => '',
  );
  return /^[a-z_]{1,60}$/.test(word) ? word : '(no reason that we know)';
}
