import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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
