import { existsSync, statSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { addressOf } from './address.mjs';
import { deadLinks } from './dead-links.mjs';
import { document } from './page.mjs';
import { pagesOf } from './pages.mjs';
import { renderPages } from './render-pages.mjs';
import { sourceAddress } from './source-address.mjs';
import { styleOf } from './style.mjs';

const ICON = 'lib/console/page/icon.svg';

/**
 * @typedef {object} Site
 * @property {readonly string[]} pages paths in the repository
 * @property {readonly string[]} others pictures and files that pages link to, by their paths in the repository
 */

/**
 * Writes the site: a page of HTML for each page of the repository, and what they link to in docs/. The same files give the
 * same bytes.
 *
 * @param {string} root the project's folder
 * @param {string} out is replaced
 * @returns {Promise<Site>}
 * @throws {Error} that lists every link that leads nowhere; nothing is written then
 */
export async function buildSite(root, out) {
  const read = (/** @type {string} */ path) => readFile(join(root, path), 'utf8');
  const { repository } = JSON.parse(await read('package.json'));
  const texts = await pagesOf(root);
  const isThere = (/** @type {string} */ path) => texts.has(path) || existsSync(join(root, path));
  const { pages, others } = renderPages(texts, {
    isFile: (path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile(),
    sourceOf: (path) => sourceAddress(repository, path),
  });
  const dead = deadLinks(pages, isThere);
  if (dead.length > 0) throw new Error(`links that lead nowhere:\n${dead.join('\n')}`);
  const ours = await readFile(new URL('style.css', import.meta.url), 'utf8');
  const style = styleOf(await read('lib/console/page/style.css'), ours);
  const files = [...texts.keys()];
  await rm(out, { recursive: true, force: true });
  for (const page of pages) await write(join(out, addressOf(page.file)), document(page, files, style));
  for (const path of others) await cp(join(root, path), join(out, addressOf(path)));
  await cp(join(root, ICON), join(out, 'icon.svg'));
  return { pages: files, others };
}

/**
 * @param {string} file
 * @param {string} text
 */
async function write(file, text) {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
