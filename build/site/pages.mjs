import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SCHEMAS, schemasPage } from './schemas-page.mjs';

/** Pages beside those in docs/. */
const BESIDE = ['README.md', 'README.ja.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];

/**
 * The pages of the repository, each in Markdown, by their paths in it.
 *
 * @param {string} root the project's folder
 * @returns {Promise<ReadonlyMap<string, string>>}
 */
export async function pagesOf(root) {
  const inDocs = (await readdir(join(root, 'docs'), { recursive: true }))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .sort();
  const texts = await textsOf(root, [...BESIDE, ...inDocs]);
  const names = (await readdir(join(root, SCHEMAS))).sort();
  return texts.set(SCHEMAS, schemasPage(await textsOf(join(root, SCHEMAS), names)));
}

/**
 * @param {string} folder
 * @param {readonly string[]} names
 */
async function textsOf(folder, names) {
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return new Map(names.map((name, at) => [name, texts[at] ?? '']));
}
