// `node cli-in-one.mjs <scan-response.mjs>`: the packaged command line, again and again in one process. Each message of the
// parent is one run: its arguments, and its whole environment where that is another one. The bundle is run anew for it, and
// what it prints goes back.
import { argv, stderr, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

const file = pathToFileURL(argv[2] ?? '').href;
const own = /** @type {Record<string, string>} */ ({ ...process.env });
let runs = 0;

/** @param {{ readonly args: readonly string[], readonly environment?: Record<string, string> }} message */
async function run({ args, environment = own }) {
  const said = { stdout: '', stderr: '' };
  const [writeOut, writeError] = [stdout.write, stderr.write];
  stdout.write = (/** @type {string | Uint8Array} */ text) => {
    said.stdout += text;
    return true;
  };
  stderr.write = (/** @type {string | Uint8Array} */ text) => {
    said.stderr += text;
    return true;
  };
  process.argv = [process.execPath, file, ...args];
  process.exitCode = undefined;
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  try {
    runs += 1;
    await import(`${file}?run=${runs}`);
  } finally {
    stdout.write = writeOut;
    stderr.write = writeError;
    for (const stream of [stdout, stderr]) stream.removeAllListeners('error');
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  }
  return { ...said, exit: process.exitCode };
}

process.on('message', async (/** @type {Parameters<typeof run>[0]} */ message) =>
  process.send?.(await run(message)),
);
process.on('disconnect', () => process.exit(0));
