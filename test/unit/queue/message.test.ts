import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bury, postpone, putBack } from '../../../lib/queue/message.ts';
import { openQueues } from '../../doubles/sqs.ts';

/** What SQS takes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const TAKEN_BY_SQS = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

async function buried(body: string, reason: string) {
  const { client, queues, urls } = await openQueues('dead-letters');
  await bury(client, urls['dead-letters'], body, reason);
  const [message] = queues['dead-letters'].messages();
  return { body: message?.body, reason: message?.attributes.reason };
}

describe('burying a message', () => {
  test.each([
    ['not JSON', 'hello'],
    ['JSON with spaces that a parser would lose', '{ "a" : 1.0,\n\t"a": 2 }'],
    ['other scripts and emoji', '{"name":"\u00e9\u4e16\u{1f600}"}'],
    ['long', 'x'.repeat(200_000)],
  ])('keeps its body as it came: %s', async (_what, body) => {
    expect(await buried(body, 'why')).toEqual({ body, reason: { DataType: 'String', StringValue: 'why' } });
  });

  test.each([
    ['an ordinary one', 'digest: not a digest\n\tsee §2', 'digest: not a digest\n\tsee §2'],
    ['control characters', 'a\u0000b\u001b[2Jc\u0008', 'a\ufffdb\ufffd[2Jc\ufffd'],
    ['half a character', 'a\ud83db', 'a\ufffdb'],
    ['what is no character', 'a\uffff\ufffeb', 'a\ufffd\ufffdb'],
    ['exactly as long as fits', 'y'.repeat(256), 'y'.repeat(256)],
    ['ten thousand characters', 'y'.repeat(10_000), 'y'.repeat(256)],
  ])('puts the reason beside it: %s', async (_what, reason, kept) => {
    expect((await buried('{}', reason)).reason).toEqual({ DataType: 'String', StringValue: kept });
  });

  test('gives a reason that SQS takes, whatever somebody wrote into it', async () => {
    const { client, queues, urls } = await openQueues('dead-letters');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }), async (reason) => {
        await bury(client, urls['dead-letters'], '{}', reason);
        const text = queues['dead-letters'].messages().at(-1)?.attributes.reason?.StringValue ?? '';
        expect(text).toMatch(TAKEN_BY_SQS);
        expect(text.length).toBeLessThanOrEqual(256);
        expect(text).not.toBe('');
      }),
      { numRuns: 100 },
    );
  });

  test('throws when it is not taken: the caller must not forget the message', async () => {
    const { client, urls } = await openQueues('dead-letters');
    await expect(bury(client, `${urls['dead-letters']}-2`, '{}', 'why')).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });
});

describe('postponing a message', () => {
  test.each([
    [5, 5],
    [0.2, 1],
    [299.5, 300],
    [1_000_000, 43_200],
  ])('for %s s hides it for %s s', async (asked, hidden) => {
    const { client, queues, urls, pass } = await openQueues('scans');
    queues.scans.send({ body: '{}' });
    const [message] = queues.scans.receive(1);
    await postpone(client, urls.scans, String(message?.receiptHandle), asked);
    pass(hidden - 0.001);
    expect(queues.scans.receive(1)).toEqual([]);
    pass(0.001);
    expect(queues.scans.receive(1)).toMatchObject([{ body: '{}', receiveCount: 2 }]);
  });

  test('throws when the message is not held any more', async () => {
    const { client, queues, urls, pass } = await openQueues('scans');
    queues.scans.send({ body: '{}' });
    const [message] = queues.scans.receive(1);
    pass(181);
    const postponing = postpone(client, urls.scans, String(message?.receiptHandle), 5);
    await expect(postponing).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });
});

describe('putting a message back', () => {
  test('as it came, to be handed over for the first time after so many seconds', async () => {
    const { client, queues, urls, pass } = await openQueues('slack');
    const body = '{ "a" : 1.0,\n\t"a": 2 }';
    await putBack(client, urls.slack, body, 900);
    pass(899.999);
    expect(queues.slack.receive(1)).toEqual([]);
    pass(0.001);
    expect(queues.slack.receive(1)).toMatchObject([{ body, receiveCount: 1 }]);
  });

  test('throws when it is not taken: the received one must stay', async () => {
    const { client, urls } = await openQueues('slack');
    await expect(putBack(client, `${urls.slack}-2`, '{}', 900)).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });
});
