import { join } from 'node:path';
import { build } from 'esbuild';

/** Builds what runs in a process of the embedded Lambda into a folder; returns the file. */
export async function buildBootstrap(folder: string): Promise<string> {
  const outfile = join(folder, 'bootstrap.mjs');
  const entryPoints = ['local/lambda/bootstrap.ts'];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm' });
  return outfile;
}
