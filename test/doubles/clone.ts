import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** An empty repository on `main`, for as long as the test file runs; git's settings of this machine do not reach it. */
export function openClone() {
  const folder = mkdtempSync(join(tmpdir(), 'clone-'));
  const clone = join(folder, 'clone');
  const environment = { PATH: process.env.PATH ?? '', HOME: folder };
  afterAll(() => rmSync(folder, { recursive: true }));

  function git(...args: readonly string[]): string {
    const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
    const options = { env: environment, encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync('git', [...identity, ...args], options).trim();
  }

  /** One more commit on the branch; returns its hash. */
  function commit(...args: readonly string[]): string {
    git('-C', clone, 'commit', '-q', '--allow-empty', '-m', 'change', ...args);
    return git('-C', clone, 'rev-parse', 'HEAD');
  }

  git('init', '-q', '-b', 'main', clone);
  return { folder, clone, environment, git, commit };
}
