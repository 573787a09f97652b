import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Delivery, Heartbeat, QueuedSink, SinkName } from '../delivery/delivery.ts';
import { formatDelivery } from '../delivery/wire.ts';
import { together } from '../together.ts';

/** Where each sink reads; `chat` is there only where a deployment has it. */
type QueueUrls = Readonly<Record<QueuedSink, string>> & { readonly chat?: string };

/** Queues a delivery for every sink that it concerns: gauges are for Datadog only. */
export async function enqueue(sqs: SQSClient, queueUrls: QueueUrls, delivery: Delivery): Promise<void> {
  const urls = delivery.kind === 'measurement' ? { datadog: queueUrls.datadog } : queueUrls;
  await together(
    Object.entries(urls).map(([sink, QueueUrl]) => {
      const MessageBody = formatDelivery(delivery, undefined, sink as SinkName);
      return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    }),
  );
}

/** Queues a heartbeat for Datadog. */
export async function enqueueHeartbeat(
  sqs: SQSClient,
  datadogQueueUrl: string,
  heartbeat: Heartbeat,
): Promise<void> {
  await sqs.send(
    new SendMessageCommand({ QueueUrl: datadogQueueUrl, MessageBody: formatDelivery(heartbeat) }),
  );
}
