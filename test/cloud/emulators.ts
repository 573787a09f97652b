import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { makeRunFolder, prepareTools } from './tools.ts';

/** An AWS that nobody here wrote, on 127.0.0.1. */
export interface Emulators {
  readonly account: string;
  readonly region: string;
  /** ministack: everything but ECR scans. */
  readonly url: string;
  /** moto: settable answers of ECR scans. `undefined` when it was not asked for. */
  readonly motoUrl: string | undefined;
  /** For AWS SDK clients that talk to ministack. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** All that a child process needs to talk to ministack, and nothing of ours. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder of this run; `stop` removes it. */
  readonly folder: string;
  /** What the emulators printed, newest last. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';
const WITH_ECR = fileURLToPath(new URL('ministack-with-ecr.py', import.meta.url));
const LEASH = fileURLToPath(new URL('leash.mjs', import.meta.url));
const READY_WITHIN_MS = 30_000;
const OUTPUT_CHARACTERS = 200_000;

/**
 * Starts ministack, and moto unless told otherwise, on free ports of 127.0.0.1 with a clean environment. They end
 * with `stop`, and by themselves when this process ends in whatever way. `plain` starts ministack as its makers made
 * it: no events in ECR's name, no IAM.
 */
export async function startEmulators({ moto = true, plain = false } = {}): Promise<Emulators> {
  const tools = await prepareTools();
  const folder = await makeRunFolder();
  const servers: Server[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await writeFile(
      join(dirname(folder), 'emulators.log'),
      servers.map((server) => server.output()).join('\n'),
    );
    await rm(folder, { recursive: true, force: true });
  };
  const start = async (name: keyof typeof COMMANDS): Promise<string> => {
    const server = await startServer(name, tools, join(folder, name), plain);
    servers.push(server);
    await server.ready();
    return server.url;
  };
  try {
    const [url, motoUrl] = await Promise.all([start('ministack'), moto ? start('moto') : undefined]);
    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'emulated' };
    return {
      ...{ account: ACCOUNT, region: REGION, url, motoUrl, folder, stop },
      client: { endpoint: url, region: REGION, credentials },
      environment: childEnvironment(url, folder),
      output: () => servers.map((server) => server.output()).join('\n'),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function childEnvironment(url: string, folder: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    TMPDIR: folder,
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    // ministack, as others do, takes a key of twelve digits for the account.
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'emulated',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

interface Server {
  readonly url: string;
  readonly ready: () => Promise<void>;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

interface Command {
  readonly args: (port: number, plain: boolean) => readonly string[];
  readonly environment: (port: number, folder: string, plain: boolean) => Readonly<Record<string, string>>;
  readonly healthPath: string;
}

const COMMANDS = {
  ministack: {
    args: (_, plain) => [WITH_ECR, ...(plain ? ['--plain'] : [])],
    healthPath: '/_ministack/health',
    // The default host is 0.0.0.0, and two servers of other protocols would start as well.
    environment: (port, folder, plain) => ({
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      MINISTACK_REGION: REGION,
      LAMBDA_EXECUTOR: 'local',
      // Enforce IAM: each function may do what its role says; the account's own key may do everything.
      AUTH: String(!plain),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      S3_DATA_DIR: join(folder, 's3'),
      STATE_DIR: join(folder, 'state'),
      // Lambda's functions inherit the rest of the server's environment.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    }),
  },
  moto: {
    args: (port) => ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
    healthPath: '/moto-api/',
    environment: () => ({ MOTO_ACCOUNT_ID: ACCOUNT }),
  },
} as const satisfies Readonly<Record<string, Command>>;

async function startServer(
  name: keyof typeof COMMANDS,
  { python, nodeFolder }: { readonly python: string; readonly nodeFolder: string },
  folder: string,
  plain: boolean,
): Promise<Server> {
  const { args, environment, healthPath }: Command = COMMANDS[name];
  await mkdir(folder);
  // The functions' worker is a CommonJS file in here, below the project's own package.json.
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [LEASH, folder, dirname(folder), python, ...args(port, plain)], {
    // Functions run on the first `node` of the PATH, whatever their runtime says.
    env: {
      PATH: `${nodeFolder}:/usr/local/bin:/usr/bin:/bin`,
      HOME: folder,
      TMPDIR: folder,
      LANG: 'C.UTF-8',
      ...environment(port, folder, plain),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const output = collectOutput(child);
  const closed = once(child, 'close');
  return {
    url,
    output,
    ready: () => untilReady(`${url}${healthPath}`, child, () => `${name} did not start:\n${output()}`),
    async stop() {
      child.stdin?.end();
      await closed;
    },
  };
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text = (text + chunk).slice(-OUTPUT_CHARACTERS);
    });
  }
  return () => text;
}

async function untilReady(url: string, child: ChildProcess, complaint: () => string): Promise<void> {
  const endMs = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const reply = await fetch(url).catch(() => undefined);
    await reply?.arrayBuffer();
    if (reply?.ok) return;
    if (child.exitCode !== null || Date.now() > endMs) throw new Error(complaint());
    await sleep(100);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
