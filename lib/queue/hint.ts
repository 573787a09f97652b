import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Image } from '../image/reference.ts';
import type { Instant } from '../instant.ts';
import { formatScanHint } from '../intake/own-hint.ts';

/** Puts a scan hint of ours on the scans queue; it is visible after so many seconds, at most 900 (by SQS). */
export async function hintLater(
  sqs: SQSClient,
  queueUrl: string,
  image: Image,
  id: string,
  at: Instant,
  delaySeconds: number,
): Promise<void> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: formatScanHint(image, id, at),
      DelaySeconds: Math.ceil(delaySeconds),
    }),
  );
}
