import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageService } from '../package.ts';
import { startStack } from '../stack.ts';
import { READS_DOCUMENTS } from './documents.ts';
import { incidentsPage, type PlayClock } from './page.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Writes docs/incidents.md. */
async function main(): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const clock: PlayClock = { at: new Date() };
  const packaged = await packageService({ root: ROOT });
  try {
    const stack = await startStack({ packaged, environment: READS_DOCUMENTS, now: () => clock.at });
    try {
      const page = await incidentsPage(stack, clock, join(ROOT, 'dist/cli/scan-response.mjs'));
      await writeFile(join(ROOT, 'docs/incidents.md'), page);
    } finally {
      await stack.stop();
    }
  } finally {
    await packaged.dispose();
  }
}

main().catch((error: Error) => {
  process.stderr.write(`docs:incidents: ${error.message}\n`);
  process.exitCode = 1;
});
