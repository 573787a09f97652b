import { execFile } from 'node:child_process';

const TIME_LIMIT_MS = 3_000;
const MAX_OUTPUT_BYTES = 10_000;

export interface CloneOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What git printed, without the line's end, and its exit code; -1 when it did not come to an end by itself. */
export interface GitAnswer {
  readonly exit: number;
  readonly out: string;
  readonly complaint: string;
}

/** Runs git without a prompt, without the network, and without what could show another history than the real one. */
export function git(
  args: readonly string[],
  { folder, environment }: CloneOptions,
  { timeLimitMs = TIME_LIMIT_MS, maxOutputBytes = MAX_OUTPUT_BYTES } = {},
): Promise<GitAnswer> {
  const env = {
    ...environment,
    ...{ GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
  };
  const limits = { timeout: timeLimitMs, maxBuffer: maxOutputBytes };
  return new Promise((resolve) => {
    const all = ['--no-replace-objects', '-C', folder, ...args];
    execFile('git', all, { env, ...limits }, (failure, stdout, stderr) => {
      const code = failure ? failure.code : 0;
      resolve({
        exit: typeof code === 'number' ? code : -1,
        out: stdout.trim(),
        complaint: stderr.slice(0, 1_000),
      });
    });
  });
}
