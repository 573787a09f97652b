import type { ReceivedMessage } from './message.ts';

/** The attributes that SQS itself keeps about a received message; times in milliseconds, all strings. */
export function systemAttributes(message: ReceivedMessage) {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAtMs),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
  };
}
