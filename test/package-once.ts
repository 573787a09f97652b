import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { packageService } from '../local/package.ts';

/**
 * Builds and packages the service once for all test files, which then call `packageService` with `reuse`.
 * A run of unit tests only, such as `vitest run test/unit/image`, needs no package and does not wait for one.
 */
export async function setup({ config: { root } }: TestProject): Promise<void> {
  const paths = process.argv.slice(2).filter((argument) => argument.includes('test/'));
  if (paths.length > 0 && paths.every((path) => path.includes('test/unit/'))) return;
  const build = join(root, 'build/build.mjs');
  if (!existsSync(build)) return;
  await promisify(execFile)(process.execPath, [build], { cwd: root });
  const packaged = await packageService({ root });
  await packaged.dispose();
}
