import { PublishCommand, type PublishCommandInput, type SNSClient } from '@aws-sdk/client-sns';
import type { Outcome, Sink } from '../../delivery/sink.ts';
import { snsMessage } from './message.ts';
import { fromPublishError } from './outcome.ts';

export interface SnsOptions {
  /** Made with `maxAttempts: 1`: the queue does the retrying, and a lost reply must not be repeated unseen. */
  readonly client: Pick<SNSClient, 'send'>;
  /** A standard topic; undefined turns the sink off. */
  readonly topicArn: string | undefined;
  readonly timeoutMs?: number;
}

/** An SNS topic: one Publish per try. The body's `id` lets consumers fold what arrives twice. */
export function snsSink(options: SnsOptions): Sink {
  return {
    name: 'sns',

    async isConfigured() {
      return Boolean(options.topicArn);
    },

    async send(delivery, { possibleRepeat }) {
      if (delivery.kind !== 'notice') return NOT_FOR_SNS;
      return publish(snsMessage(delivery, { possibleRepeat }), options);
    },
  };
}

/** One try; never throws. */
export async function publish(
  message: PublishCommandInput,
  { client, topicArn, timeoutMs = 8_000 }: SnsOptions,
): Promise<Outcome> {
  if (!topicArn) return NOT_CONFIGURED;
  try {
    const abortSignal = AbortSignal.timeout(timeoutMs);
    const command = new PublishCommand({ TopicArn: topicArn, ...message });
    const { MessageId } = await client.send(command, { abortSignal });
    return { state: 'sent', ...(MessageId && { receipt: MessageId }) };
  } catch (error) {
    return fromPublishError(error, timeoutMs);
  }
}

/** To either topic. */
export const NOT_FOR_SNS: Outcome = {
  state: 'rejected',
  why: 'SNS takes notices, not measurements: route measurements to the Datadog queue',
};

const NOT_CONFIGURED: Outcome = {
  state: 'rejected',
  why: 'SNS is not configured: give the function the ARN of a topic',
};
