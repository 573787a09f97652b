import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startMapping } from '../../../local/lambda/mapping.ts';
import { failedMessageIds, sqsEvent } from '../../../local/lambda/sqs-event.ts';
import { type Invocation, startWorker, type Worker } from '../../../local/lambda/worker.ts';
import { createQueue, type Queue } from '../../../local/sqs/queue.ts';

const queueArn = 'arn:aws:sqs:us-east-1:111122223333:pushes';

function pushesQueue(deadLetters?: Queue): Queue {
  const settings = { name: 'pushes', arn: queueArn, visibilityTimeoutSeconds: 180, retentionSeconds: 3600 };
  return createQueue({ ...settings, redrive: { maxReceiveCount: 2 } }, { now: Date.now, deadLetters });
}

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 10_000, interval: 10 }).toBe(true);
}

describe('the event', () => {
  test('has the form that Lambda gives it', () => {
    const queue = createQueue(pushesQueue().settings, { now: () => 1_767_225_600_000 });
    queue.send({ body: 'one', attributes: { WHY: { DataType: 'String', StringValue: 'test' } } });
    const [message] = queue.receive(1);
    expect(sqsEvent(message ? [message] : [], queueArn)).toEqual({
      Records: [
        {
          messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          receiptHandle: message?.receiptHandle,
          body: 'one',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: '1767225600000',
            ApproximateFirstReceiveTimestamp: '1767225600000',
            SenderId: 'local',
          },
          messageAttributes: {
            WHY: { dataType: 'String', stringValue: 'test', stringListValues: [], binaryListValues: [] },
          },
          md5OfBody: 'f97c5d29941bfb1b2fdab0874906ab82',
          eventSource: 'aws:sqs',
          eventSourceARN: queueArn,
          awsRegion: 'us-east-1',
        },
      ],
    });
  });
});

describe('what an answer leaves on the queue', () => {
  const batch = ['a', 'b'];
  test.each<[string, unknown, string[]]>([
    ['no answer', undefined, []],
    ['null', null, []],
    ['an empty object', {}, []],
    ['a null list', { batchItemFailures: null }, []],
    ['an empty list', { batchItemFailures: [] }, []],
    ['one failure', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
    ['an unknown id', { batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'c' }] }, batch],
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }, batch],
    ['a null id', { batchItemFailures: [{ itemIdentifier: null }] }, batch],
    ['another key', { batchItemFailures: [{ id: 'b' }] }, batch],
    ['a null entry', { batchItemFailures: [null] }, batch],
    ['no list', { batchItemFailures: 'b' }, batch],
    ['a text', 'fine', batch],
  ])('%s', (_, answer, expected) => {
    expect(failedMessageIds(answer, batch)).toEqual(expected);
  });
});

describe('a function in its process', () => {
  let folder: string;
  let bootstrap: string;
  let worker: Worker | undefined;
  let lines: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lambda-test-'));
    bootstrap = join(folder, 'bootstrap.mjs');
    const entryPoints = ['local/lambda/bootstrap.ts'];
    await build({ entryPoints, outfile: bootstrap, bundle: true, platform: 'node', format: 'esm' });
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    lines = [];
  });
  afterAll(() => rm(folder, { recursive: true }));

  let files = 0;
  async function start(
    body: string,
    { timeoutSeconds = 10, extension = '.cjs', environment = {} } = {},
  ): Promise<Worker> {
    files += 1;
    const file = `function-${files}`;
    const head = extension === '.cjs' ? 'exports.handler =' : 'export const handler =';
    await writeFile(join(folder, file + extension), `let calls = 0; ${head} ${body}`);
    worker = startWorker(
      { name: 'test-function', handler: `${file}.handler`, timeoutSeconds, memoryMb: 256 },
      {
        bundle: folder,
        account: '111122223333',
        region: 'us-east-1',
        environment,
        bootstrap,
        onLog: (line) => lines.push(line),
      },
    );
    return worker;
  }
  const resultOf = ({ result, error }: Invocation): unknown =>
    error ?? (result === undefined ? undefined : JSON.parse(result));

  test.each(['.cjs', '.mjs'])('a %s bundle: cold once, then warm', async (extension) => {
    const echo = await start('async (event) => ({ event, calls: ++calls });', { extension });
    const [first, second] = [await echo.invoke('a'), await echo.invoke('b')];
    expect(first).toMatchObject({ functionName: 'test-function', cold: true });
    expect(second).toMatchObject({ cold: false });
    expect(second.durationMs).toBeLessThan(first.durationMs);
    expect([first, second].map(resultOf)).toEqual([
      { event: 'a', calls: 1 },
      { event: 'b', calls: 2 },
    ]);
  });

  test('takes one event at a time', async () => {
    const slow = await start(
      'async () => { const mine = ++calls; await new Promise((done) => setTimeout(done, 30)); return mine === calls; };',
    );
    const all = await Promise.all([slow.invoke(1), slow.invoke(2), slow.invoke(3)]);
    expect(all.map(resultOf)).toEqual([true, true, true]);
  });

  test('gets the context of Lambda', async () => {
    const tell = await start(
      'async (_, context) => ({ ...context, leftMs: context.getRemainingTimeInMillis() });',
    );
    const invocation = await tell.invoke({});
    expect(resultOf(invocation)).toMatchObject({
      awsRequestId: invocation.requestId,
      functionName: 'test-function',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:test-function',
      memoryLimitInMB: '256',
      leftMs: expect.toSatisfy((ms: number) => ms > 0 && ms <= 10_000),
    });
  });

  test('sees only its own environment', async () => {
    process.env.LEAKED = 'yes';
    const tell = await start('async () => process.env;', { environment: { MINE: 'yes', LANG: 'C' } });
    const seen = resultOf(await tell.invoke({})) as Record<string, string>;
    delete process.env.LEAKED;
    expect(seen).toMatchObject({ MINE: 'yes', LANG: 'C', TZ: 'UTC', AWS_REGION: 'us-east-1' });
    expect(seen).not.toHaveProperty('LEAKED');
    expect(seen).not.toHaveProperty('PATH');
    expect(seen).not.toHaveProperty('HOME');
  });

  test('its output is there before its answer', async () => {
    const chatty = await start(
      "async () => { console.log('out'); console.error('err'); process.stdout.write('unfinished'); };",
    );
    expect(resultOf(await chatty.invoke({}))).toBeUndefined();
    expect(lines.toSorted()).toEqual(['err', 'out', 'unfinished']);
  });

  test.each([
    [
      'a thrown error',
      "async () => { throw new RangeError('too far'); };",
      { type: 'RangeError', message: 'too far' },
    ],
    ['a thrown text', "async () => { throw 'no'; };", { type: 'string', message: 'no' }],
    ['an answer that is no JSON', 'async () => 1n;', { type: 'Runtime.JSONStringifyError' }],
    [
      'an exit',
      'async () => process.exit(3);',
      { type: 'Runtime.ExitError', message: expect.stringContaining('exit status 3') },
    ],
    ['a bundle that cannot be loaded', "undefined; throw new Error('broken');", { message: 'broken' }],
    ['code that cannot be read', 'async ( => 1;', { type: 'Runtime.UserCodeSyntaxError' }],
    ['a module that is not there', "require('nowhere');", { type: 'Runtime.ImportModuleError' }],
    [
      'an export that is not there',
      'undefined;',
      {
        type: 'Runtime.HandlerNotFound',
        message: expect.stringMatching(/^function-\d+\.handler is undefined or not exported$/),
      },
    ],
    ['an export that is no function', '1;', { message: expect.stringMatching(/handler is not a function$/) }],
  ])('%s is the error of the invocation', async (_, body, error) => {
    expect((await (await start(body)).invoke({})).error).toMatchObject(error);
  });

  test('a crash or an overlong run costs the process, and the next event starts another', async () => {
    const moody = await start(
      "async (event) => { if (event === 'exit') process.exit(1); if (event === 'hang') for (;;); return 'fine'; };",
      { timeoutSeconds: 1 },
    );
    const invocations = [];
    for (const event of ['fine', 'exit', 'fine', 'hang', 'fine']) invocations.push(await moody.invoke(event));
    expect(invocations.map(({ cold, error }) => [cold, error?.type])).toEqual([
      [true, undefined],
      [false, 'Runtime.ExitError'],
      [true, undefined],
      [false, 'Sandbox.Timedout'],
      [true, undefined],
    ]);
    expect(invocations[3]?.error?.message).toMatch(/Task timed out after 1\.00 seconds$/);
  });

  test('a missing bundle is told at once', async () => {
    const definition = { name: 'lost', handler: 'nowhere.handler', timeoutSeconds: 1, memoryMb: 256 };
    const options = {
      bundle: folder,
      account: '1',
      region: 'us-east-1',
      environment: {},
      onLog: () => undefined,
    };
    expect(() => startWorker(definition, options)).toThrow(
      /lost: no bundle for the handler nowhere\.handler/,
    );
  });

  test('stopping ends the process and what it was doing', async () => {
    const hanging = await start(
      'async () => { console.log(process.pid); await new Promise(() => setInterval(() => {}, 1000)); };',
    );
    const invocation = hanging.invoke({});
    await until(() => lines.length === 1);
    await hanging.stop();
    expect((await invocation).error?.type).toBe('Runtime.ExitError');
    expect(() => process.kill(Number(lines[0]), 0)).toThrow('ESRCH');
    await expect(hanging.invoke({})).rejects.toThrow(/stopped/);
  });

  describe('behind its queue', () => {
    // Fails the bodies that say so, as a function with partial batch responses does.
    const partial = `async ({ Records }) => {
      console.log(JSON.stringify(Records.map(({ body }) => body)));
      if (Records.some(({ body }) => body === 'throw')) throw new Error('all');
      const failed = Records.filter(({ body }) => body === 'fail');
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };`;
    const batches = () => lines.map((line) => JSON.parse(line) as string[]);

    async function map(
      queue: Queue,
      options: { visibilityTimeoutSeconds?: number; batchSize?: number; gatheringSeconds?: number } = {},
    ) {
      const invocations: Invocation[] = [];
      const onInvocation = (invocation: Invocation) => invocations.push(invocation);
      const merged = { batchSize: 10, reportsBatchItemFailures: true, onInvocation, ...options };
      return { invocations, mapping: startMapping(queue, await start(partial), merged) };
    }

    test('a burst is one batch, and what succeeded is deleted', async () => {
      const queue = pushesQueue();
      const { mapping, invocations } = await map(queue);
      for (const body of ['a', 'fail', 'b']) queue.send({ body });
      await until(() => invocations.length === 1);
      await mapping.stop();
      expect(batches()).toEqual([['a', 'fail', 'b']]);
      expect(queue.messages()).toMatchObject([{ body: 'fail', receiveCount: 1 }]);
      expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    });

    test('batches are no larger than told', async () => {
      const queue = pushesQueue();
      for (const body of ['a', 'b', 'c']) queue.send({ body });
      const { mapping, invocations } = await map(queue, { batchSize: 2 });
      await until(() => invocations.length === 2);
      await mapping.stop();
      expect(batches()).toEqual([['a', 'b'], ['c']]);
      expect(queue.messages()).toEqual([]);
    });

    test('a batch is gathered until it is full', async () => {
      const queue = pushesQueue();
      queue.send({ body: 'a' });
      const { mapping, invocations } = await map(queue, { batchSize: 2, gatheringSeconds: 600 });
      await sleep(60);
      expect(invocations).toEqual([]);
      queue.send({ body: 'b' });
      await until(() => invocations.length === 1);
      await mapping.stop();
      expect(batches()).toEqual([['a', 'b']]);
    });

    test('a batch that does not fill goes when its time is over', async () => {
      const queue = pushesQueue();
      const { mapping, invocations } = await map(queue, { gatheringSeconds: 0.2 });
      queue.send({ body: 'a' });
      await sleep(60);
      queue.send({ body: 'b' });
      await until(() => invocations.length === 1);
      await mapping.stop();
      expect(batches()).toEqual([['a', 'b']]);
    });

    test('an error keeps the whole batch; it comes back, and dies in the dead letters', async () => {
      const deadLetters = createQueue({ ...pushesQueue().settings, name: 'dead' }, { now: Date.now });
      const queue = pushesQueue(deadLetters);
      const { mapping, invocations } = await map(queue, { visibilityTimeoutSeconds: 0.2 });
      for (const body of ['a', 'throw']) queue.send({ body });
      await until(() => deadLetters.messages().length === 2);
      await mapping.stop();
      expect(batches()).toEqual([
        ['a', 'throw'],
        ['a', 'throw'],
      ]);
      expect(invocations.map(({ error }) => error?.message)).toEqual(['all', 'all']);
      expect(queue.messages()).toEqual([]);
    });

    test('is busy from receiving to deleting', async () => {
      const queue = pushesQueue();
      const worker = await start('async () => { await new Promise((done) => setTimeout(done, 50)); };');
      const mapping = startMapping(queue, worker, { batchSize: 1, reportsBatchItemFailures: false });
      expect(mapping.isBusy()).toBe(false);
      queue.send({ body: 'a' });
      await until(() => mapping.isBusy());
      expect(queue.counts().inFlight).toBe(1);
      await until(() => !mapping.isBusy());
      expect(queue.messages()).toEqual([]);
      await mapping.stop();
    });
  });
});
