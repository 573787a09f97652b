import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deliver } from '../../../lib/delivery/deliver.ts';
import type { OffPorts } from '../../../lib/delivery/off.ts';
import { NotReady } from '../../../lib/errors.ts';
import { parameter } from '../../../lib/secret/parameter.ts';
import { slackSink } from '../../../lib/sinks/slack/send.ts';
import { serve } from '../../../local/http.ts';
import { startSsm } from '../../../local/ssm.ts';
import { aNotice } from '../../build/notice.ts';
import { loopback } from '../../doubles/loopback.ts';
import { memoryClaims, memorySink } from '../../doubles/memory-sink.ts';

const NAME = '/scan-response/dev/slack-webhook-url';

/** A message for a sink without a secret that waited so long: `off`, or after how many seconds it comes back. */
async function told(waitedSeconds: number, ports: OffPorts = {}, needs: string | undefined = NAME) {
  const { sink } = memorySink({ state: 'sent' }, false);
  const { ports: ledger, claimed } = memoryClaims({ state: 'claimed', token: 'token-1', doubt: 'none' });
  const off = { ...sink, ...(needs !== '' && { needs }) };
  const result = await deliver({ delivery: aNotice(), waitedSeconds }, 1, off, { ...ledger, ...ports }).catch(
    (error: unknown) => (error instanceof NotReady ? error.retryAfterSeconds : error),
  );
  expect(claimed).toEqual([]);
  return result;
}

describe('a message for a sink without a secret', () => {
  const isUnderWay = async () => true;

  test.each<[string, number, OffPorts, 'off' | number]>([
    ['waits: the secret may come', 0, {}, 300],
    ['waits for a quarter of an hour', 899, {}, 300],
    ['is done with then', 900, {}, 'off'],
    ['waits on when it was tried before', 900, { isUnderWay }, 900],
    ['waits as long as the deployment says', 59, { offAfterSeconds: 60 }, 60],
    ['is done with at once where the deployment says so', 0, { offAfterSeconds: 0 }, 'off'],
  ])('%s', async (_, waitedSeconds, ports, expected) => {
    expect(await told(waitedSeconds, ports)).toBe(expected);
  });

  test('that has none to wait for is done with at once', async () => {
    expect(await told(0, {}, '')).toBe('off');
  });
});

test('a secret that is gone for a moment loses nothing', async () => {
  const requests: string[] = [];
  const slack = await serve(async ({ body }) => {
    requests.push(body);
    return { status: 200, body: 'ok' };
  });
  const secrets = new Map([[NAME, `${slack.url}/services/hush`]]);
  const ssm = await startSsm(secrets);
  onTestFinished(async () => void (await Promise.all([slack.close(), ssm.close()])));
  const client = new SSMClient(loopback(ssm.url));
  let nowMs = 0;
  const readUrl = parameter(client, NAME, { nowMs: () => nowMs });
  const sink = { ...slackSink({ readUrl, allowLoopback: true }), needs: NAME };
  const { ports } = memoryClaims({ state: 'claimed', token: 'token-1', doubt: 'none' });
  const tell = (waitedSeconds: number) => deliver({ delivery: aNotice(), waitedSeconds }, 1, sink, ports);

  // A parameter keeps its type: to change it is to delete it and put it in again.
  const [[name, value] = ['', '']] = [...secrets];
  secrets.clear();
  await expect(tell(0)).rejects.toBeInstanceOf(NotReady);
  secrets.set(name, value);
  nowMs += 300_000;
  expect(await tell(300)).toBe('sent');
  expect(requests).toHaveLength(1);
});
