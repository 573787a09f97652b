import type { Message } from '@aws-sdk/client-sqs';
import type { DeadLetter } from './redrive.ts';

/** What a dead letter is about and why it is one, as far as it says. Nothing in it is checked: show it safely. */
export function toDeadLetter({
  MessageId = '',
  Body = '',
  MessageAttributes,
  Attributes,
}: Message): DeadLetter {
  const attribute = (name: string) => MessageAttributes?.[name]?.StringValue;
  const { SentTimestamp } = Attributes ?? {};
  return {
    id: MessageId,
    // Ours, or EventBridge's: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    reason: attribute('reason') ?? attribute('ERROR_MESSAGE') ?? attribute('ERROR_CODE') ?? WITHOUT_REASON,
    about: aboutOf(Body),
    ...(SentTimestamp && { sentAt: new Date(Number(SentTimestamp)).toISOString() }),
  };
}

const WITHOUT_REASON = 'every try failed, or its function crashed: the log of the function says why';

/** The image that a delivery or an event names, as people write it; its first characters when it is neither. */
function aboutOf(body: string): string {
  try {
    const { delivery, detail } = Object(JSON.parse(body));
    const image = delivery?.subject?.image ?? delivery?.image;
    const name = image?.repository?.name ?? detail?.['repository-name'];
    const digest = image?.digest ?? detail?.['image-digest'];
    if (typeof name === 'string') return typeof digest === 'string' ? `${name}@${digest}` : name;
  } catch {
    // not JSON: shown as it is
  }
  return body.slice(0, 80);
}
