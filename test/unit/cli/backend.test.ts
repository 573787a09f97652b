import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { bundledCli, environmentOf } from '../../doubles/cli.ts';
import { openTables } from '../../doubles/dynamodb.ts';

const run = bundledCli();
const credentials = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
const question = ['who', 'demo-api:latest'];

/** A server that takes connections and never says a word; closed, its port refuses. */
async function silentServer() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => new Promise((resolve) => server.close(resolve)) };
}

// In an incident somebody waits for this answer.
test('a backend that refuses connections is said to be down within seconds', async () => {
  const { url, close } = await silentServer();
  await close();
  const { exit, stdout, stderr, tookMs } = await run(question, {
    ...credentials,
    AWS_ENDPOINT_URL_DYNAMODB: url,
  });
  expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
  expect(stderr).toMatch(/^scan-response: AWS could not be asked: .*ECONNREFUSED 127\.0\.0\.1:\d+\n$/);
  expect(tookMs).toBeLessThan(5000);
});

test('a backend that does not answer is said to be down within seconds', async () => {
  const { url, close } = await silentServer();
  onTestFinished(() => void close());
  const { exit, stdout, stderr, tookMs } = await run(question, {
    ...credentials,
    AWS_ENDPOINT_URL_DYNAMODB: url,
  });
  expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
  expect(stderr).toMatch(/^scan-response: AWS could not be asked: /);
  expect(tookMs).toBeLessThan(10_000);
});

test('tables that are not there are named', async () => {
  const environment = environmentOf(await openTables());
  const { SCAN_RESPONSE_LINEAGE_TABLE: _, ...others } = environment;
  const { exit, stderr } = await run([...question, '--stage', 'prod'], others);
  expect(exit).toBe(5);
  expect(stderr).toContain('ResourceNotFoundException');
  expect(stderr).toContain('check --stage');
});

test.each([
  ['no region', { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }, /[Rr]egion .*set AWS_REGION/],
  ['no credentials', { AWS_REGION: 'eu-west-1' }, /credentials .*AWS_PROFILE/],
])('%s: the message says so, and what to do', async (_what, environment, words) => {
  const { exit, stdout, stderr } = await run(question, {
    ...environment,
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
  });
  expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
  expect(stderr).toMatch(words);
  expect(stderr).not.toContain('    at ');
});
