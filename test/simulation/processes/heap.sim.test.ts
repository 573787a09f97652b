import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PackagedService, packageService } from '../../../local/package.ts';
import { readTemplate } from '../../../local/template.ts';
import { record } from '../report/row.ts';
import { type Stub, startStub } from './stub.ts';
import { WORK } from './work.ts';

const INVOCATIONS = Number(process.env.INVOCATIONS ?? 100_000);
/** For a hundred thousand invocations. */
const LIMIT_BYTES = 10_000_000;
const PLACE = { account: '111122223333', region: 'eu-west-1' } as const;

let packaged: PackagedService;
let stub: Stub;
const parameters = new Map<string, string>();
beforeAll(async () => {
  packaged = await packageService({ root: process.cwd(), reuse: true });
  stub = await startStub(parameters);
});
afterAll(async () => {
  await stub?.close();
  await packaged?.dispose();
});

interface Measured {
  readonly heaps: readonly number[];
  readonly failures: number;
  /** Of the function's process. */
  readonly cpuSeconds: number;
}

/** Loads the packaged bundle of a function in a process of its own and calls it so often. */
async function invokeMany(name: string): Promise<Measured> {
  const { functions } = readTemplate(packaged.template, {
    ...PLACE,
    queueUrl: (queue) => `${stub.url}/${PLACE.account}/${queue}`,
  });
  const definition = functions.find((it) => it.name.endsWith(`-${name}`));
  if (!definition) throw new Error(`the template has no function ${name}`);
  const { environment, handler, zip } = definition;
  const dot = handler.lastIndexOf('.');
  const file = join(packaged.bundles.get(zip) ?? '', `${handler.slice(0, dot)}.mjs`);
  const child = fork(
    fileURLToPath(new URL('invoke-many.mjs', import.meta.url)),
    [file, handler.slice(dot + 1)],
    {
      env: { ...environment, ...loopback(environment) },
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  try {
    child.send({ body: WORK[name]?.body, invocations: INVOCATIONS });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${name} ended with ${code} before it had answered`);
    });
    const [measured] = (await Promise.race([once(child, 'message'), ended])) as [Measured];
    ended.catch(() => undefined);
    return measured;
  } finally {
    child.kill('SIGKILL');
  }
}

function loopback(environment: Readonly<Record<string, string>>) {
  const { SCAN_RESPONSE_DATADOG_API_KEY_PARAMETER, SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER } = environment;
  parameters.set(SCAN_RESPONSE_DATADOG_API_KEY_PARAMETER ?? '', 'local-api-key');
  parameters.set(SCAN_RESPONSE_SLACK_WEBHOOK_PARAMETER ?? '', `${stub.url}/services/T000/B000/XXX`);
  return {
    TZ: 'UTC',
    AWS_REGION: PLACE.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: stub.url,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    SCAN_RESPONSE_DATADOG_URL: stub.url,
    SCAN_RESPONSE_ALLOW_LOOPBACK: '1',
    SCAN_RESPONSE_SCANS_PER_SECOND: '1000000',
    SCAN_RESPONSE_RECONCILE_CALLS_PER_SECOND: '1000000',
  };
}

/** Bytes per invocation by least squares: one reading that caught some garbage moves it little. */
function slope(heaps: readonly number[]): number {
  const xs = heaps.map((_, index) => ((index + 1) * INVOCATIONS) / heaps.length);
  const mean = (all: readonly number[]) => all.reduce((sum, it) => sum + it, 0) / all.length;
  const [meanX, meanY] = [mean(xs), mean(heaps)];
  const covariance = mean(xs.map((x, index) => (x - meanX) * ((heaps[index] ?? 0) - meanY)));
  return covariance / mean(xs.map((x) => (x - meanX) ** 2));
}

test('every packaged function is called', () => {
  const { functions } = readTemplate(packaged.template, { ...PLACE, queueUrl: (queue) => queue });
  const names = functions.map(({ handler }) => handler.split('/').at(-1)?.split('.')[0]);
  expect(Object.keys(WORK).sort()).toEqual(names.sort());
});

test.each(Object.entries(WORK))(
  `${INVOCATIONS} invocations of %s leave no more than ten megabytes`,
  async (name, { requests }) => {
    const before = stub.requests();
    const { heaps, failures, cpuSeconds } = await invokeMany(name);
    // The first tenth fills caches and compiles; what grows after it would grow for ever.
    const growth = slope(heaps.slice(1)) * 100_000;
    const report = {
      name,
      invocations: INVOCATIONS,
      cpuSeconds,
      requestsEach: (stub.requests() - before) / INVOCATIONS,
      megabytes: heaps.map((bytes) => Number((bytes / 1e6).toFixed(2))),
      growthPer100k: Number((growth / 1e6).toFixed(2)),
    };
    process.stdout.write(`R19 ${JSON.stringify(report)}\n`);
    record({
      id: 'R19',
      size: INVOCATIONS,
      promise: 'no leak in a process that lives long',
      target: '≤ 10 MB of heap per 100,000 invocations of each function',
      measured: { functions: 1, invocations: INVOCATIONS, 'MB of growth at most': report.growthPer100k },
      pass: failures === 0 && growth <= LIMIT_BYTES,
    });
    expect(failures).toBe(0);
    expect(report.requestsEach).toBeGreaterThanOrEqual(requests);
    expect(growth).toBeLessThanOrEqual(LIMIT_BYTES);
  },
);
