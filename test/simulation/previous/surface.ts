import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import type { Surface } from '../backend.ts';
import * as thisRelease from '../service-surface.ts';
import type { Release } from './release.ts';

const run = promisify(execFile);
const CACHE = 'node_modules/.cache/scan-response-previous';
const LIST = 'test/simulation/service-surface.ts';

/** The code of another release, or why it cannot be had. */
export type Found = { readonly surface: Surface } | { readonly missing: string };

/**
 * Takes a release's `lib/` out of the history, bundles it by the present list of what the simulation runs, and loads
 * it. Packages are the installed ones. Throws when the release lacks a part of the list that it should have.
 */
export async function surfaceOfRelease({ revision, lacks, takesSaid }: Release): Promise<Found> {
  if (!(await hasCommit(revision)))
    return { missing: `${revision} is not in this copy of the history: fetch all of it, not a part` };
  await mkdir(CACHE, { recursive: true });
  const folder = resolve(await mkdtemp(join(CACHE, 'lib-')));
  try {
    await extract(revision, folder);
    const surface = (await import(await bundle(revision, folder))) as Surface;
    const missing = Object.keys(thisRelease).filter((name) => !(name in surface) && !lacks.includes(name));
    if (missing.length > 0) throw new Error(advice(revision, missing.join(', ')));
    return { surface: takesSaid ? surface : withAnnounced(surface) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function withAnnounced(surface: Surface): Surface {
  const respond = surface.respond as (...of: unknown[]) => ReturnType<Surface['respond']>;
  return {
    ...surface,
    respond: (image, waited, ports, said) => respond(image, waited, ports, said?.announced),
  };
}

async function hasCommit(revision: string): Promise<boolean> {
  return run('git', ['cat-file', '-e', `${revision}^{commit}`]).then(
    () => true,
    () => false,
  );
}

async function extract(revision: string, folder: string): Promise<void> {
  const archive = join(folder, 'lib.tar');
  await run('git', ['archive', '--format=tar', `--output=${archive}`, revision, 'lib']);
  await run('tar', ['-xf', archive, '-C', folder]);
}

/** The address of the bundle; it stays below node_modules, where its packages are found. */
async function bundle(revision: string, folder: string): Promise<string> {
  const list = join(folder, LIST);
  const outfile = join(folder, 'surface.mjs');
  await mkdir(dirname(list), { recursive: true });
  await copyFile(LIST, list);
  try {
    await esbuild.build({
      entryPoints: [list],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      logLevel: 'silent',
    });
  } catch (error) {
    const { errors } = error as esbuild.BuildFailure;
    throw new Error(advice(revision, errors.map(({ text }) => text).join('; ')));
  }
  return pathToFileURL(outfile).href;
}

function advice(revision: string, what: string): string {
  return (
    `the release ${revision} does not have all that ${LIST} lists (${what}): move PREVIOUS in ` +
    'test/simulation/previous/release.ts to a later release, make the list smaller, or, of what only later code ' +
    'calls, name it there in `lacks`'
  );
}
