import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { batchPorts } from '../../../lib/services/batch.ts';
import { IN_TIME, IN_TIME_FOR_FINDINGS, registries } from '../../../lib/services/connect.ts';
import { deliveryPorts, slack } from '../../../lib/services/deliver.ts';
import { aNotice } from '../../build/notice.ts';

const FUNCTION_MS = 30_000;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

/** All of AWS that takes every request and ends no answer: SQS begins one and does not go on, the others say nothing. */
async function openSilence() {
  let requests = 0;
  const server = createServer(({ headers }, response) => {
    requests += 1;
    if (!String(headers['x-amz-target']).startsWith('AmazonSQS')) return;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).write('{');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => requests };
}

function environmentFor(url: string): NodeJS.ProcessEnv {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  onTestFinished(() => void vi.unstubAllEnvs());
  return {
    SCAN_RESPONSE_QUEUE_URL: `${url}/111122223333/slack`,
    SCAN_RESPONSE_DEAD_LETTER_URL: `${url}/111122223333/slack-dead-letters`,
    SCAN_RESPONSE_LEDGER_TABLE: 'ledger',
    SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER: '/scan-response/dev/slack-webhook-url',
  };
}

test(
  'an AWS that does not answer is given up in half of the time of a function',
  async () => {
    const { url, asked } = await openSilence();
    const env = environmentFor(url);
    const startedMs = Date.now();
    const results = await Promise.allSettled([
      batchPorts(silent, env).postpone('receipt', 5),
      deliveryPorts(silent, env).claim(aNotice(), 'slack'),
      slack(env).isConfigured(),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(Date.now() - startedMs).toBeLessThan(FUNCTION_MS / 2);
    expect(asked()).toBeGreaterThanOrEqual(3);
    expect(asked()).toBeLessThanOrEqual(3 * IN_TIME.maxAttempts);
  },
  FUNCTION_MS,
);

test('the tries at ECR fit into the time of a function, with its pauses between them', async () => {
  const { maxAttempts, requestHandler } = IN_TIME_FOR_FINDINGS;
  const pausesMs = 2000;
  expect(maxAttempts * requestHandler.requestTimeout + pausesMs).toBeLessThan(FUNCTION_MS);
  const env = {
    ...environmentFor('http://127.0.0.1:1'),
    SCAN_RESPONSE_MEMBER_ACCOUNTS: '444455556666',
    SCAN_RESPONSE_READER_ROLE: 'arn:aws:iam::*:role/reader',
  };
  for (const account of ['111122223333', '444455556666']) {
    const { config } = registries(env)(account);
    const { configProvider } = config.requestHandler as unknown as { configProvider: Promise<object> };
    expect(await config.maxAttempts()).toBe(maxAttempts);
    expect(await configProvider).toMatchObject(requestHandler);
  }
});
