import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { formatDocumentsHint, type ImageToRead } from '../intake/documents-hint.ts';
import { formatOwnHint, type OwnHint } from '../intake/own-hint.ts';

/** Puts a hint of ours on the scans queue; it is visible after so many seconds, at most 900 (by SQS). */
export function sendHint(sqs: SQSClient, queueUrl: string, hint: OwnHint, delaySeconds = 0): Promise<void> {
  return send(sqs, queueUrl, formatOwnHint(hint), delaySeconds);
}

/** The same on the pushes queue: has an image's documents read. */
export function sendDocumentsHint(
  sqs: SQSClient,
  queueUrl: string,
  hint: ImageToRead,
  delaySeconds = 0,
): Promise<void> {
  return send(sqs, queueUrl, formatDocumentsHint(hint), delaySeconds);
}

async function send(sqs: SQSClient, QueueUrl: string, MessageBody: string, delaySeconds: number) {
  const delay = delaySeconds > 0 && { DelaySeconds: Math.ceil(delaySeconds) };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...delay }));
}
