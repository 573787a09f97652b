import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll } from 'vitest';
import { build } from '../../build/build.mjs';
import { sourceFiles } from '../source-files.ts';
import { startTables, type Tables } from './dynamodb.ts';

/** What a person sees of one run. */
interface Run {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export type RunCli = (
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
  /** What is piped in; nothing without it. */
  input?: string,
) => Promise<Run>;

/** How the CLI reaches these tables. */
export function environmentOf({ url, lineage, ledger }: Pick<Tables, 'url' | 'lineage' | 'ledger'>) {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    SCAN_RESPONSE_LINEAGE_TABLE: lineage.name,
    SCAN_RESPONSE_LEDGER_TABLE: ledger.name,
  };
}

/** Runs the CLI's bundle as its own process, with no environment but the given one. */
export function bundledCli(): RunCli {
  const file = cliFile();
  return (args, environment = {}, input = '') => run([file(), ...args], { TZ: 'UTC', ...environment }, input);
}

/** The same over tables of its own, once `record` has filled them; both are there as long as the test file runs. */
export function cliOver(record: (tables: Tables) => Promise<void>) {
  const run = bundledCli();
  let tables: Tables;
  beforeAll(async () => {
    tables = await startTables();
    await record(tables);
  });
  afterAll(() => tables.close());
  const ask: RunCli = (args, environment, input) =>
    run(args, { ...environmentOf(tables), ...environment }, input);
  return { ask, tables: () => tables };
}

/**
 * The CLI's bundle: the one in `dist` unless a source is newer; then one that is built for this test file, beside
 * `dist`, which others may be using.
 */
export function cliFile(): () => string {
  let file = resolve('dist/cli/scan-response.mjs');
  let folder: string | undefined;
  beforeAll(async () => {
    if (isFresh(file)) return;
    folder = await mkdtemp(join(tmpdir(), 'scan-response-cli-'));
    await build(resolve('.'), folder);
    file = join(folder, 'cli/scan-response.mjs');
  });
  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true });
  });
  return () => file;
}

async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input: string,
): Promise<Run> {
  const startedMs = Date.now();
  const env = { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: 'true', HOME: tmpdir(), ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: 20_000 });
  // Most commands read nothing and may be gone by now.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [exit]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (exit === null) throw new Error(`the CLI did not end within 20 s: ${stderr}`);
  return { exit, stdout, stderr, tookMs: Date.now() - startedMs };
}

function isFresh(file: string): boolean {
  const newest = Math.max(...sourceFiles('lib', 'build').map(({ path }) => statSync(path).mtimeMs));
  return existsSync(file) && statSync(file).mtimeMs > newest;
}
