import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface Registry {
  /** `127.0.0.1:<free port>`, as it stands before a repository's name. */
  readonly host: string;
  /** Everything it keeps; `close` removes it. */
  readonly folder: string;
  readonly close: () => Promise<void>;
}

const LEASH = fileURLToPath(new URL('../leash.mjs', import.meta.url));

/**
 * Starts Debian's docker-registry, which posts a notification of every push and pull to `notifyUrl`. It ends with
 * `close`, or with this process. Throws what it said last when it does not start.
 * Source: https://github.com/distribution/distribution/blob/v2.8.2/docs/configuration.md
 */
export async function startRegistry(notifyUrl: string): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'scan-response-registry-'));
  const file = join(folder, 'config.yml');
  await writeFile(file, JSON.stringify(configuration(folder, notifyUrl))); // JSON is YAML
  const child = spawn(process.execPath, [LEASH, folder, folder, 'docker-registry', 'serve', file], {
    env: { PATH: process.env.PATH }, // REGISTRY_… variables would change the configuration
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  const closed = once(child, 'close');
  const close = async (): Promise<void> => {
    child.stdin.end();
    await closed;
  };
  try {
    return { host: await hostIn(child.stderr), folder, close };
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
