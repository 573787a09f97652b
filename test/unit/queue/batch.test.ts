import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { ConfigError, InvalidEvent, NotReady } from '../../../lib/errors.ts';
import { type BatchPorts, eachMessage, type Received } from '../../../lib/queue/batch.ts';

const NOW_MS = Date.parse('2026-11-20T03:00:00Z');

function aRecord(
  body: string,
  { messageId = body, receives = '1', firstReceivedMs = NOW_MS } = {},
): SQSRecord {
  return {
    messageId,
    receiptHandle: `handle of ${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: receives,
      ApproximateFirstReceiveTimestamp: String(firstReceivedMs),
      SentTimestamp: String(firstReceivedMs),
      SenderId: 'sender',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:scans',
    awsRegion: 'eu-west-1',
  };
}

/** A queue and a log that remember what was asked of them. */
function aQueue(overrides: Partial<BatchPorts> = {}) {
  const buried: string[] = [];
  const postponed: string[] = [];
  const logged: string[] = [];
  const write = (level: string) => (message: unknown, more: unknown) => {
    logged.push(`${level} ${message} ${JSON.stringify(more)}`);
  };
  const ports: BatchPorts = {
    now: () => new Date(NOW_MS),
    bury: async (body, reason) => void buried.push(`${body}: ${reason}`),
    postpone: async (handle, seconds) => void postponed.push(`${handle}: ${seconds}`),
    log: { info: write('info'), error: write('error') } as BatchPorts['log'],
    ...overrides,
  };
  return { ports, buried, postponed, logged };
}

/** Answers by what the body says. */
async function answer({ body }: Received): Promise<object> {
  if (body.startsWith('poison')) throw new InvalidEvent('detail-type: nothing here answers it');
  if (body.startsWith('held')) throw new InvalidEvent('on hold', 'what releases it');
  if (body.startsWith('early')) throw new NotReady('no scan yet', 42);
  if (body.startsWith('crash')) throw new TypeError('a bug');
  if (body.startsWith('unset')) throw new ConfigError('SCAN_RESPONSE_X is not set');
  return { outcome: 'fine' };
}

async function failures(bodies: readonly string[], ports: BatchPorts): Promise<readonly string[]> {
  const event: SQSEvent = {
    Records: bodies.map((body, nth) => aRecord(body, { messageId: `${nth} ${body}` })),
  };
  const { batchItemFailures } = await eachMessage(event, answer, ports);
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

describe('eachMessage', () => {
  test('an error can say what lies in the dead letters in place of the message', async () => {
    const { ports, buried } = aQueue();
    expect(await failures(['held'], ports)).toEqual([]);
    expect(buried).toEqual(['what releases it: on hold']);
  });

  test('each message ends in its own way', async () => {
    const { ports, buried, postponed, logged } = aQueue();
    const failed = await failures(['poison', 'early', 'crash', 'good', 'unset'], ports);
    expect(failed).toEqual(['1 early', '2 crash', '4 unset']);
    expect(buried).toEqual(['poison: detail-type: nothing here answers it']);
    expect(postponed).toEqual(['handle of 1 early: 42']);
    expect(logged.filter((line) => line.startsWith('info answered'))).toHaveLength(1);
    expect(logged.filter((line) => line.startsWith('error'))).toHaveLength(3);
  });

  test.each([
    ['all good', ['a', 'b'], []],
    ['all crash', ['crash a', 'crash b'], ['0 crash a', '1 crash b']],
    ['all poison', ['poison a', 'poison b'], []],
    ['none', [], []],
  ])('%s', async (_, bodies, expected) => {
    expect(await failures(bodies, aQueue().ports)).toEqual(expected);
  });

  test('a message that cannot be buried stays, and its batch mates are answered', async () => {
    const { ports, logged } = aQueue({ bury: async () => Promise.reject(new Error('SQS is down')) });
    expect(await failures(['poison', 'good'], ports)).toEqual(['0 poison']);
    expect(logged.some((line) => line.startsWith('error could not put a message aside'))).toBe(true);
  });

  test('a message that cannot be postponed stays too', async () => {
    const { ports } = aQueue({ postpone: async () => Promise.reject(new Error('SQS is down')) });
    expect(await failures(['early', 'good'], ports)).toEqual(['0 early']);
  });

  test('an answer that throws at once is one that fails', async () => {
    const throwing = () => {
      throw new InvalidEvent('at once');
    };
    const { ports, buried } = aQueue();
    const { batchItemFailures } = await eachMessage({ Records: [aRecord('x')] }, throwing, ports);
    expect(batchItemFailures).toEqual([]);
    expect(buried).toEqual(['x: at once']);
  });

  test('the same body twice is one question with one answer for both', async () => {
    const asked: string[] = [];
    const counting = async (received: Received) => {
      asked.push(received.body);
      return answer(received);
    };
    const Records = ['good', 'early', 'good', 'early', 'other'].map((body, nth) =>
      aRecord(body, { messageId: String(nth) }),
    );
    const { batchItemFailures } = await eachMessage({ Records }, counting, aQueue().ports);
    expect(asked).toEqual(['good', 'early', 'other']);
    expect(batchItemFailures).toEqual([{ itemIdentifier: '1' }, { itemIdentifier: '3' }]);
  });

  test.each([
    ['1', NOW_MS, 1, 0],
    ['7', NOW_MS - 90_500, 7, 90.5],
    ['2', NOW_MS + 5000, 2, 0],
  ])('received %s times, first at %d', async (receives, firstReceivedMs, attempt, waitedSeconds) => {
    const received: Received[] = [];
    const Records = [aRecord('good', { receives, firstReceivedMs })];
    await eachMessage({ Records }, async (it) => received.push(it) && {}, aQueue().ports);
    expect(received).toEqual([{ body: 'good', attempt, waitedSeconds }]);
  });
});
