import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Attribute values may not hold control characters, and 256 characters say enough. */
const MAX_REASON = 256;

/** Puts a message among the dead letters as it came, so that it can be redriven, with its reason beside it. */
export async function bury(
  sqs: SQSClient,
  deadLetterUrl: string,
  body: string,
  reason: string,
): Promise<void> {
  const text = reason.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\uffef]/g, '\ufffd').slice(0, MAX_REASON);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: deadLetterUrl,
      MessageBody: body,
      MessageAttributes: { reason: { DataType: 'String', StringValue: text } },
    }),
  );
}

/** Makes the queue hand a received message over again after so many seconds (at most 12 hours, by SQS). */
export async function postpone(
  sqs: SQSClient,
  queueUrl: string,
  receiptHandle: string,
  seconds: number,
): Promise<void> {
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: Math.min(43_200, Math.ceil(seconds)),
    }),
  );
}

/** Puts a body into its queue once more, to be handed over after so many seconds (at most 15 minutes, by SQS). */
export async function putBack(
  sqs: SQSClient,
  queueUrl: string,
  body: string,
  delaySeconds: number,
): Promise<void> {
  await sqs.send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds }),
  );
}
