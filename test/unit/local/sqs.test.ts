import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../local/http.ts';
import { createQueue, type Queue } from '../../../local/sqs/queue.ts';
import { startSqs } from '../../../local/sqs/server.ts';
import { untilVisible } from '../../../local/sqs/until-visible.ts';
import { loopback } from '../../doubles/loopback.ts';

const START_MS = Date.parse('2026-03-01T00:00:00Z');

function settings(name: string, more: { maxReceiveCount?: number; retentionSeconds?: number } = {}) {
  const { maxReceiveCount, retentionSeconds = 3600 } = more;
  return {
    name,
    arn: `arn:aws:sqs:us-east-1:111122223333:${name}`,
    visibilityTimeoutSeconds: 180,
    retentionSeconds,
    redrive: maxReceiveCount === undefined ? undefined : { maxReceiveCount },
  };
}

describe('the queue', () => {
  let nowMs = START_MS;
  const now = () => nowMs;
  const pass = (seconds: number) => {
    nowMs += seconds * 1000;
  };
  beforeEach(() => {
    nowMs = START_MS;
  });

  test('hides a received message until its visibility timeout ends', () => {
    const queue = createQueue(settings('pushes'), { now });
    queue.send({ body: 'one' });
    const [first] = queue.receive(10);
    expect(first).toMatchObject({
      body: 'one',
      receiveCount: 1,
      sentAtMs: START_MS,
      firstReceivedAtMs: START_MS,
    });
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    pass(179.999);
    expect(queue.receive(10)).toEqual([]);
    pass(0.001);
    expect(queue.receive(10)).toMatchObject([
      { messageId: first?.messageId, receiveCount: 2, firstReceivedAtMs: START_MS },
    ]);
  });

  test('holds a delayed message back', () => {
    const queue = createQueue(settings('pushes'), { now });
    queue.send({ body: 'later', delaySeconds: 30 });
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    expect(queue.receive(1)).toEqual([]);
    pass(30);
    expect(queue.receive(1)).toHaveLength(1);
  });

  test.each([0, 5, 900])('a visibility of %d s counts from the change', (seconds) => {
    const queue = createQueue(settings('pushes'), { now });
    queue.send({ body: 'one' });
    const [message] = queue.receive(1);
    pass(100);
    queue.changeVisibility(message?.receiptHandle ?? '', seconds);
    pass(seconds - 0.001);
    expect(queue.counts().visible).toBe(0);
    pass(0.001);
    expect(queue.counts().visible).toBe(1);
  });

  test('a message that is visible again has no visibility to change', () => {
    const queue = createQueue(settings('pushes'), { now });
    queue.send({ body: 'one' });
    const [message] = queue.receive(1);
    pass(180);
    expect(() => queue.changeVisibility(message?.receiptHandle ?? '', 10)).toThrow(/visible again/);
  });

  test('only the newest receipt handle deletes', () => {
    const queue = createQueue(settings('pushes'), { now });
    queue.send({ body: 'one' });
    const [first] = queue.receive(1, 1);
    pass(1);
    const [second] = queue.receive(1, 1);
    queue.delete(first?.receiptHandle ?? '');
    expect(queue.messages()).toHaveLength(1);
    queue.delete(second?.receiptHandle ?? '');
    queue.delete(second?.receiptHandle ?? '');
    expect(queue.messages()).toEqual([]);
  });

  test('redrives to the dead letters, as it was sent', () => {
    const deadLetters = createQueue(settings('dead'), { now });
    const queue = createQueue(settings('pushes', { maxReceiveCount: 2 }), { now, deadLetters });
    const attributes = { WHY: { DataType: 'String', StringValue: 'test' } };
    const { messageId } = queue.send({ body: 'poison', attributes });
    for (const attempt of [1, 2]) {
      expect(queue.receive(1)).toMatchObject([{ receiveCount: attempt }]);
      pass(180);
    }
    expect(deadLetters.messages()).toEqual([]);
    expect(queue.receive(1)).toEqual([]);
    expect(queue.messages()).toEqual([]);
    expect(deadLetters.messages()).toMatchObject([
      { messageId, body: 'poison', attributes, sentAtMs: START_MS, visibleAtMs: START_MS + 360_000 },
    ]);
  });

  test('a dead letter leaves room in the batch for the living', () => {
    const deadLetters = createQueue(settings('dead'), { now });
    const queue = createQueue(settings('pushes', { maxReceiveCount: 1 }), { now, deadLetters });
    queue.send({ body: 'poison' });
    queue.receive(1, 0);
    queue.send({ body: 'fine' });
    expect(queue.receive(1)).toMatchObject([{ body: 'fine' }]);
  });

  test('forgets what is older than its retention', () => {
    const queue = createQueue(settings('pushes', { retentionSeconds: 60 }), { now });
    queue.send({ body: 'old' });
    pass(60);
    expect(queue.messages()).toHaveLength(1);
    pass(0.001);
    expect(queue.messages()).toEqual([]);
  });
});

describe('waiting for a message', () => {
  const waits = async (queue: Queue, limitMs: number): Promise<number> => {
    const startedMs = performance.now();
    await untilVisible(queue, AbortSignal.timeout(limitMs));
    return performance.now() - startedMs;
  };

  test('ends when a message arrives, when a hidden one comes back, and when it is called off', async () => {
    const queue = createQueue(settings('pushes'), { now: Date.now });
    expect(await waits(queue, 60)).toBeGreaterThan(40);
    setTimeout(() => queue.send({ body: 'one' }), 30);
    expect(await waits(queue, 10_000)).toBeLessThan(5_000);
    queue.receive(1, 0.05);
    expect(queue.counts().inFlight).toBe(1);
    expect(await waits(queue, 10_000)).toBeLessThan(5_000);
    expect(queue.counts().visible).toBe(1);
  });
});

describe('the server, asked by the real client', () => {
  const queues = new Map<string, Queue>();
  let endpoint: Endpoint;
  let client: SQSClient;
  let QueueUrl: string;
  let queue: Queue;

  beforeAll(async () => {
    endpoint = await startSqs(queues);
    client = new SQSClient(loopback(endpoint.url));
    QueueUrl = `${endpoint.url}/111122223333/pushes`;
  });
  beforeEach(() => {
    queue = createQueue(settings('pushes'), { now: Date.now });
    queues.set('PushesQueue', queue);
  });
  afterAll(async () => {
    client.destroy();
    await endpoint.close();
  });

  test('tells a queue by its name', async () => {
    expect(await client.send(new GetQueueUrlCommand({ QueueName: 'pushes' }))).toMatchObject({ QueueUrl });
  });

  test('a message goes once around', async () => {
    const sent = await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'ünïcode ✓',
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'a' },
          bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) },
        },
      }),
    );
    const { Messages: [message] = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'ünïcode ✓',
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d{13}$/) },
      MessageAttributes: {
        text: { DataType: 'String', StringValue: 'a' },
        bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2) },
      },
    });
    const ReceiptHandle = message?.ReceiptHandle;
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 60 }));
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect(queue.messages()).toEqual([]);
  });

  test('gives only the attributes that are asked for', async () => {
    queue.send({ body: 'one', attributes: { text: { DataType: 'String', StringValue: 'a' } } });
    const { Messages: [message] = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(message?.Attributes).toEqual({});
    expect(message?.MessageAttributes).toEqual({});
  });

  test('counts', async () => {
    queue.send({ body: 'one' });
    queue.send({ body: 'two' });
    queue.send({ body: 'later', delaySeconds: 60 });
    queue.receive(1);
    const AttributeNames = ['All' as const];
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    expect(Attributes).toEqual({
      QueueArn: queue.settings.arn,
      VisibilityTimeout: '180',
      MessageRetentionPeriod: '3600',
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
  });

  test('a long poll waits for the message', async () => {
    const receiving = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
    setTimeout(() => queue.send({ body: 'at last' }), 50);
    expect((await receiving).Messages).toMatchObject([{ Body: 'at last' }]);
  });

  test('a batch fails message by message', async () => {
    const Entries = [
      { Id: 'a', MessageBody: 'fine' },
      { Id: 'b', MessageBody: 'x'.repeat(262_145) },
    ];
    const answer = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(answer.Successful).toMatchObject([{ Id: 'a' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }]);
    expect(queue.messages()).toMatchObject([{ body: 'fine' }]);
  });

  test.each([
    ['262,144 bytes are taken', 'x'.repeat(262_144), undefined],
    ['262,145 bytes are not', 'x'.repeat(262_145), 'InvalidParameterValue'],
    ['bytes count, not characters', 'é'.repeat(131_073), 'InvalidParameterValue'],
    ['nothing is no message', '', 'InvalidParameterValue'],
  ])('%s', async (_, MessageBody, fault) => {
    const sending = client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    if (fault) await expect(sending).rejects.toMatchObject({ name: fault });
    else await expect(sending).resolves.toHaveProperty('MessageId');
  });

  test.each([
    ['QueueDoesNotExist', () => new GetQueueUrlCommand({ QueueName: 'nowhere' })],
    [
      'QueueDoesNotExist',
      () => new SendMessageCommand({ QueueUrl: QueueUrl.replace('pushes', 'nowhere'), MessageBody: 'a' }),
    ],
    ['ReceiptHandleIsInvalid', () => new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'made-up' })],
    [
      'MessageNotInflight',
      () => {
        queue.send({ body: 'one' });
        const ReceiptHandle = queue.receive(1, 0)[0]?.receiptHandle;
        return new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 1 });
      },
    ],
  ])('answers %s', async (name, command) => {
    await expect(client.send(command() as SendMessageCommand)).rejects.toMatchObject({ name });
  });
});
