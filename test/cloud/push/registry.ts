import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Registry {
  /** `127.0.0.1:<free port>`, as it stands before a repository's name. */
  readonly host: string;
  close(): Promise<void>;
}

/**
 * Starts Debian's docker-registry, which posts a notification of every push and pull to `notifyUrl`.
 * Source: https://github.com/distribution/distribution/blob/v2.8.2/docs/configuration.md
 */
export async function startRegistry(notifyUrl: string): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'scan-response-registry-'));
  const file = join(folder, 'config.yml');
  await writeFile(file, JSON.stringify(configuration(folder, notifyUrl))); // JSON is YAML
  // No environment: REGISTRY_… variables would change the configuration.
  const child = spawn('docker-registry', ['serve', file], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit');
  const close = async () => {
    kill();
    await exited;
    process.off('exit', kill);
    await rm(folder, { recursive: true });
  };
  try {
    return { host: await hostIn(child.stderr), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function configuration(folder: string, notifyUrl: string): object {
  const endpoint = { name: 'bridge', url: notifyUrl, timeout: '5s', threshold: 3, backoff: '200ms' };
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'store') } },
    http: { addr: '127.0.0.1:0' },
    notifications: { endpoints: [endpoint] },
  };
}

/** The registry says in its log which port it was given. The log is read on to its end: a full pipe would block. */
function hostIn(log: Readable): Promise<string> {
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface({ input: log })
      .on('line', (line) => {
        const [, host] = /listening on (127\.0\.0\.1:\d+)/.exec(line) ?? [];
        if (host) resolve(host);
        lines.push(line);
        lines.splice(0, lines.length - 3);
      })
      .once('close', () => reject(new Error(`docker-registry did not start: ${lines.join('\n')}`)));
  });
}
