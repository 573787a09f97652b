import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { QueueName } from './backend/ground.ts';
import type { Standing } from './cost-month.ts';
import type { QueueOptions } from './queue.ts';

// The values that are deployed, read from the files that deploy them. CloudFormation's own tags stay plain values.

interface Service {
  readonly params: { readonly default: Readonly<Record<string, string>> };
  readonly provider: { readonly timeout: number; readonly memorySize: number };
  readonly functions: Readonly<Record<string, Function>>;
}

interface Function {
  readonly timeout?: number;
  readonly memorySize?: number;
  readonly events?: readonly [{ readonly sqs: SqsEvent }];
  readonly environment: Readonly<Record<string, string>>;
}

interface SqsEvent {
  readonly batchSize: number;
  readonly maximumBatchingWindow?: number;
  readonly maximumConcurrency: number;
}

interface Queue {
  readonly Properties: {
    readonly VisibilityTimeout: number;
    readonly RedrivePolicy: { readonly maxReceiveCount: number };
  };
}

const service: Service = read('serverless.yml');
const queues: { readonly Resources: Readonly<Record<string, Queue>> } = read('resources/queues.yml');

const FUNCTIONS: Readonly<Record<QueueName, string>> = {
  pushes: 'image-pushed',
  scans: 'scan-completed',
  datadog: 'deliver-datadog',
  slack: 'deliver-slack',
  sns: 'deliver-sns',
};

/** A queue and the function that it feeds, as serverless.yml and resources/queues.yml have them. */
export function packagedQueue(name: QueueName): Omit<QueueOptions, 'crashRate' | 'duplicateRate'> {
  const { events, timeout } = functionOf(FUNCTIONS[name]);
  const queue = queues.Resources[`${name[0]?.toUpperCase()}${name.slice(1)}Queue`];
  if (!events || !queue) throw new Error(`serverless.yml: ${FUNCTIONS[name]} reads no queue`);
  const [{ sqs }] = events;
  return {
    visibilitySeconds: queue.Properties.VisibilityTimeout,
    maxReceiveCount: queue.Properties.RedrivePolicy.maxReceiveCount,
    batchSize: sqs.batchSize,
    gatherSeconds: sqs.maximumBatchingWindow ?? 0,
    concurrency: sqs.maximumConcurrency,
    timeoutSeconds: timeout ?? service.provider.timeout,
  };
}

/** The memory of a function, in MB. */
export function packagedMemory(name: string): number {
  return functionOf(name).memorySize ?? service.provider.memorySize;
}

/** What a deployment consists of, and is paid for when nothing happens. */
export function packagedStanding(): Standing {
  const [alarms, rules] = ['alarms', 'rules'].map((it) => readFileSync(`resources/${it}.yml`, 'utf8'));
  const schedules = [...(rules ?? '').matchAll(/rate\((\d+) minutes\)[\s\S]*?(\w+)LambdaFunction/g)];
  return {
    alarms: [...(alarms ?? '').matchAll(/AWS::CloudWatch::Alarm/g)].length,
    metrics: 2, // lib/reconcile/metrics.ts, every quarter of an hour; those of a lost answer come with one
    queues: Object.values(service.functions).filter((it) => it?.events).length,
    schedules: Object.fromEntries(
      schedules.map(([, minutes, name = '']) => [name.toLowerCase(), Number(minutes)]),
    ),
  };
}

/** A parameter's default, as a number. */
export function packagedNumber(name: string): number {
  return asNumber(name, service.params.default[name]);
}

/** How many scans a process may begin in a second. */
export function packagedScansPerSecond(): number {
  return asNumber('scansPerSecond', functionOf('scan-completed').environment.SCAN_RESPONSE_SCANS_PER_SECOND);
}

/** The limits of a walk: seconds of the function, what it keeps of them, calls a second. */
export function packagedWalk() {
  const { timeout = 0, environment } = functionOf('reconcile');
  const pace = environment.SCAN_RESPONSE_RECONCILE_CALLS_PER_SECOND;
  const reserve = /RESERVE_MS = ([\d_]+)/.exec(readFileSync('functions/reconcile.ts', 'utf8'))?.[1];
  return {
    timeoutSeconds: timeout,
    reserveMs: asNumber('RESERVE_MS', reserve?.replaceAll('_', '')),
    callsPerSecond: asNumber('callsPerSecond', pace),
  };
}

function functionOf(name: string): Function {
  const found = service.functions[name];
  if (!found) throw new Error(`serverless.yml has no function ${name}`);
  return found;
}

function asNumber(name: string, text: string | undefined): number {
  const value = Number(text ?? Number.NaN);
  if (Number.isNaN(value)) throw new Error(`${name} is not a number: ${text}`);
  return value;
}

function read<T>(file: string): T {
  return parse(readFileSync(file, 'utf8'), { logLevel: 'silent' }) as T;
}
