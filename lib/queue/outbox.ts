import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Delivery, type Heartbeat, SINKS, type SinkName } from '../delivery/delivery.ts';
import { formatDelivery } from '../delivery/wire.ts';

/** Queues a delivery for every sink that it concerns: gauges are for Datadog only. */
export async function enqueue(
  sqs: SQSClient,
  queueUrls: Readonly<Record<SinkName, string>>,
  delivery: Delivery,
): Promise<void> {
  const sinks = delivery.kind === 'measurement' ? (['datadog'] as const) : SINKS;
  const body = formatDelivery(delivery);
  await Promise.all(
    sinks.map((sink) => sqs.send(new SendMessageCommand({ QueueUrl: queueUrls[sink], MessageBody: body }))),
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
