import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../../lib/delivery/delivery.ts';
import { parseDelivery, parseOrder } from '../../../lib/delivery/wire.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { enqueue } from '../../../lib/queue/outbox.ts';
import { aFound, aMeasurement, aNotice, aShownFinding } from '../../build/notice.ts';
import { openQueues } from '../../doubles/sqs.ts';

async function queued(delivery: Delivery) {
  const { client, queues, urls } = await openQueues('datadog', 'slack', 'sns');
  await enqueue(client, urls, delivery);
  const bodies = Object.entries(queues).map(([sink, queue]) => [
    sink,
    queue.messages().map(({ body }) => body),
  ]);
  return Object.fromEntries(bodies) as Record<'datadog' | 'slack' | 'sns', string[]>;
}

describe('what is queued for the sinks', () => {
  test('a notice is for each of them, once, and the same', async () => {
    const { datadog, slack, sns } = await queued(aNotice());
    expect([datadog.length, slack.length, sns.length]).toEqual([1, 1, 1]);
    expect(slack).toEqual(datadog);
    expect(sns).toEqual(datadog);
  });

  test('a measurement is for Datadog only', async () => {
    const { datadog, slack, sns } = await queued(aMeasurement());
    expect([datadog.length, slack.length, sns.length]).toEqual([1, 0, 0]);
  });

  const hostile = untrusted('CVE "\u0000\u001b[2J\u202e\u2028\u{1f600}');
  test.each<[string, Delivery]>([
    ['a notice', aNotice()],
    ['a measurement', aMeasurement()],
    [
      'a notice with text from anywhere',
      aNotice({ found: aFound({ shown: [aShownFinding({ id: hostile })] }) }),
    ],
  ])('%s is the same when it is read again', async (_what, delivery) => {
    const { datadog } = await queued(delivery);
    expect(parseDelivery(String(datadog[0]))).toEqual(delivery);
  });
});

describe('where chat is told as well', () => {
  test('its order is a second one on the queue of SNS, and names it', async () => {
    const { client, queues, urls } = await openQueues('datadog', 'slack', 'sns');
    await enqueue(client, { ...urls, chat: urls.sns }, aNotice());
    expect([queues.datadog.messages().length, queues.slack.messages().length]).toEqual([1, 1]);
    const orders = queues.sns.messages().map(({ body }) => parseOrder(body));
    expect(orders.map(({ to }) => to).sort()).toEqual(['chat', undefined]);
    expect(orders.map(({ delivery }) => delivery)).toEqual([aNotice(), aNotice()]);
  });

  test('a measurement is for Datadog only', async () => {
    const { client, queues, urls } = await openQueues('datadog', 'slack', 'sns');
    await enqueue(client, { ...urls, chat: urls.sns }, aMeasurement());
    expect([queues.datadog, queues.slack, queues.sns].map((it) => it.messages().length)).toEqual([1, 0, 0]);
  });
});

test('one queue that cannot be reached is an error, so that the scan is answered again', async () => {
  const { client, queues, urls } = await openQueues('datadog', 'slack', 'sns');
  const broken = { ...urls, slack: `${urls.slack}-2` };
  await expect(enqueue(client, broken, aNotice())).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  expect(queues.slack.messages()).toEqual([]);
});
