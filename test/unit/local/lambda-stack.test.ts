import { cp, mkdir, mkdtemp, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type PackagedService, packageService } from '../../../local/package.ts';
import { type RunningStack, type StackOptions, startStack } from '../../../local/stack.ts';

// The real template with small functions of the test's own: what is tried here is the stack between them.
const silent = 'export const handler = async () => {};';
const functions = {
  'image-pushed': `export const handler = async ({ Records }) => {
    const { account, detail } = JSON.parse(Records[0].body);
    console.log(JSON.stringify({ account, tag: detail['image-tag'], mine: process.env.MINE }));
    console.log('not JSON');
  };`,
  // Passes every event on to Slack's queue, in the words of the SQS protocol.
  'scan-completed': `export const handler = async ({ Records }) => {
    for (const { body } of Records) await fetch(process.env.AWS_ENDPOINT_URL_SQS, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.SendMessage' },
      body: JSON.stringify({ QueueUrl: process.env.SCAN_RESPONSE_SLACK_QUEUE_URL, MessageBody: body }),
    });
  };`,
  // Crashes at the first try, then asks SSM for the webhook and posts.
  'deliver-slack': `export const handler = async ({ Records: [{ attributes, body }] }) => {
    if (attributes.ApproximateReceiveCount === '1') process.exit(1);
    const parameter = await fetch(process.env.AWS_ENDPOINT_URL_SSM, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSSM.GetParameter' },
      body: JSON.stringify({ Name: process.env.SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER, WithDecryption: true }),
    });
    const { Parameter } = await parameter.json();
    const text = JSON.parse(body).detail['repository-name'];
    await fetch(Parameter.Value, { method: 'POST', body: JSON.stringify({ text }) });
  };`,
  'deliver-datadog': silent,
  'deliver-sns': silent,
  heartbeat: silent,
  'image-deployed': silent,
  reconcile: silent,
};

let root: string;
let packaged: PackagedService;
let stack: RunningStack | undefined;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'stack-test-'));
  for (const path of ['package.json', 'serverless.yml', 'resources']) {
    await cp(path, join(root, path), { recursive: true });
  }
  await symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  await mkdir(join(root, 'dist/functions'), { recursive: true });
  for (const [name, code] of Object.entries(functions)) {
    await writeFile(join(root, `dist/functions/${name}.mjs`), code);
  }
  const outfile = join(root, 'bootstrap.mjs');
  await build({
    entryPoints: ['local/lambda/bootstrap.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  packaged = await packageService({ root });
});
afterEach(async () => {
  await stack?.stop();
  stack = undefined;
});
afterAll(async () => {
  await packaged?.dispose();
  await rm(root, { recursive: true });
});

async function start(options: Partial<StackOptions> = {}): Promise<RunningStack> {
  stack = await startStack({ packaged, bootstrap: join(root, 'bootstrap.mjs'), ...options });
  return stack;
}

test('an event goes through rule, queue and function, and its log comes back', async () => {
  const { registry, bus, queues, logs, invocations, idle, onLog } = await start({
    environment: { MINE: 'yes' },
  });
  const heard: unknown[] = [];
  onLog(({ line }) => heard.push(line));
  const { events } = registry.push('team/api', { tags: ['latest'] });
  const deliveries = events.flatMap((event) => bus.put(event));
  expect(deliveries).toMatchObject([{ queueArn: queues.get('PushesQueue')?.settings.arn }]);
  await idle();
  expect(invocations).toMatchObject([{ functionName: expect.stringContaining('image-pushed'), cold: true }]);
  expect(logs.map(({ line }) => line)).toEqual([
    { account: '111122223333', tag: 'latest', mine: 'yes' },
    'not JSON',
  ]);
  expect(heard).toEqual(logs.map(({ line }) => line));
});

test('functions reach each other and the sinks; a crash is retried', async () => {
  const { registry, bus, queues, slack, invocations, idle } = await start({ retryAfterCrashSeconds: 0.3 });
  const { digest } = registry.push('team/api', { tags: ['latest'] });
  bus.put(registry.scan('team/api', digest, { status: 'COMPLETE', counts: {}, findings: [] }));
  await idle();
  expect(slack.messages.map(({ message }) => message.text)).toEqual(['team/api']);
  expect(invocations.map(({ functionName, error }) => [functionName.split('-').at(-1), error?.type])).toEqual(
    [
      ['completed', undefined],
      ['slack', 'Runtime.ExitError'],
      ['slack', undefined],
    ],
  );
  expect([...queues.values()].flatMap((queue) => queue.messages())).toEqual([]);
});

test('idle says what it waits for, unless told not to', async () => {
  const { queues, idle } = await start();
  queues.get('SnsQueue')?.send({ body: 'later', delaySeconds: 900 });
  await idle({ ignoreDelayedBeyondSeconds: 60 });
  await expect(idle({ timeoutMs: 50 })).rejects.toThrow(/-sns holds 1 messages, the last for 900 s more/);
});

test('a secret can be left out', async () => {
  const { parameters, slack } = await start({ unconfigured: ['datadog'] });
  expect([...parameters.values()]).toEqual([slack.webhookUrl]);
});

test('a failed start, and a stop, leave nothing open', async () => {
  const openServers = () =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  // A server that is closed is listed until the event loop comes round.
  await expect.poll(openServers).toBe(0);
  const starting = startStack({ packaged: { ...packaged, bundles: new Map() } });
  await expect(starting).rejects.toThrow(/the package has no image-pushed\.zip; package again/);
  await expect.poll(openServers).toBe(0);
  const { stop } = await start();
  expect(openServers()).toBe(8);
  await stop();
  await expect.poll(openServers).toBe(0);
});

test('a package is reused until a bundle is newer', async () => {
  const template = join(root, '.serverless/cloudformation-template-update-stack.json');
  const madeAtMs = async () => (await stat(template)).mtimeMs;
  const firstMs = await madeAtMs();
  await (await packageService({ root, reuse: true })).dispose();
  expect(await madeAtMs()).toBe(firstMs);
  const later = new Date(firstMs + 1);
  await utimes(join(root, 'dist/functions/deliver-sns.mjs'), later, later);
  await (await packageService({ root, reuse: true })).dispose();
  expect(await madeAtMs()).toBeGreaterThan(firstMs);
});

test('a package that cannot be made says why', async () => {
  await rm(join(root, 'dist/functions/image-pushed.mjs'));
  await writeFile(join(root, 'serverless.yml'), 'service: broken\nprovider: { name: aws, nonsense: true }\n');
  await expect(packageService({ root })).rejects.toThrow(/serverless package failed in .*\n[\s\S]*nonsense/);
});
