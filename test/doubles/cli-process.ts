import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What a person sees of one run. */
export interface Run {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export type Environment = Readonly<Record<string, string>>;

/** Within the time of a test; what hangs is ended, not left. */
const LIMIT_MS = 28_000;
const IN_ONE = fileURLToPath(new URL('cli-in-one.mjs', import.meta.url));
const outside = () => ({ PATH: process.env.PATH ?? '', AWS_EC2_METADATA_DISABLED: 'true', HOME: tmpdir() });

/** Runs a bundle as its own process, with no environment but the given one. */
export async function runOnce(
  file: string,
  args: readonly string[],
  environment: Environment,
  input = '',
): Promise<Run> {
  const startedMs = Date.now();
  const env = { ...outside(), ...environment };
  const stdio = ['pipe', 'pipe', 'pipe'] as ['pipe', 'pipe', 'pipe'];
  const child = spawn(process.execPath, [file, ...args], { env, stdio, timeout: LIMIT_MS });
  // Most commands read nothing and may be gone by now.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [exit]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (exit === null) throw new Error(`the CLI did not end within ${LIMIT_MS / 1000} s: ${stderr}`);
  return { exit, stdout, stderr, tookMs: Date.now() - startedMs };
}

/**
 * Runs a bundle again and again in one process that stays, which spares the start of Node. Takes the environment that
 * the process itself is started with, for Node's own settings.
 */
export function openCli(file: string, started: Environment) {
  const env = { ...outside(), ...started };
  // Nothing of it is a terminal, as where each run has a process of its own.
  const child: ChildProcess = fork(IN_ONE, [file], {
    env,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  child.stdout?.resume();
  const closed = once(child, 'close');
  let busy = false;
  return {
    isBusy: () => busy,
    async run(args: readonly string[], environment: Environment): Promise<Run> {
      const startedMs = Date.now();
      busy = true;
      const over = new AbortController();
      const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
      const answer = once(child, 'message', { signal: over.signal });
      try {
        child.send({ args, environment: { ...outside(), ...environment } });
        const reply = await Promise.race([answer, closed.then(() => undefined)]);
        if (!reply) throw new Error(`the CLI in one process is gone: ${complaints}`);
        return { ...(reply[0] as Omit<Run, 'tookMs'>), tookMs: Date.now() - startedMs };
      } finally {
        clearTimeout(timer);
        answer.catch(() => undefined);
        over.abort();
        busy = false;
      }
    },
    async close(): Promise<void> {
      child.kill();
      await closed;
    },
  };
}
