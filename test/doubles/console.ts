import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { NOW, ZONE } from '../browser/world.ts';

/** Stops the clock of the process: what is printed is the same whenever the tests run. */
export const STOPPED_CLOCK = `data:text/javascript,${encodeURIComponent(`
const Running = Date;
globalThis.Date = class extends Running {
  constructor(...args) { args.length > 0 ? super(...args) : super('${NOW}'); }
  static now() { return Running.parse('${NOW}'); }
};`)}`;

/** The packaged console as a process of its own, at that minute and in that zone. */
export async function startConsole(
  file: string,
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
) {
  const env = { PATH: process.env.PATH, HOME: tmpdir(), TZ: ZONE, ...environment };
  const child = spawn(process.execPath, ['--import', STOPPED_CLOCK, file, 'console', '--json', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = text(child.stderr);
  const [line] = await once(createInterface(child.stdout), 'line');
  const { url } = JSON.parse(String(line)) as { readonly url: string };
  return {
    url,
    /** What it said on standard error, once it has ended. */
    said,
    async stop(): Promise<number | null> {
      child.kill('SIGINT');
      const [code] = (await once(child, 'exit')) as [number | null];
      return code;
    },
  };
}
