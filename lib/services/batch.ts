import * as config from '../config.ts';
import type { PutBack } from '../delivery/waiting.ts';
import type { BatchPorts } from '../queue/batch.ts';
import { bury, postpone, putBack } from '../queue/message.ts';
import { now, queues } from './connect.ts';

// The composition root of every function that reads a queue.

/** The queue that feeds a function, and its dead letters. Only those may put back whose role says so. */
export function batchPorts(
  log: BatchPorts['log'],
  env = config.environment,
): BatchPorts & { readonly putBack: PutBack } {
  const sqs = queues(env);
  const queueUrl = config.required(env, 'QUEUE_URL');
  const deadLetterUrl = config.required(env, 'DEAD_LETTER_URL');
  return {
    now,
    log,
    bury: (body, reason) => bury(sqs, deadLetterUrl, body, reason),
    putBack: (body, delaySeconds) => putBack(sqs, queueUrl, body, delaySeconds),
    postpone: (receiptHandle, seconds) => postpone(sqs, queueUrl, receiptHandle, seconds),
  };
}
