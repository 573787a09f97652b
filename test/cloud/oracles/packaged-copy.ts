import { cp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../../../build/build.mjs';
import { type PackagedService, packageService } from '../../../local/package.ts';
import { makeRunFolder } from '../tools.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Builds and packages the service in a folder of its own: others may build and deploy at the same time. */
export async function packageCopy(): Promise<PackagedService> {
  const folder = await makeRunFolder();
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    for (const path of ['package.json', 'serverless.yml', 'resources'])
      await cp(join(ROOT, path), join(folder, path), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await build(ROOT, join(folder, 'dist'));
    return await packageService({ root: folder });
  } finally {
    await remove();
  }
}
