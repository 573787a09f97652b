import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { builtins } from './builtins.mjs';
import { onDemand } from './on-demand.mjs';
import { trimAws } from './trim-aws.mjs';
import { MANAGED, SENT, trimDatadog } from './trim-datadog.mjs';

/**
 * @typedef {object} Bundle
 * @property {string} file absolute path
 * @property {number} bytes
 */

/** @type {import('esbuild').BuildOptions} */
const EVERYWHERE = {
  bundle: true,
  platform: 'node',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/**
 * The AWS clients are smaller by a third from their ES modules. An ES module is what Lambda waits for while it starts
 * (lib/services/prime.ts), https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html#top-level-await
 *
 * @type {import('esbuild').BuildOptions}
 */
export const FUNCTION = {
  ...EVERYWHERE,
  minify: true,
  target: 'node22',
  format: 'esm',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  alias: {
    '@aws-sdk/credential-provider-node': fileURLToPath(
      new URL('environment-credentials.mjs', import.meta.url),
    ),
    '@aws-sdk/middleware-endpoint-discovery': fileURLToPath(
      new URL('no-endpoint-discovery.mjs', import.meta.url),
    ),
  },
};

/**
 * Keeps the whole credential chain: people run it with profiles and SSO. What one command alone needs is a
 * bundle of its own, which the others do not load.
 *
 * @type {import('esbuild').BuildOptions}
 */
const CLI = {
  ...EVERYWHERE,
  minify: true,
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  banner: {
    // Bundled CommonJS asks for Node's modules through `require`, which an ES module does not have.
    js: `#!/usr/bin/env node
import { createRequire as createBundleRequire } from 'node:module';
const require = createBundleRequire(import.meta.url);
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';`,
  },
};

const CLI_ENTRIES = {
  'scan-response': 'lib/cli/main.ts',
  lookup: 'lib/services/lookup.ts',
  'audit-report': 'lib/cli/audit-report.ts',
  containment: 'lib/cli/containment.ts',
  'cve-report': 'lib/cli/cve-report.ts',
  'repositories-report': 'lib/cli/repositories-report.ts',
  'gate-report': 'lib/cli/gate-report.ts',
  'tags-report': 'lib/cli/tags-report.ts',
  'lifecycle-report': 'lib/cli/lifecycle-report.ts',
  'cost-report': 'lib/cli/cost-report.ts',
  'completion-script': 'lib/cli/completion-script.ts',
  'doctor-report': 'lib/cli/doctor-report.ts',
  'troubleshoot-report': 'lib/cli/troubleshoot-report.ts',
  'policy-report': 'lib/cli/policy-report.ts',
  'preview-report': 'lib/cli/preview-report.ts',
  operator: 'lib/services/operator.ts',
  'backfill-report': 'lib/cli/backfill-report.ts',
  declare: 'lib/services/declare.ts',
  'datadog-report': 'lib/cli/datadog-report.ts',
  'console-server': 'lib/console/console-server.ts',
};

/** What the console serves: the browsers of the last two years, and nothing that loads anything else. */
const PAGE_ENTRIES = {
  page: 'lib/console/page/main.ts',
  style: 'lib/console/page/style.css',
  icon: 'lib/console/page/icon.svg',
};

/** @type {import('esbuild').BuildOptions} */
const PAGE = {
  ...EVERYWHERE,
  minify: true,
  platform: 'browser',
  target: ['chrome120', 'firefox121', 'safari17'],
  format: 'iife',
  loader: { '.svg': 'copy' },
};

const LOCAL_ENTRIES = {
  main: 'local/main.ts',
  incidents: 'local/incidents/main.ts',
  alerts: 'local/alerts/main.ts',
  troubleshooting: 'local/troubleshooting.ts',
  openapi: 'local/openapi/main.ts',
  bootstrap: 'local/lambda/bootstrap.ts',
};

/** @type {import('esbuild').BuildOptions} */
const LOCAL = {
  ...EVERYWHERE,
  packages: 'external',
  target: 'node20',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
};

/**
 * Bundles everything that has an entry file: functions/*.ts, the CLI and the embedded stack. Replaces `dist`, and
 * writes esbuild's account of what is in each bundle to `dist/meta/<name>.json`.
 *
 * @param {string} root the project's folder
 * @param {string} [dist] where to write
 * @returns {Promise<readonly Bundle[]>}
 */
export async function build(root, dist = join(root, 'dist')) {
  await rm(dist, { recursive: true, force: true });
  await mkdir(join(dist, 'meta'), { recursive: true });
  const bundles = await Promise.all([
    bundle(root, dist, 'functions', await functionsIn(root), {
      ...FUNCTION,
      plugins: [trimDatadog(SENT), trimAws(), builtins()],
    }),
    bundle(root, dist, 'cli', CLI_ENTRIES, {
      ...CLI,
      plugins: [trimDatadog(MANAGED), onDemand(), builtins()],
    }),
    bundle(root, dist, 'cli/page', PAGE_ENTRIES, PAGE),
    bundle(root, dist, 'local', LOCAL_ENTRIES, LOCAL),
  ]);
  const cli = join(dist, 'cli', 'scan-response.mjs');
  if (existsSync(cli)) await chmod(cli, 0o755);
  return bundles.flat();
}

/**
 * @param {string} root
 * @param {string} dist
 * @param {string} folder in `dist`
 * @param {Readonly<Record<string, string>>} entries name of the bundle → entry file, which need not exist
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<readonly Bundle[]>}
 */
async function bundle(root, dist, folder, entries, options) {
  const existing = Object.entries(entries).filter(([, entry]) => existsSync(join(root, entry)));
  const { metafile } = await esbuild.build({
    ...options,
    absWorkingDir: root,
    entryPoints: Object.fromEntries(existing),
    outdir: join(dist, folder),
  });
  return Promise.all(
    Object.entries(metafile?.outputs ?? {}).map(async ([output, contents]) => {
      const file = join(root, output);
      const name = basename(file).replace(/\.[cm]?js$/, '');
      await writeFile(
        join(dist, 'meta', `${name}.json`),
        JSON.stringify({ outputs: { [output]: contents } }),
      );
      return { file, bytes: (await stat(file)).size };
    }),
  );
}

/**
 * @param {string} root
 * @returns {Promise<Readonly<Record<string, string>>>}
 */
async function functionsIn(root) {
  const folder = join(root, 'functions');
  const files = existsSync(folder)
    ? (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort()
    : [];
  return Object.fromEntries(files.map((file) => [basename(file, '.ts'), `functions/${file}`]));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const bundles = await build(root);
  if (argv.includes('--sizes')) {
    for (const { file, bytes } of bundles)
      console.log(`${relative(root, file)}  ${(bytes / 1000).toFixed(0)} kB`);
  }
}
