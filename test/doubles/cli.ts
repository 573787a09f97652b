import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { build } from '../../build/build.mjs';
import { sourceFiles } from '../source-files.ts';
import { type Environment, openCli, type Run, runOnce } from './cli-process.ts';
import { startTables, type Tables } from './dynamodb.ts';

export type RunCli = (
  args: readonly string[],
  environment?: Environment,
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

/**
 * Runs the CLI's bundle with no environment but the given one: the first time that a test file gives a command as its own
 * process, which shows how it ends, then in one process that stays for the file. What is piped in, and what runs while that
 * one is busy, gets a process of its own too.
 */
export function bundledCli(): RunCli {
  const file = cliFile();
  const known = new Set<string>();
  const staying = new Map<string, ReturnType<typeof openCli>>();
  afterAll(async () => {
    for (const each of staying.values()) await each.close();
  });
  function stayingFor(environment: Environment) {
    const ofNode = Object.entries(environment).filter(([name]) => name.startsWith('NODE_'));
    const key = JSON.stringify(ofNode);
    const cli = staying.get(key) ?? openCli(file(), Object.fromEntries(ofNode));
    staying.set(key, cli);
    return cli;
  }
  return async (args, given = {}, input = '') => {
    const environment = { TZ: 'UTC', ...given };
    const command = args[0] ?? '';
    if (!known.has(command) || input !== '' || args.includes('-')) {
      known.add(command);
      return runOnce(file(), args, environment, input);
    }
    const cli = stayingFor(environment);
    return cli.isBusy() ? runOnce(file(), args, environment) : cli.run(args, environment);
  };
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

function isFresh(file: string): boolean {
  const newest = Math.max(...sourceFiles('lib', 'build').map(({ path }) => statSync(path).mtimeMs));
  return existsSync(file) && statSync(file).mtimeMs > newest;
}
