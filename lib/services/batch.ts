import { SQSClient } from '@aws-sdk/client-sqs';
import * as config from '../config.ts';
import type { BatchPorts } from '../queue/batch.ts';
import { bury, postpone } from '../queue/message.ts';
import { IN_TIME, now } from './connect.ts';

// The composition root of every function that reads a queue.

/** The queue that feeds a function, and its dead letters. */
export function batchPorts(log: BatchPorts['log'], env = config.environment): BatchPorts {
  const sqs = new SQSClient(IN_TIME);
  const queueUrl = config.required(env, 'QUEUE_URL');
  const deadLetterUrl = config.required(env, 'DEAD_LETTER_URL');
  return {
    now,
    log,
    bury: (body, reason) => bury(sqs, deadLetterUrl, body, reason),
    postpone: (receiptHandle, seconds) => postpone(sqs, queueUrl, receiptHandle, seconds),
  };
}
