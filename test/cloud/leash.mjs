import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';

// node leash.mjs <folder to work in> <folder to remove> <command> [argument …]
// Runs a command until standard input ends, then ends it with every process that it started, and removes a folder.
// Whoever holds the other end may stop, crash or be killed: nothing stays behind.
const [folder = '', leftover = '', command = '', ...args] = process.argv.slice(2);
const GRACE_MS = 3000;

// A process group of its own: Ctrl-C in the terminal is for whoever holds the leash.
const child = spawn(command, args, { cwd: folder, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

/** @param {NodeJS.Signals} signal */
function endGroup(signal) {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

child.on('error', (error) => {
  process.stderr.write(`${command} cannot be started: ${error.message}\n`);
  process.exitCode = 1;
});
child.on('close', async (code) => {
  endGroup('SIGKILL');
  await rm(leftover, { recursive: true, force: true, maxRetries: 5 });
  process.exit(process.exitCode ?? code ?? 1);
});
process.stdin.resume().on('close', () => {
  endGroup('SIGTERM');
  setTimeout(endGroup, GRACE_MS, 'SIGKILL').unref();
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => process.stdin.destroy());
// The reader of the output may be gone.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
