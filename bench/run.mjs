import { join } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

// `node bench/run.mjs <name> …` bundles bench/<name>.ts and runs it in this process, without a test runner around it:
// `node --cpu-prof bench/run.mjs simulation 5000` says where the time goes.
const [name = ''] = argv.splice(2, 1);
const outfile = join('node_modules/.cache/scan-response-bench', `${name}.mjs`);
await esbuild.build({
  entryPoints: [`bench/${name}.ts`],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
  outfile,
});
await import(pathToFileURL(outfile).href);
