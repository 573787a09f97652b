import { execFile } from 'node:child_process';
import type { Verdict } from '../lookup/contains.ts';

const TIME_LIMIT_MS = 3_000;
const HEX = /^[0-9a-f]{7,64}$/;

export interface CloneOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether one commit is an ancestor of another, as a clone on this machine says. Nothing is fetched, and nothing but
 * hexadecimal reaches git's arguments. A shallow clone cannot say no.
 */
export async function isAncestorInClone(
  ancestor: string,
  descendant: string,
  options: CloneOptions,
): Promise<Verdict> {
  if (!HEX.test(ancestor) || !HEX.test(descendant)) return unknown('these are no commits');
  const shallow = await git(['rev-parse', '--is-shallow-repository'], options);
  if (shallow.exit !== 0) return unknown('there is no clone here: say where with --clone, or run it in one');
  for (const commit of [ancestor, descendant]) {
    const { exit } = await git(['cat-file', '-e', `${commit}^{commit}`], options);
    if (exit !== 0)
      return unknown(
        `the clone here does not have ${commit.slice(0, 12)}: fetch it, or it is another repository`,
      );
  }
  const { exit } = await git(['merge-base', '--is-ancestor', ancestor, descendant], options);
  if (exit === 0) return { says: 'yes' };
  if (exit !== 1) return unknown('git could not say within three seconds');
  return shallow.out === 'true'
    ? unknown('the clone here is shallow: git fetch --unshallow')
    : { says: 'no' };
}

function unknown(why: string): Verdict {
  return { says: 'unknown', why };
}

/** Runs git without a prompt, without the network, and without what could show another history than the real one. */
function git(
  args: readonly string[],
  { folder, environment }: CloneOptions,
): Promise<{ exit: number; out: string }> {
  const env = {
    ...environment,
    ...{ GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
  };
  return new Promise((resolve) => {
    const all = ['--no-replace-objects', '-C', folder, ...args];
    execFile('git', all, { env, timeout: TIME_LIMIT_MS, maxBuffer: 10_000 }, (failure, stdout) => {
      const code = failure ? failure.code : 0;
      resolve({ exit: typeof code === 'number' ? code : -1, out: stdout.trim() });
    });
  });
}
