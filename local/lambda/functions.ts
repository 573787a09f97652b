import type { Queue } from '../sqs/queue.ts';
import type { Consumer } from './idle.ts';
import { createInvoke, type Invoke } from './invoke.ts';
import { startMapping } from './mapping.ts';
import { type Invocation, startWorker, type Worker, type WorkerDefinition } from './worker.ts';

interface FunctionDefinition extends WorkerDefinition {
  /** File name of the packaged code. */
  readonly zip: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface MappingDefinition {
  readonly functionName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportsBatchItemFailures: boolean;
}

interface ScheduleDefinition {
  readonly everyMinutes: number;
  readonly functionNames: readonly string[];
}

export interface FunctionsOptions {
  readonly functions: readonly FunctionDefinition[];
  readonly mappings: readonly MappingDefinition[];
  readonly schedules?: readonly ScheduleDefinition[];
  readonly queues: Iterable<Queue>;
  /** Zip file name → folder with its files. */
  readonly bundles: ReadonlyMap<string, string>;
  readonly account: string;
  readonly region: string;
  /** Comes on top of each function's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly retryAfterCrashSeconds?: number | undefined;
  /** The longest that a batch is gathered, whatever the mapping says; default 0: a moment. */
  readonly longestGatheringSeconds?: number | undefined;
  /** How many processes of each function share its queue, each with a batch of its own; default 1. */
  readonly processesPerFunction?: number | undefined;
  readonly bootstrap?: string | undefined;
}

interface LogEntry {
  readonly functionName: string;
  readonly requestId: string;
  /** The parsed line when it is JSON, else its text. */
  readonly line: unknown;
}

export interface RunningFunctions {
  readonly consumers: readonly Consumer[];
  /** One for each process. */
  readonly workers: readonly Worker[];
  /** What the functions printed, in order of arrival. */
  readonly logs: readonly LogEntry[];
  readonly invocations: readonly Invocation[];
  /** Runs a function now, as its schedule would; rejects when there is no such function. */
  runNow(functionName: string): Promise<Invocation>;
  readonly invoke: Invoke;
  /** Calls back for every new entry of `logs`. */
  onLog(listener: (entry: LogEntry) => void): void;
  stop(): Promise<void>;
}

/** Ties every function to the queues that feed it; throws when a bundle or a queue is not there. */
export function startFunctions(options: FunctionsOptions): RunningFunctions {
  const logs: LogEntry[] = [];
  const listeners: ((entry: LogEntry) => void)[] = [];
  const invocations: Invocation[] = [];
  const log = (entry: LogEntry): void => {
    logs.push(entry);
    for (const listener of listeners) listener(entry);
  };
  const lanes = Array.from({ length: options.processesPerFunction ?? 1 }, () =>
    options.functions.map((definition) => createWorker(definition, options, log)),
  );
  const workers = lanes.flat();
  const queues = [...options.queues];
  const fed = lanes.flatMap((lane) =>
    options.mappings.map((mapping) => ({
      mapping,
      queue: named(queues, ({ settings }) => settings.arn === mapping.queueArn, mapping.queueArn),
      worker: named(lane, ({ name }) => name === mapping.functionName, mapping.functionName),
    })),
  );
  const consumers = fed.map(({ mapping, queue, worker }) => ({
    queue,
    mapping: startMapping(queue, worker, {
      batchSize: mapping.batchSize,
      gatheringSeconds: Math.min(mapping.batchingWindowSeconds, options.longestGatheringSeconds ?? 0),
      reportsBatchItemFailures: mapping.reportsBatchItemFailures,
      visibilityTimeoutSeconds: options.retryAfterCrashSeconds,
      onInvocation: (invocation) => void invocations.push(invocation),
    }),
  }));
  const invoke = createInvoke(workers, (invocation) => void invocations.push(invocation));
  const runNow = (functionName: string): Promise<Invocation> =>
    invoke(functionName, { source: 'aws.events', 'detail-type': 'Scheduled Event' });
  const timers = (options.schedules ?? []).flatMap(({ everyMinutes, functionNames }) =>
    functionNames.map((name) => setInterval(() => void runNow(name), everyMinutes * 60_000)),
  );
  return {
    consumers,
    workers,
    logs,
    invocations,
    runNow,
    invoke,
    onLog: (listener) => void listeners.push(listener),
    async stop() {
      for (const timer of timers) clearInterval(timer);
      // Both at once: a mapping waits for its batch, and a worker that ends cuts it short.
      await Promise.all([
        ...consumers.map(({ mapping }) => mapping.stop()),
        ...workers.map((each) => each.stop()),
      ]);
    },
  };
}

function createWorker(
  definition: FunctionDefinition,
  { bundles, account, region, environment, bootstrap }: FunctionsOptions,
  log: (entry: LogEntry) => void,
): Worker {
  const bundle = bundles.get(definition.zip);
  if (!bundle) throw new Error(`${definition.name}: the package has no ${definition.zip}; package again`);
  return startWorker(definition, {
    bundle,
    account,
    region,
    environment: { ...definition.environment, ...environment },
    onLog: (line, requestId) => log({ functionName: definition.name, requestId, line: parsed(line) }),
    bootstrap,
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

function named<T>(all: readonly T[], matches: (each: T) => boolean, name: string): T {
  const found = all.find(matches);
  if (!found) throw new Error(`${name} is named, and the template does not have it`);
  return found;
}
