import { execFile } from 'node:child_process';
import type { RunningStack } from '../stack.ts';
import { lookupEnvironment } from '../story/ask.ts';
import { ASKED_AT, ZONE } from './stories.ts';

/** Stops the clock of a Node process that imports it: what is printed is the same whenever the page is made. */
const STOPPED_CLOCK = `data:text/javascript,${encodeURIComponent(`
const Running = Date;
globalThis.Date = class extends Running {
  constructor(...args) { args.length > 0 ? super(...args) : super('${ASKED_AT}'); }
  static now() { return Running.parse('${ASKED_AT}'); }
};`)}`;

/** Runs the packaged CLI as the person on call would, at that minute; returns what they see, and the exit code. */
export function askThen(
  stack: RunningStack,
  cli: string,
  args: readonly string[],
): Promise<{ readonly text: string; readonly exit: number }> {
  const env = { PATH: process.env.PATH ?? '', TZ: ZONE, ...lookupEnvironment(stack) };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', STOPPED_CLOCK, cli, ...args], { env }, (failure, out, error) =>
      resolve({ text: `${out}${error}`.trimEnd(), exit: failure ? Number(failure.code) : 0 }),
    );
  });
}
