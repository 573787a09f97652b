import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { formatOwnHint, type OwnHint } from '../intake/own-hint.ts';

/** Puts a hint of ours on the scans queue; it is visible after so many seconds, at most 900 (by SQS). */
export async function sendHint(
  sqs: SQSClient,
  queueUrl: string,
  hint: OwnHint,
  delaySeconds = 0,
): Promise<void> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: formatOwnHint(hint),
      ...(delaySeconds > 0 && { DelaySeconds: Math.ceil(delaySeconds) }),
    }),
  );
}
