import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { lambdaEnvironment } from '../../local/lambda/worker.ts';
import type { PackagedService } from '../../local/package.ts';
import { ACCOUNT, DATADOG_API_KEY, type Origins, REGION, WEBHOOK } from './origins.ts';

/** What a measured process loads, and what it sees. */
export interface Program {
  readonly name: string;
  readonly file: string;
  readonly exportName: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Ours, by the name of the function, from one build. */
export interface Build {
  readonly functions: ReadonlyMap<string, Program>;
}

export const ALERT_PATH = [
  'image-pushed',
  'scan-completed',
  'deliver-datadog',
  'deliver-slack',
  'deliver-sns',
] as const;
export type OnAlertPath = (typeof ALERT_PATH)[number];

export const FLOOR = 'floor';
export const OBVIOUS = 'obvious build';
const CACHE = 'node_modules/.cache/scan-response-bench';

/** As Lambda says it: what is done while a function starts is done. */
const STARTED = { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' };

/** What holds functions back on purpose is taken off: how fast they may be is not what they cost. */
const WITHOUT_LIMITS = {
  SCAN_RESPONSE_SCANS_PER_SECOND: '1000000',
  SCAN_RESPONSE_RECONCILE_CALLS_PER_SECOND: '1000000',
  SCAN_RESPONSE_SLACK_DIGEST_AFTER: '1000000',
};

/** The functions as they are packaged, with the environment of the template but for limits; or another build's in it. */
export function buildOf(
  { stack }: Origins,
  bundles: PackagedService['bundles'],
  { label = '', folder }: { readonly label?: string; readonly folder?: string } = {},
): Build {
  const functions = stack.functions.map((definition): [string, Program] => {
    const dot = definition.handler.lastIndexOf('.');
    const name = definition.handler.slice(definition.handler.lastIndexOf('/') + 1, dot);
    const unpacked = bundles.get(definition.zip) ?? '';
    const bundle = folder ? resolve(folder) : join(unpacked, 'dist/functions');
    const environment = lambdaEnvironment(definition, {
      ...{ account: ACCOUNT, region: REGION, bundle },
      environment: { ...definition.environment, ...WITHOUT_LIMITS, ...STARTED },
    });
    const program = {
      ...{ name: label ? `${name} (${label})` : name, file: bundleIn(bundle, name) },
      ...{ exportName: definition.handler.slice(dot + 1), environment },
    };
    return [name, program];
  });
  return { functions: new Map(functions) };
}

/** CommonJS or an ES module, whichever was built; throws when neither was. */
function bundleIn(folder: string, name: string): string {
  const file = ['.cjs', '.mjs', '.js'].map((it) => join(folder, name + it)).find(existsSync);
  if (!file) throw new Error(`no bundle of ${name} in ${folder}`);
  return file;
}

/** Throws when the template has no such function. */
export function programOf({ functions }: Build, name: string): Program {
  const program = functions.get(name);
  if (!program) throw new Error(`the template has no function ${name}`);
  return program;
}

export function floorProgram(): Program {
  return { name: FLOOR, file: resolve('bench/functions/floor.cjs'), exportName: 'handler', environment: {} };
}

/** Bundles it as esbuild does when nobody says anything, but for `minify`. */
export async function obviousProgram({ stack }: Origins): Promise<Program> {
  await mkdir(CACHE, { recursive: true });
  const file = resolve(CACHE, 'obvious.cjs');
  await esbuild.build({
    entryPoints: ['bench/obvious/handler.ts'],
    ...{ bundle: true, minify: true, platform: 'node', target: 'node22', format: 'cjs', outfile: file },
    logLevel: 'error',
  });
  const [first] = stack.functions;
  if (!first) throw new Error('the template has no functions');
  const environment = lambdaEnvironment(first, {
    ...{ account: ACCOUNT, region: REGION, bundle: CACHE },
    environment: {
      LEDGER_TABLE: stack.tables.find(({ name }) => name.endsWith('ledger'))?.name ?? '',
      TOPIC_ARN: stack.topics[0]?.arn ?? '',
      DATADOG_API_KEY,
      SLACK_WEBHOOK_URL: WEBHOOK,
    },
  });
  return { name: OBVIOUS, file, exportName: 'handler', environment };
}
