import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { TopicFacts } from '../../doctor/facts.ts';
import { type Reading, reading } from '../../doctor/reading.ts';

/** How many subscribe to a topic, and how many of them have not confirmed. */
export function readTopic(sns: SNSClient, arn: string): Promise<Reading<TopicFacts>> {
  return reading('sns:GetTopicAttributes', async () => {
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
    return {
      confirmed: Number(Attributes.SubscriptionsConfirmed ?? 0),
      pending: Number(Attributes.SubscriptionsPending ?? 0),
    };
  });
}
