import { createHash, randomUUID } from 'node:crypto';
import { ServiceFault } from '../json-protocol.ts';

/** A message attribute as the SQS API spells it; `BinaryValue` is base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export interface Outgoing {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  readonly delaySeconds?: number;
}

export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Stays the same when the message moves to the dead letters, as on SQS. */
  readonly sentAtMs: number;
  readonly firstReceivedAtMs: number | undefined;
  readonly receiveCount: number;
  /** Of the newest receive; `undefined` until the first one. */
  readonly receiptHandle: string | undefined;
  readonly visibleAtMs: number;
}

export interface ReceivedMessage extends Message {
  readonly receiptHandle: string;
  readonly firstReceivedAtMs: number;
}

/** 256 KiB with attributes. SQS takes more today; EventBridge, the first sender here, does not. */
const MAX_MESSAGE_BYTES = 262_144;

/** A message as it enters a queue; throws a `ServiceFault` when it is empty or too long. */
export function newMessage({ body, attributes = {}, delaySeconds = 0 }: Outgoing, nowMs: number): Message {
  const attributeText = Object.entries(attributes).flatMap(([name, value]) => [
    name,
    ...Object.values(value),
  ]);
  const bytes = Buffer.byteLength([body, ...attributeText].join(''));
  if (body === '' || bytes > MAX_MESSAGE_BYTES) {
    const reason = `Message must be between 1 and ${MAX_MESSAGE_BYTES} bytes with its attributes, not ${bytes}.`;
    throw new ServiceFault('InvalidParameterValue', `One or more parameters are invalid. Reason: ${reason}`);
  }
  return {
    messageId: randomUUID(),
    body,
    md5OfBody: createHash('md5').update(body).digest('hex'),
    attributes,
    sentAtMs: nowMs,
    firstReceivedAtMs: undefined,
    receiveCount: 0,
    receiptHandle: undefined,
    visibleAtMs: nowMs + delaySeconds * 1000,
  };
}

/** The message after one more receive: counted, with a new handle, hidden for `visibilitySeconds`. */
export function received(message: Message, nowMs: number, visibilitySeconds: number): ReceivedMessage {
  const receiveCount = message.receiveCount + 1;
  return {
    ...message,
    receiveCount,
    receiptHandle: `${message.messageId}/${receiveCount}`,
    firstReceivedAtMs: message.firstReceivedAtMs ?? nowMs,
    visibleAtMs: nowMs + visibilitySeconds * 1000,
  };
}

/** Whose handle it is; throws a `ServiceFault` for a text that was never a handle. */
export function messageIdOf(receiptHandle: string): string {
  const messageId = /^([0-9a-f-]{36})\/[1-9]\d*$/.exec(receiptHandle)?.[1];
  if (!messageId) throw new ServiceFault('ReceiptHandleIsInvalid', `not a receipt handle: ${receiptHandle}`);
  return messageId;
}
