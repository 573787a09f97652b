import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { cliFile } from '../../doubles/cli.ts';

const file = cliFile();
const FULL = '/dev/full';

/** Nothing listens there. */
const env = {
  ...process.env,
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

// `| head -1`, or a pager that is left.
test.each([
  ['an answer', ['completion', 'bash'], 0],
  ['a fault', ['who', 'demo-api:latest'], 5],
])('%s: the exit code is the same when whoever reads it has gone', async (_, args, expected) => {
  const child = spawn(process.execPath, [file(), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [unread, other] = expected === 0 ? [child.stdout, child.stderr] : [child.stderr, child.stdout];
  unread.destroy();
  const [said, [exit]] = await Promise.all([text(other), once(child, 'close')]);
  expect({ said, exit }).toEqual({ said: '', exit: expected });
});

test.runIf(existsSync(FULL))('an answer that could not be written is a failure', async () => {
  const child = spawn(process.execPath, [file(), 'completion', 'bash'], {
    stdio: ['ignore', openSync(FULL, 'w'), 'pipe'],
  });
  const [said, [exit]] = await Promise.all([
    text(child.stderr as NonNullable<typeof child.stderr>),
    once(child, 'close'),
  ]);
  expect({ said, exit }).toEqual({
    said: 'scan-response: the answer could not be written: ENOSPC\n',
    exit: 5,
  });
});
