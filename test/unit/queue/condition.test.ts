import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { readQueue } from '../../../lib/queue/condition.ts';
import { ServiceFault } from '../../../local/json-protocol.ts';
import { type Answers, openAws } from '../../doubles/aws.ts';
import { loopback } from '../../doubles/loopback.ts';

const url = 'https://sqs.eu-west-1.amazonaws.com/111122223333/a-queue';

async function read(answers: Answers) {
  const { url: endpoint } = await openAws(answers);
  return readQueue(new SQSClient(loopback(endpoint)), 'a-queue');
}

test('a queue: how many wait, its policy, and where its messages end', async () => {
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: 'arn:dead', maxReceiveCount: 20 });
  const Attributes = {
    QueueArn: 'arn:queue',
    ApproximateNumberOfMessages: '3',
    VisibilityTimeout: '180',
    Policy: '{}',
    RedrivePolicy,
  };
  const answers = { GetQueueUrl: () => ({ QueueUrl: url }), GetQueueAttributes: () => ({ Attributes }) };
  expect(await read(answers)).toEqual({
    state: 'found',
    value: {
      arn: 'arn:queue',
      url,
      waiting: 3,
      visibilitySeconds: 180,
      policy: '{}',
      deadLetterArn: 'arn:dead',
    },
  });
});

test('a queue without a policy and without dead letters', async () => {
  const Attributes = { QueueArn: 'arn:queue', ApproximateNumberOfMessages: '0', VisibilityTimeout: '30' };
  const answers = { GetQueueUrl: () => ({ QueueUrl: url }), GetQueueAttributes: () => ({ Attributes }) };
  expect(await read(answers)).toEqual({
    state: 'found',
    value: { arn: 'arn:queue', url, waiting: 0, visibilitySeconds: 30 },
  });
});

test('a queue that is not there', async () => {
  const GetQueueUrl = () => {
    throw new ServiceFault('QueueDoesNotExist', 'The specified queue does not exist.');
  };
  expect(await read({ GetQueueUrl })).toEqual({ state: 'absent' });
});

test('a queue that may not be read', async () => {
  const answers = { GetQueueUrl: () => ({ QueueUrl: url }) };
  expect(await read(answers)).toEqual({ state: 'denied', action: 'any:GetQueueAttributes' });
});
