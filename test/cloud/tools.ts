import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What the emulators run on; kept in `.cloud/` for the next run. */
export interface Tools {
  /** The interpreter of the virtual environment with the packages of requirements.txt. */
  readonly python: string;
  /** The folder with a `node` of at least version 22, as the emulated Lambda runs it. */
  readonly nodeFolder: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, '.cloud');
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const NODE_VERSION = '22.23.3';
const LAMBDA_NODE_MAJOR = 22;
const run = promisify(execFile);

/**
 * Installs what is missing in `.cloud/`; about half a minute the first time, nothing after that. Two runs may do
 * this at once. Throws with what to do when Python or a package cannot be had.
 */
export async function prepareTools(): Promise<Tools> {
  const pinned = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
    .slice(0, 12);
  const [venv, node] = await Promise.all([
    cached(`python-${pinned}`, makeVenv),
    hasLambdaNode() ? undefined : cached(`node-${NODE_VERSION}`, installNode),
  ]);
  return {
    python: join(venv, 'bin/python'),
    nodeFolder: node ? join(node, 'node_modules', NODE_PACKAGE, 'bin') : dirname(process.execPath),
  };
}

/** A new empty folder for one run. */
export async function makeRunFolder(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  return mkdtemp(join(CACHE, 'run-'));
}

function hasLambdaNode(): boolean {
  return Number(process.versions.node.split('.')[0]) >= LAMBDA_NODE_MAJOR;
}

/** The folder is filled under another name first: what has its own name is complete. */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  const draft = await makeRunFolder();
  try {
    await fill(draft);
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
    return folder;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function makeVenv(folder: string): Promise<void> {
  const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  await run('python3', ['-c', check]).catch(() => {
    throw new Error(
      'npm run test:cloud needs Python 3.10 or newer with venv, as `python3`: apt-get install python3 python3-venv',
    );
  });
  await run('python3', ['-m', 'venv', folder]);
  const python = join(folder, 'bin/python');
  const quick = ['--quiet', '--disable-pip-version-check', '--no-compile'];
  const install = ['-m', 'pip', 'install', ...quick, '-r', REQUIREMENTS];
  await run(python, install).catch((error: { stderr?: string }) => {
    throw new Error(
      `the emulators cannot be installed; make PyPI reachable for pip (PIP_INDEX_URL) and run again:\n${error.stderr ?? error}`,
    );
  });
}

// One package per platform, each holding one binary.
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;

async function installNode(folder: string): Promise<void> {
  const spec = `${NODE_PACKAGE}@${NODE_VERSION}`;
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    spec,
  ];
  await run('npm', args).catch((error: { stderr?: string }) => {
    throw new Error(
      `the emulated Lambda needs Node ${LAMBDA_NODE_MAJOR} or newer: run with one, or make ${spec} installable:\n${error.stderr ?? error}`,
    );
  });
}
