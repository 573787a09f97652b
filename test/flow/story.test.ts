import { type ChildProcess, execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { COMMITS } from '../../local/story/commits.ts';
import { copyOfProject, start } from './start.ts';

/** Ids of the processes that a process has started. */
async function childrenOf({ pid }: ChildProcess): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  return rows.filter(([, parent]) => parent === pid).flatMap(([id]) => id ?? []);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.concurrent('the story ends well in half a minute and names the commits', {
  timeout: 120_000,
}, async () => {
  const root = await copyOfProject('to be packaged');
  const { ended, out, error } = start(root);
  await expect.poll(out, { timeout: 60_000 }).toContain('loopback parts, ready');
  const readyMs = Date.now();
  expect(await ended, error()).toBe(0);
  expect(Date.now() - readyMs).toBeLessThan(30_000);
  expect(error()).toBe('');
  const answers = out().split('$ scan-response ');
  expect(answers).toHaveLength(7);
  expect(answers[1]).toContain(COMMITS.fixed.slice(0, 12));
  expect(answers[2]).toContain(COMMITS.broken.slice(0, 12));
  expect(answers[4]).toContain(`prod/demo  ${COMMITS.fixed.slice(0, 12)}`);
  expect(answers[5]).toMatch(
    new RegExp(`1 service ran it,[^]*prod/demo .app.  ${COMMITS.broken.slice(0, 12)}`),
  );
  expect(answers[6]).toContain(COMMITS.worker.slice(0, 12));
  expect(answers[6]).toContain('verified by the builder');
  expect(out()).toMatch(/\d+ messages in Slack, \d+ through SNS, none of them twice/);
});

test.concurrent('Ctrl-C during the story ends it at once and leaves no process and no file', {
  timeout: 120_000,
}, async () => {
  const root = await copyOfProject('packaged');
  const { child, ended, out, error } = start(root);
  await expect.poll(out, { timeout: 60_000 }).toContain('latest moves, and brings two critical findings');
  const functions = await childrenOf(child);
  expect(functions.length).toBeGreaterThanOrEqual(2);
  const interruptedMs = Date.now();
  child.kill('SIGINT');
  expect(await ended, error()).toBe(0);
  expect(Date.now() - interruptedMs).toBeLessThan(5_000);
  await expect.poll(() => functions.filter(isAlive), { timeout: 5_000 }).toEqual([]);
  expect((await readdir(root)).filter((name) => name.startsWith('scan-response-'))).toEqual([]);
});
