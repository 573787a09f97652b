import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiFiles } from './files.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));

/** Writes docs/openapi.json and docs/api.d.ts, from `dist/local`. */
for (const [name, text] of Object.entries(apiFiles(join(DOCS, 'schemas'))))
  await writeFile(join(DOCS, name), text);
