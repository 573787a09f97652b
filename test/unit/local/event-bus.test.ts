import { expect, test } from 'vitest';
import { createBus } from '../../../local/event-bus.ts';
import { createQueue } from '../../../local/sqs/queue.ts';

const event = { source: 'aws.ecr', 'detail-type': 'ECR Image Action', detail: { result: 'SUCCESS' } };

function queue(name: string) {
  const arn = `arn:aws:sqs:us-east-1:111122223333:${name}`;
  return createQueue({ name, arn, visibilityTimeoutSeconds: 30, retentionSeconds: 60 }, { now: Date.now });
}

function rule(name: string, pattern: string, queueName: string) {
  const arn = (suffix: string) => `arn:aws:sqs:us-east-1:111122223333:${suffix}`;
  return { name, pattern, targets: [{ queueArn: arn(queueName), deadLetterArn: arn('dead') }] };
}

function bus() {
  const [pushes, all, dead] = [queue('pushes'), queue('all'), queue('dead')];
  const put = createBus({
    rules: [rule('pushed', 'aws.ecr', 'pushes'), rule('any', '*', 'all'), rule('lost', 'aws.ecs', 'gone')],
    queues: [pushes, all, dead],
    matches: (pattern, { source }: { source?: string }) => pattern === '*' || pattern === source,
  }).put;
  return { put, pushes, all, dead };
}

test('sends the event to every target of every rule that matches', () => {
  const { put, pushes, all, dead } = bus();
  expect(put(event)).toEqual([
    { rule: 'pushed', queueArn: pushes.settings.arn },
    { rule: 'any', queueArn: all.settings.arn },
  ]);
  expect(pushes.messages().map(({ body }) => JSON.parse(body))).toEqual([event]);
  expect(all.messages()).toHaveLength(1);
  expect(dead.messages()).toEqual([]);
});

test('delivers twice when told so, as two messages', () => {
  const { put, pushes } = bus();
  put(event, { times: 2 });
  const ids = pushes.messages().map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBe(2);
});

test('an event for a queue that is not there goes to the dead letters with its reason', () => {
  const { put, dead } = bus();
  const lost = { ...event, source: 'aws.ecs' };
  put(lost);
  expect(dead.messages()).toMatchObject([
    {
      body: JSON.stringify(lost),
      attributes: {
        RULE_ARN: { StringValue: 'arn:aws:events:us-east-1:111122223333:rule/lost' },
        TARGET_ARN: { StringValue: 'arn:aws:sqs:us-east-1:111122223333:gone' },
        ERROR_CODE: { StringValue: 'NO_RESOURCE' },
      },
    },
  ]);
});
