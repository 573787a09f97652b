import { SNSClient } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { readTopic } from '../../../lib/sinks/sns/listeners.ts';
import { type Answers, openAws } from '../../doubles/aws.ts';
import { loopback } from '../../doubles/loopback.ts';

async function read(answers: Answers) {
  const { url: endpoint } = await openAws(answers);
  const client = new SNSClient(loopback(endpoint));
  return readTopic(client, 'arn:aws:sns:eu-west-1:111122223333:scan-response-dev-notices');
}

test('who listens to a topic, and who has not confirmed', async () => {
  const entry = (key: string, value: number) => `<entry><key>${key}</key><value>${value}</value></entry>`;
  const GetTopicAttributes = `<Attributes>${entry('SubscriptionsConfirmed', 2)}${entry('SubscriptionsPending', 1)}</Attributes>`;
  expect(await read({ GetTopicAttributes })).toEqual({
    state: 'found',
    value: { confirmed: 2, pending: 1 },
  });
});

test('a topic that may not be asked', async () => {
  expect(await read({})).toEqual({ state: 'denied', action: 'sns:GetTopicAttributes' });
});
