import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putVerdict } from '../../../lib/bus/put-verdict.ts';
import { type EventsApi, startEventsApi } from '../../../local/events-api.ts';

const put: object[] = [];
let api: EventsApi;
let client: EventBridgeClient;

beforeAll(async () => {
  const bus = {
    put(event: object) {
      put.push(event);
      return [];
    },
  };
  api = await startEventsApi(bus, { account: '111122223333', region: 'eu-west-1' });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new EventBridgeClient({ endpoint: api.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await api.close();
});

const entry = { Source: 'mine', DetailType: 'Mine', Detail: '{"a":1}' };
const send = (...Entries: object[]) => client.send(new PutEventsCommand({ Entries }));

test('an entry becomes an event on the bus', async () => {
  const { FailedEntryCount, Entries } = await send(entry);
  expect({ FailedEntryCount, ids: Entries?.map((it) => typeof it.EventId) }).toEqual({
    FailedEntryCount: 0,
    ids: ['string'],
  });
  expect(put).toMatchObject([
    { source: 'mine', 'detail-type': 'Mine', account: '111122223333', region: 'eu-west-1', detail: { a: 1 } },
  ]);
});

test.each([
  ['MalformedDetail', { ...entry, Detail: '[]' }],
  ['MalformedDetail', { ...entry, Detail: '{' }],
  ['NotAuthorizedForSourceException', { ...entry, Source: 'aws.ecr' }],
  ['InvalidArgument', { ...entry, DetailType: '' }],
  ['ResourceNotFoundException', { ...entry, EventBusName: 'another' }],
])('%s: the call succeeds, and the entry is not taken', async (code, wrong) => {
  const { FailedEntryCount, Entries } = await send(wrong, entry);
  expect(FailedEntryCount).toBe(1);
  expect(Entries).toMatchObject([{ ErrorCode: code }, { EventId: expect.any(String) }]);
});

test('more than 256 KB are refused', async () => {
  await expect(send({ ...entry, Detail: JSON.stringify({ a: 'x'.repeat(262_144) }) })).rejects.toThrow(
    /Total size/,
  );
});

test('a verdict that EventBridge answers and does not take is an error', async () => {
  const verdict = { id: 'a', verdict: 'passed' } as const;
  await putVerdict(client, 'default', verdict);
  api.failEntries(1, 'ThrottlingException');
  await expect(putVerdict(client, 'default', verdict)).rejects.toThrow(
    'EventBridge did not take the verdict: ThrottlingException',
  );
});
