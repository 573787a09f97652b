import { join } from 'node:path';
import { exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildSite } from './build-site.mjs';

// `npm run docs:site`: the folder is replaced, so it is always this one.
const root = fileURLToPath(new URL('../..', import.meta.url));
const out = 'site';
try {
  const { pages, others } = await buildSite(root, join(root, out));
  console.log(`${out}/index.html: ${pages.length} pages, ${others.length} pictures and other files`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  exit(1);
}
