import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { unzipSync } from 'fflate';

export interface PackagedService {
  /** The CloudFormation template, parsed. */
  readonly template: unknown;
  /** Zip file name → folder with its files, outside the project. */
  readonly bundles: ReadonlyMap<string, string>;
  /** Where the template and the zips are. */
  readonly folder: string;
  /** Removes the folders. */
  dispose(): Promise<void>;
}

const TEMPLATE = 'cloudformation-template-update-stack.json';
/** What a package is made of. */
const SOURCES = ['dist/functions', 'resources', 'serverless.yml'];
/** Where packages for parameters are kept. */
const KEPT = 'dist/packages';

/**
 * Packages the service in `root` as `serverless package` does, with no network, and unpacks its zips. With
 * `reuse` a package that is newer than the bundles and the template's sources is taken as it is. With `params`
 * the package is made for them, from a copy, since `serverless` clears what was packaged before; with `reuse` too
 * that copy is kept for the next. Rejects with the output of `serverless` when that fails.
 */
export async function packageService({
  root,
  reuse = false,
  params,
}: {
  readonly root: string;
  readonly reuse?: boolean;
  readonly params?: Readonly<Record<string, string>>;
}): Promise<PackagedService> {
  const folder = await mkdtemp(join(tmpdir(), 'scan-response-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const service = await packageIn(root, join(folder, 'service'), toOptions(params), reuse);
    const packaged = join(service, '.serverless');
    const template: unknown = JSON.parse(await readFile(join(packaged, TEMPLATE), 'utf8'));
    const zips = (await readdir(packaged)).filter((name) => name.endsWith('.zip'));
    const bundles = new Map(zips.map((zip) => [zip, join(folder, zip.replace(/\.zip$/, ''))]));
    for (const [zip, target] of bundles) await unpack(join(packaged, zip), target);
    return { template, bundles, folder: packaged, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** The folder that has the package for these options; without `reuse`, or where it is old, it is made before. */
async function packageIn(
  root: string,
  copy: string,
  options: readonly string[],
  reuse: boolean,
): Promise<string> {
  const isPlain = options.length === 0;
  const kept = isPlain ? root : join(root, KEPT, options.join(' ').replaceAll('/', '%'));
  if (reuse && (await isFresh(root, kept))) return kept;
  const service = isPlain ? root : copy;
  if (!isPlain)
    for (const source of SOURCES) await cp(join(root, source), join(copy, source), { recursive: true });
  await runServerless(root, service, options);
  if (reuse && !isPlain) await keep(copy, kept);
  return service;
}

/** Others may do the same at this moment: whose copy is kept matters to nobody. */
async function keep(copy: string, kept: string): Promise<void> {
  const beside = `${kept} ${randomUUID()}`;
  await cp(copy, beside, { recursive: true });
  await rm(kept, { recursive: true, force: true });
  await rename(beside, kept).catch(() => rm(beside, { recursive: true }));
}

function toOptions(params: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
}

async function isFresh(root: string, service: string): Promise<boolean> {
  const packagedMs = await newestMs(join(service, '.serverless', TEMPLATE));
  const sourcesMs = await Promise.all(SOURCES.map((source) => newestMs(join(root, source))));
  return packagedMs > Math.max(...sourcesMs);
}

/** The newest change of a file or of the files in a folder; 0 when there is none. */
async function newestMs(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const names = await readdir(path);
  return Math.max(0, ...(await Promise.all(names.map((name) => newestMs(join(path, name))))));
}

async function runServerless(root: string, service: string, options: readonly string[]): Promise<void> {
  const manifest = createRequire(join(root, 'package.json')).resolve('serverless/package.json');
  const { bin } = JSON.parse(await readFile(manifest, 'utf8')) as { bin: { serverless: string } };
  // No AWS_* and no SLS_*: a package must not depend on whose machine it is made on.
  const child = spawn(process.execPath, [join(dirname(manifest), bin.serverless), 'package', ...options], {
    cwd: service,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(`serverless package failed in ${service}:\n${complaints}${output}`);
}

async function unpack(zip: string, target: string): Promise<void> {
  for (const [name, content] of Object.entries(unzipSync(await readFile(zip)))) {
    if (name.endsWith('/')) continue;
    const file = join(target, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
