import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Image } from '../image/reference.ts';
import type { Instant } from '../instant.ts';

/** As many as SQS takes at once. */
const MOST = 10;

/**
 * Sends the hint that these images may have been scanned, in the form of the event that AWS would send, under a
 * source of our own: no rule takes it, and the queue takes messages of our roles only. Throws when SQS did not take
 * them all; to send the rest again costs nothing.
 */
export async function sendScanHints(
  sqs: SQSClient,
  queueUrl: string,
  images: readonly Image[],
  at: Instant,
): Promise<void> {
  for (let from = 0; from < images.length; from += MOST) {
    const Entries = images
      .slice(from, from + MOST)
      .map((image, nth) => ({ Id: String(nth), MessageBody: scanHint(image, at) }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    if (Failed.length > 0)
      throw new Error(`SQS took ${from + Entries.length - Failed.length} of ${images.length}: run it again`);
  }
}

function scanHint({ repository: { account, region, name }, digest }: Image, time: Instant): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'ECR Image Scan',
    source: 'scan-response.replay',
    account,
    time,
    region,
    resources: [],
    detail: { 'repository-name': name, 'image-digest': digest },
  });
}
