import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CLIENTS = ['buildah', 'docker-registry', 'skopeo', 'umoci'] as const;
const INSTALL = ['install', '-y', '-qq', '--no-install-recommends'];

export type Client = (typeof CLIENTS)[number];

/** Runs a client to its end and returns what it printed; throws with its own words when it fails. */
export type RunClient = (client: Client, args: readonly string[]) => Promise<string>;

/**
 * True when Debian's registry clients can be run; installs them first where apt and root are there.
 * Where they are not, says which command a person has to run.
 */
export async function installClients(): Promise<boolean> {
  if (missingClients().length > 0 && mayInstall()) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env }).catch(() => undefined);
    await run('apt-get', [...INSTALL, ...missingClients()], { env }).catch(() => undefined);
  }
  const missing = missingClients();
  if (missing.length === 0) return true;
  const command = `apt-get update && apt-get install --no-install-recommends ${missing.join(' ')}`;
  process.stderr.write(`SKIPPED: tests with real registry clients. First run: ${command}\n`);
  return false;
}

/**
 * Clients that keep everything they write inside `folder`.
 * Root's cache of blobs is under /var, whatever XDG says; anybody else's is where XDG says.
 * Source: https://github.com/containers/image/blob/v5.22.0/pkg/blobinfocache/default.go
 */
export function clientsIn(folder: string): RunClient {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: folder,
    XDG_DATA_HOME: folder,
    XDG_RUNTIME_DIR: folder,
    _CONTAINERS_ROOTLESS_UID: '65534',
  };
  const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')];
  const before: Readonly<Record<Client, readonly string[]>> = {
    buildah: [...storage, '--storage-driver', 'vfs'],
    'docker-registry': [],
    skopeo: ['--tmpdir', folder],
    umoci: [],
  };
  return async (client, args) => {
    const { stdout } = await run(client, [...before[client], ...args], {
      env,
      timeout: 30_000,
    });
    return stdout;
  };
}

/** Not where services are started by installing them: docker-registry's package would leave one running. */
function mayInstall(): boolean {
  return process.getuid?.() === 0 && isOnPath('apt-get') && !existsSync('/run/systemd/system');
}

function missingClients(): readonly Client[] {
  return CLIENTS.filter((client) => !isOnPath(client));
}

function isOnPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
