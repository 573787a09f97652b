import type { SQSEvent, SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import type { MessageAttribute, ReceivedMessage } from '../sqs/message.ts';
import { systemAttributes } from '../sqs/system-attributes.ts';

/** A batch of messages as Lambda hands it to a function. */
export function sqsEvent(messages: readonly ReceivedMessage[], queueArn: string): SQSEvent {
  return { Records: messages.map((message) => record(message, queueArn)) };
}

function record(message: ReceivedMessage, queueArn: string): SQSRecord {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: { ...systemAttributes(message), SenderId: 'local' },
    messageAttributes: lambdaForm(message.attributes),
    md5OfBody: message.md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
}

function lambdaForm(attributes: Readonly<Record<string, MessageAttribute>>): SQSMessageAttributes {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    {
      dataType: DataType,
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
    },
  ]);
  return Object.fromEntries(entries);
}

/**
 * Which messages of a batch a function's answer leaves on the queue. An answer that names an unknown
 * message, or cannot be read, fails the whole batch; no list, or an empty one, is a success.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedMessageIds(answer: unknown, messageIds: readonly string[]): readonly string[] {
  if (answer === undefined || answer === null) return [];
  const failures = typeof answer === 'object' ? ((answer as Answer).batchItemFailures ?? []) : undefined;
  if (!Array.isArray(failures)) return messageIds;
  const failed = failures.map((failure: { itemIdentifier?: string } | null) => failure?.itemIdentifier ?? '');
  return failed.every((id) => messageIds.includes(id)) ? failed : messageIds;
}

interface Answer {
  readonly batchItemFailures?: unknown;
}
