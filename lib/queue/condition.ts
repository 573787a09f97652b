import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueueFacts } from '../doctor/facts.ts';
import { type Reading, reading } from '../doctor/reading.ts';

/** How a queue is set up, and how many messages wait in it. */
export function readQueue(sqs: SQSClient, name: string): Promise<Reading<QueueFacts>> {
  return reading('sqs:GetQueueUrl and sqs:GetQueueAttributes', async () => {
    const { QueueUrl: url = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    const {
      QueueArn = '',
      ApproximateNumberOfMessages,
      VisibilityTimeout,
      Policy,
      RedrivePolicy,
    } = Attributes;
    const deadLetterArn = RedrivePolicy && JSON.parse(RedrivePolicy).deadLetterTargetArn;
    return {
      arn: QueueArn,
      url,
      waiting: Number(ApproximateNumberOfMessages ?? 0),
      visibilitySeconds: Number(VisibilityTimeout ?? 0),
      ...(Policy && { policy: Policy }),
      ...(deadLetterArn && { deadLetterArn }),
    };
  });
}
