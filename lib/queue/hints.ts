import { GetQueueUrlCommand, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** The most messages that SQS takes at once. */
const MOST = 10;

/**
 * Puts hints into a queue, by the ten. Throws when one was not taken: nothing may be remembered as sent then, and to
 * send all of them again costs nothing.
 */
export async function sendHints(sqs: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<void> {
  for (let start = 0; start < bodies.length; start += MOST) {
    const Entries = bodies
      .slice(start, start + MOST)
      .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    if (Failed.length > 0) {
      const taken = start + Entries.length - Failed.length;
      const why = Failed[0]?.Code ?? 'no reason given';
      throw new Error(`SQS took ${taken} of ${bodies.length} hints (${why}): send them again`);
    }
  }
}

/** The same for a queue by its name. */
export async function sendHintsTo(
  sqs: SQSClient,
  queueName: string,
  bodies: readonly string[],
): Promise<void> {
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
  await sendHints(sqs, QueueUrl, bodies);
}
