import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alertsPages } from './page.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));

/** Writes docs/alerts.md and its pictures. */
for (const [path, content] of Object.entries(alertsPages())) {
  await mkdir(dirname(join(DOCS, path)), { recursive: true });
  await writeFile(join(DOCS, path), content);
}
