import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dropped, replyLost } from '../../../local/reply-script.ts';
import { snsFault, startSns } from '../../../local/sns.ts';
import { loopback } from '../../doubles/loopback.ts';

const TopicArn = 'arn:aws:sns:eu-central-1:123456789012:scan-response';

async function startTopic({ topics, maxAttempts = 1 }: { topics?: Set<string>; maxAttempts?: number } = {}) {
  const server = await startSns(topics ? { topics } : {});
  const client = new SNSClient({ ...loopback(server.url), maxAttempts });
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  const publish = (input: Partial<PublishCommandInput>) =>
    client.send(new PublishCommand({ TopicArn, Message: 'hello', ...input }));
  return { server, publish };
}

describe('a published message', () => {
  test('is kept with its subject and attributes', async () => {
    const { server, publish } = await startTopic();
    const { MessageId } = await publish({
      Message: '{"a":"ü & <b>"}',
      Subject: '3 critical in demo-api:latest',
      MessageAttributes: {
        severity: { DataType: 'String', StringValue: 'CRITICAL' },
        critical: { DataType: 'Number', StringValue: '3' },
      },
    });
    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(server.published).toEqual([
      {
        topicArn: TopicArn,
        subject: '3 critical in demo-api:latest',
        message: '{"a":"ü & <b>"}',
        attributes: {
          severity: { type: 'String', value: 'CRITICAL' },
          critical: { type: 'Number', value: '3' },
        },
      },
    ]);
  });

  test('needs no subject', async () => {
    const { server, publish } = await startTopic();
    await publish({});
    expect(server.published[0]).toEqual({ topicArn: TopicArn, message: 'hello', attributes: {} });
  });

  test.each<[string, Partial<PublishCommandInput>]>([
    ['a subject of 99 characters', { Subject: 'x'.repeat(99) }],
    ['a body of 256 KiB', { Message: 'x'.repeat(256 * 1024) }],
    ['a json structure with a default', { Message: '{"default":"hi"}', MessageStructure: 'json' }],
  ])('may have %s', async (_what, input) => {
    const { server, publish } = await startTopic();
    await publish(input);
    expect(server.published).toHaveLength(1);
  });

  test.each<[string, Partial<PublishCommandInput>]>([
    ['a subject of 100 characters', { Subject: 'x'.repeat(100) }],
    ['an empty subject', { Subject: '' }],
    ['a line break in its subject', { Subject: 'one\ntwo' }],
    ['a trailing line break in its subject', { Subject: 'one\n' }],
    ['a control character in its subject', { Subject: 'one\u0007' }],
    ['no body', { Message: '' }],
    ['a body of more than 256 KiB in bytes', { Message: 'ü'.repeat(128 * 1024 + 1) }],
    [
      'a body and attributes of more than 256 KiB together',
      {
        Message: 'x'.repeat(256 * 1024),
        MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } },
      },
    ],
    ['a json structure without a default', { Message: '{}', MessageStructure: 'json' }],
    ['a json structure that is no JSON', { Message: 'hi', MessageStructure: 'json' }],
    ['an empty attribute', { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } }],
    ['text in a number attribute', { MessageAttributes: { a: { DataType: 'Number', StringValue: 'b' } } }],
  ])('may not have %s', async (_what, input) => {
    const { server, publish } = await startTopic();
    await expect(publish(input)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(server.published).toEqual([]);
  });

  test('needs a topic that exists, where topics are known', async () => {
    const { server, publish } = await startTopic({ topics: new Set([TopicArn]) });
    await publish({});
    await expect(publish({ TopicArn: `${TopicArn}-2` })).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(server.published).toHaveLength(1);
  });
});

describe('planned replies', () => {
  test('are answered in order, then the topic works again', async () => {
    const { server, publish } = await startTopic();
    server.plan(snsFault('Throttled', 'Rate <exceeded>', 429), 2);
    const throttled = { name: 'ThrottledException', message: 'Rate <exceeded>' };
    await expect(publish({})).rejects.toMatchObject(throttled);
    await expect(publish({})).rejects.toMatchObject(throttled);
    await publish({});
    expect(server.published).toHaveLength(1);
  });

  test('drop the connection before or after the message was taken', async () => {
    const { server, publish } = await startTopic();
    server.plan(dropped);
    server.plan(replyLost);
    await expect(publish({ Message: 'never seen' })).rejects.toThrow();
    await expect(publish({ Message: 'seen' })).rejects.toThrow();
    expect(server.published.map(({ message }) => message)).toEqual(['seen']);
  });

  test('make a client that retries publish twice when the reply is lost', async () => {
    const { server, publish } = await startTopic({ maxAttempts: 2 });
    server.plan(replyLost);
    await publish({});
    expect(server.published).toHaveLength(2);
  });
});

test('an action other than Publish is refused', async () => {
  const { server } = await startTopic();
  const body = new URLSearchParams({ Action: 'CreateTopic' });
  const reply = await fetch(server.url, { method: 'POST', body });
  expect(reply.status).toBe(400);
  expect(await reply.text()).toContain('<Code>InvalidAction</Code>');
});
