import { expect, test } from 'vitest';
import { parseScan } from '../../../lib/intake/parse.ts';
import { sendHint } from '../../../lib/queue/hint.ts';
import { aDigest, anImageOf, at } from '../../build/lineage.ts';
import { openQueues } from '../../doubles/sqs.ts';

test('a hint waits in the queue, and intake reads it', async () => {
  const { client, queues, urls } = await openQueues('scans');
  const image = anImageOf(aDigest('a'));
  await sendHint(client, urls.scans, { image, id: 'event-1', at: at('03:10') }, 119.5);
  expect(queues.scans.counts()).toMatchObject({ visible: 0, delayed: 1 });
  const [message] = queues.scans.messages();
  expect(parseScan(message?.body ?? '')).toEqual({
    kind: 'scan-hint',
    eventId: 'event-1',
    at: at('03:10'),
    image,
  });
});
