import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Endpoint } from '../http.ts';
import type { RunningStack } from '../stack.ts';

const CLI = fileURLToPath(new URL('../cli/scan-response.mjs', import.meta.url));

/** The environment in which the CLI reads the embedded tables; what a person needs to ask them too. */
export function lookupEnvironment({ dynamodb, tables, registry }: RunningStack): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_REGION: registry.region,
    AWS_ACCESS_KEY_ID: 'embedded',
    AWS_SECRET_ACCESS_KEY: 'embedded',
    SCAN_RESPONSE_LINEAGE_TABLE: tables.lineage,
    SCAN_RESPONSE_LEDGER_TABLE: tables.ledger,
  };
}

/** Runs the packaged CLI as a person would; returns what it printed. Rejects when it found nothing. */
export async function ask(stack: RunningStack, args: readonly string[]): Promise<string> {
  const { PATH = '', TZ = 'UTC' } = process.env;
  const env = { PATH, TZ, ...lookupEnvironment(stack) };
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { env });
  return stdout.trimEnd();
}

/** Opens the packaged console over the embedded tables. Rejects when it says no address. */
export async function openConsole(stack: RunningStack): Promise<Endpoint> {
  const { PATH = '', TZ = 'UTC' } = process.env;
  const env = { PATH, TZ, ...lookupEnvironment(stack) };
  const child = spawn(process.execPath, [CLI, 'console', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const line = await Promise.race([once(lines, 'line'), ended.then(() => [])]);
  if (line.length === 0) throw new Error('the console did not open');
  const { url } = JSON.parse(String(line[0])) as Endpoint;
  return {
    url,
    async close() {
      child.kill('SIGINT');
      await ended;
    },
  };
}
