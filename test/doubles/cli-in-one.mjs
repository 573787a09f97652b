// `node cli-in-one.mjs <scan-response.mjs>`: the packaged command line, again and again in one process. Each message of the
// parent is the arguments of one run; the bundle is loaded anew for it, and what it prints goes back.
import { argv, stderr, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

const file = pathToFileURL(argv[2] ?? '').href;
const zone = process.env.TZ;
let runs = 0;

/** @param {readonly string[]} args */
async function run(args) {
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
  process.env.TZ = zone;
  try {
    runs += 1;
    await import(`${file}?run=${runs}`);
  } finally {
    stdout.write = writeOut;
    stderr.write = writeError;
    for (const stream of [stdout, stderr]) stream.removeAllListeners('error');
  }
  return { ...said, exit: process.exitCode };
}

process.on('message', async (/** @type {readonly string[]} */ args) => process.send?.(await run(args)));
process.on('disconnect', () => process.exit(0));
