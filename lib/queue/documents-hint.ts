import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { formatDocumentsHint, type ImageToRead } from '../intake/documents-hint.ts';

/** Has an image's documents read; visible on the pushes queue after so many seconds, at most 900 (by SQS). */
export async function sendDocumentsHint(
  sqs: SQSClient,
  queueUrl: string,
  hint: ImageToRead,
  delaySeconds = 0,
): Promise<void> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: formatDocumentsHint(hint),
      ...(delaySeconds > 0 && { DelaySeconds: Math.ceil(delaySeconds) }),
    }),
  );
}
