import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached, prepareTools } from '../tools.ts';
import { type Report, startRuntimeApi } from './runtime-api.ts';

/** A function in AWS's own runtime, on the Node that Lambda has. */
export interface Runtime {
  /** Hands it an event; resolves with what it posts back, or with why it could not start. */
  readonly invoke: (event: unknown) => Promise<Report>;
  /** What it printed so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

export interface RuntimeOptions {
  readonly name: string;
  /** `path/of/module.export` inside the folder. */
  readonly handler: string;
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const CLIENT = 'aws-lambda-ric@4.0.2';
const REGION = 'eu-west-1';
const run = promisify(execFile);

/** What AWS's runtime client needs and this machine lacks; undefined when nothing is missing. */
export async function missingForRuntimeClient(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'AWS’s runtime client is for Linux';
  for (const [command, name] of [
    ['cmake', 'cmake'],
    ['make', 'make'],
    ['g++', 'g++'],
    ['unzip', 'unzip'],
  ] as const) {
    const found = await run(command, ['--version']).catch(
      (error: { code?: unknown }) => error.code !== 'ENOENT',
    );
    if (!found) return `AWS’s runtime client is compiled here: apt-get install ${name}`;
  }
  return prepareRuntimeClient().then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** Compiles AWS's runtime interface client once, for about a minute; returns its folder. */
function prepareRuntimeClient(): Promise<string> {
  return cached(CLIENT, install);
}

/** Starts a function under AWS's runtime interface client. */
export async function startRuntime({ name, handler, folder, environment }: RuntimeOptions): Promise<Runtime> {
  const [client, { nodeFolder }] = await Promise.all([prepareRuntimeClient(), prepareTools()]);
  const api = await startRuntimeApi(`arn:aws:lambda:${REGION}:111122223333:function:${name}`);
  const main = join(client, 'node_modules/aws-lambda-ric/index.mjs');
  const child = spawn(join(nodeFolder, 'node'), [main, handler], {
    cwd: folder,
    env: {
      ...lambdaEnvironment(name, handler, folder),
      AWS_LAMBDA_RUNTIME_API: new URL(api.url).host,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const closed = once(child, 'close');
  const ended = closed.then(([code]) => ({ kind: 'exit' as const, body: code }));
  return {
    invoke: (event) => Promise.race([api.invoke(event), api.initError, ended]),
    output: () => output,
    async stop() {
      child.kill('SIGKILL');
      await closed;
      await api.close();
    },
  };
}

function lambdaEnvironment(name: string, handler: string, folder: string): Readonly<Record<string, string>> {
  return {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: folder,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/20/[$LATEST]0',
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

async function install(folder: string): Promise<void> {
  // Its scripts compile it; its package wants a newer Node than the one that may install it.
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts=false', '--engine-strict=false'];
  await run('npm', ['install', '--prefix', folder, ...options, CLIENT], { maxBuffer: 1e8 }).catch(
    (error: { stderr?: string }) => {
      throw new Error(`${CLIENT} cannot be installed:\n${error.stderr ?? error}`);
    },
  );
}
