import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '../../../local/http.ts';

const READY_WITHIN_MS = 30_000;

/**
 * Starts AWS's DynamoDB Local, in memory and without telemetry, from the path of its jar. It listens on all
 * interfaces and cannot be told otherwise, so this throws where there is another interface than the loopback, and
 * says how to run instead. Its licence asks for an AWS account in good standing.
 */
export async function startDynamoDbLocal(jar: string): Promise<Endpoint> {
  refuseOpenNetwork();
  const port = await freePort();
  const options = ['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)];
  const libraries = `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`;
  const java = spawn('java', [libraries, '-jar', jar, ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // Without Java there is no process, and an error instead.
  const closed = once(java, 'close').catch(() => undefined);
  const url = `http://127.0.0.1:${port}`;
  const endpoint: Endpoint = {
    url,
    async close() {
      java.kill('SIGKILL');
      await closed;
    },
  };
  const endMs = Date.now() + READY_WITHIN_MS;
  // Any reply will do: without a signature it is an error.
  while (!(await fetch(url).catch(() => undefined))) {
    if (java.pid && java.exitCode === null && Date.now() < endMs) await sleep(100);
    else {
      await endpoint.close();
      throw new Error(`DynamoDB Local did not start from ${jar}: it needs Java 17 and its DynamoDBLocal_lib`);
    }
  }
  return endpoint;
}

function refuseOpenNetwork(): void {
  const open = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  if (open.every(({ internal }) => internal)) return;
  throw new Error(
    'DynamoDB Local would listen for the whole network: run npm run test:cloud once, and then ' +
      "unshare -rn sh -c 'ip link set lo up; npx vitest run --config vitest.cloud.config.ts test/cloud/oracles/dynamodb-local.test.ts'",
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no free port on 127.0.0.1');
  return address.port;
}
