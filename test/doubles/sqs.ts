import { SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { createQueue, type Queue } from '../../local/sqs/queue.ts';
import { startSqs } from '../../local/sqs/server.ts';
import { loopback } from './loopback.ts';

/** Some empty queues by name, their URLs, and AWS's own client to them, until the end of the test. */
export async function openQueues<Name extends string>(...names: readonly Name[]) {
  const nowMs = { value: Date.parse('2026-11-20T03:10:00Z') };
  const queues = Object.fromEntries(
    names.map((name) => [name, createQueue(settings(name), { now: () => nowMs.value })]),
  ) as Record<Name, Queue>;
  const server = await startSqs(new Map(Object.entries<Queue>(queues)));
  const client = new SQSClient(loopback(server.url));
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  const urls = Object.fromEntries(names.map((name) => [name, `${server.url}/111122223333/${name}`]));
  return {
    client,
    queues,
    urls: urls as Record<Name, string>,
    pass(seconds: number) {
      nowMs.value += seconds * 1000;
    },
  };
}

function settings(name: string) {
  const arn = `arn:aws:sqs:eu-west-1:111122223333:${name}`;
  return { name, arn, visibilityTimeoutSeconds: 180, retentionSeconds: 14 * 86_400, redrive: undefined };
}
