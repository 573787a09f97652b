import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** jq is on GitHub's machines. */
const CLIENTS = ['buildah', 'docker-registry', 'jq', 'skopeo', 'umoci'] as const;

type Client = (typeof CLIENTS)[number];

/** Runs a client to its end and returns what it printed; throws with its own words when it fails. */
export type RunClient = (client: Client, args: readonly string[]) => Promise<string>;

/**
 * True when Debian's registry clients can be run; installs them first where apt and root are there.
 * Where they are not, says which command a person has to run.
 */
export async function installClients(): Promise<boolean> {
  if (missingClients().length > 0 && mayInstall()) await install().catch(complain);
  const missing = missingClients();
  if (missing.length > 0)
    process.stderr.write(`SKIPPED: tests with real registry clients. First run: ${command(missing)}\n`);
  return missing.length === 0;
}

/** One at a time, and only what is still missing then: test files run side by side. */
async function install(): Promise<void> {
  const script = `which ${CLIENTS.join(' ')} || { ${command(CLIENTS)}; }`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('flock', ['/etc/apt', 'sh', '-c', script], { env });
}

function command(packages: readonly Client[]): string {
  return `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

function complain(error: { readonly stderr?: string }): void {
  process.stderr.write(`apt-get failed: ${error.stderr ?? error}\n`);
}

/**
 * Clients that keep everything they write inside `folder`.
 * Root's cache of blobs is under /var, whatever XDG says; so they are told that they are somebody else.
 * Source: https://github.com/containers/image/blob/v5.23.1/pkg/blobinfocache/default.go
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
    jq: [],
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

/**
 * As root, and where installing docker-registry does not start one, as in Debian's container images.
 * Source: README.policy-rc.d in Debian's init-system-helpers
 */
function mayInstall(): boolean {
  return process.getuid?.() === 0 && isOnPath('apt-get') && existsSync('/usr/sbin/policy-rc.d');
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
