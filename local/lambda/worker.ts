import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { InvocationError } from './protocol.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

export interface WorkerDefinition {
  readonly name: string;
  /** `<bundle without extension>.<export>`, as in the template. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

export interface WorkerOptions {
  /** The folder with the unpacked zip. */
  readonly bundle: string;
  readonly account: string;
  readonly region: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLog: (line: string, requestId: string) => void;
  readonly bootstrap?: string | undefined;
}

export interface Invocation {
  readonly functionName: string;
  readonly requestId: string;
  /** Whether a process was started for it. */
  readonly cold: boolean;
  readonly durationMs: number;
  /** JSON text; `undefined` when the function returned nothing or failed. */
  readonly result: string | undefined;
  readonly error: InvocationError | undefined;
}

export interface Worker {
  readonly name: string;
  /** Runs the function on one event, after those that wait already. Errors are in the result. */
  invoke(event: unknown): Promise<Invocation>;
  /** The event that is being worked on; undefined when there is none. */
  working(): unknown;
  /** Kills the process wherever it is, as running out of memory would; the next event starts another one. */
  crash(): Promise<void>;
  /** Ends the process; an invocation under way gets a `Runtime.ExitError`. */
  stop(): Promise<void>;
}

/** The same place seen from `local/lambda` and from the built `dist/local`. */
const BOOTSTRAP = fileURLToPath(new URL('../../dist/local/bootstrap.mjs', import.meta.url));

/**
 * One function, one process, one event at a time. The process starts at the first event; throws at once when
 * the bundle has no file for the handler.
 */
export function startWorker(definition: WorkerDefinition, options: WorkerOptions): Worker {
  const { bootstrap = BOOTSTRAP, bundle, onLog } = options;
  const entry = entryPoint(definition, bundle);
  let sandbox: Sandbox | undefined;
  let requestId = '';
  let working: unknown;
  let stopped = false;
  let tail: Promise<unknown> = Promise.resolve();

  const open = (): Sandbox =>
    openSandbox({
      bootstrap,
      ...entry,
      environment: lambdaEnvironment(definition, options),
      onLine: (line) => onLog(line, requestId),
    });

  async function run(event: unknown): Promise<Invocation> {
    if (stopped) throw new Error(`${definition.name} is stopped: start a new worker to invoke it`);
    const startedMs = Date.now();
    const deadlineMs = startedMs + definition.timeoutSeconds * 1000;
    const cold = !sandbox?.isAlive();
    const current = cold || !sandbox ? open() : sandbox;
    sandbox = current;
    requestId = randomUUID();
    let timedOut = false;
    // Loading the bundle counts here; Lambda gives it 10 s of its own.
    const timer = setTimeout(() => {
      timedOut = true;
      void current.kill();
    }, deadlineMs - startedMs);
    working = event;
    const { result, error } = await current.invoke({ requestId, event, deadlineMs });
    working = undefined;
    clearTimeout(timer);
    return {
      functionName: definition.name,
      requestId,
      cold,
      durationMs: Date.now() - startedMs,
      result,
      error: timedOut ? timeout(requestId, definition.timeoutSeconds) : error,
    };
  }

  return {
    name: definition.name,
    invoke(event) {
      const invocation = tail.then(() => run(event));
      tail = invocation.catch(() => undefined);
      return invocation;
    },
    working: () => working,
    async crash() {
      await sandbox?.kill();
    },
    async stop() {
      stopped = true;
      await sandbox?.kill();
    },
  };
}

function timeout(requestId: string, seconds: number): InvocationError {
  const message = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
  return { type: 'Sandbox.Timedout', message };
}

function entryPoint({ name, handler }: WorkerDefinition, bundle: string) {
  const dot = handler.lastIndexOf('.');
  const files = ['.js', '.mjs', '.cjs'].map((extension) => join(bundle, handler.slice(0, dot) + extension));
  const bundleFile = files.find((file) => existsSync(file));
  if (!bundleFile)
    throw new Error(`${name}: no bundle for the handler ${handler} in ${bundle}; run the build`);
  return { bundleFile, exportName: handler.slice(dot + 1) };
}

/** What Lambda sets, with credentials that are worth nothing and no way to a developer's real ones. */
export function lambdaEnvironment(
  definition: WorkerDefinition,
  options: Pick<WorkerOptions, 'account' | 'region' | 'bundle' | 'environment'>,
) {
  const { account, region, bundle, environment } = options;
  return {
    TZ: 'UTC',
    LANG: 'en_US.UTF-8',
    _HANDLER: definition.handler,
    LAMBDA_TASK_ROOT: bundle,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    // The machine's Node may be older than the template's runtime, about which the SDK would warn in every log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    LOCAL_FUNCTION_ARN: `arn:aws:lambda:${region}:${account}:function:${definition.name}`,
    ...environment,
  };
}
