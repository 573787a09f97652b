import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { troubleshootingPage } from '../lib/troubleshoot/page.ts';

const PAGE = fileURLToPath(new URL('../../docs/troubleshooting.md', import.meta.url));

/** Writes docs/troubleshooting.md, from `dist/local`. */
await writeFile(PAGE, troubleshootingPage());
