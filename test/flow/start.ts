import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// `npm start` packages into its own folder: here each run has a copy, so that no other test's package changes.
const roots: string[] = [];
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(roots.map((root) => rm(root, { recursive: true })));
});

/**
 * A copy of what `npm start` needs, built, and packaged or still to be packaged; it is gone after the tests of the file.
 */
export async function copyOfProject(packaged: 'packaged' | 'to be packaged'): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'start-test-'));
  roots.push(root);
  const made = packaged === 'packaged' ? ['dist', '.serverless'] : ['dist'];
  for (const path of ['package.json', 'serverless.yml', 'resources', 'events', ...made]) {
    await cp(path, join(root, path), { recursive: true, preserveTimestamps: true });
  }
  await symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  return root;
}

export interface Run {
  readonly child: ChildProcess;
  /** What it printed so far. */
  readonly out: () => string;
  readonly error: () => string;
  /** Resolves with the exit code once it has ended and all is read. */
  readonly ended: Promise<number | null>;
}

/** Starts what `npm start` runs, with an empty home and nothing of AWS in the environment. */
export function start(root: string, ...args: readonly string[]): Run {
  const child = spawn(process.execPath, ['dist/local/main.mjs', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, TMPDIR: root, TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (error += chunk));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, out: () => out, error: () => error, ended };
}
