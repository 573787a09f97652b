import { addressOf, linked, relative } from './address.mjs';
import { renderMarkdown } from './markdown.mjs';
import { navigation } from './navigation.mjs';

/**
 * What a page's links are held against.
 *
 * @typedef {object} Repository
 * @property {(path: string) => boolean} isFile
 * @property {(path: string) => string | undefined} sourceOf the address of what the site does not have
 */

/**
 * @typedef {object} Pages
 * @property {readonly (import('./page.mjs').Page & import('./dead-links.mjs').Linking)[]} pages
 * @property {readonly string[]} others pictures and files in docs/ that pages link to
 */

/**
 * The pages of the site. Links between them lead to each other there; what is in docs/ comes along; for the rest of the
 * repository `sourceOf` has an address, or its path is shown.
 *
 * @param {ReadonlyMap<string, string>} texts Markdown by paths in the repository
 * @param {Repository} repository
 * @returns {Pages}
 */
export function renderPages(texts, { isFile, sourceOf }) {
  /** @type {Set<string>} */
  const others = new Set();
  const inSite = (/** @type {string} */ path) => {
    if (texts.has(path)) return true;
    const isOther = path.startsWith('docs/') && isFile(path);
    if (isOther) others.add(path);
    return isOther;
  };
  const names = new Map(navigation([...texts.keys()]).map(({ file, label }) => [file, label]));
  /** @type {(file: string, href: string) => import('./markdown.mjs').Target} */
  const resolve = (file, href) => {
    const target = linked(file, href);
    if (!target) return { href };
    const { path, anchor } = target;
    const address = inSite(path) ? relative(addressOf(file), addressOf(path)) : sourceOf(path);
    if (address === undefined) return { path };
    return { href: `${address}${anchor && '#'}${anchor}`, page: names.get(path) };
  };
  const pages = [...texts].map(([file, text]) => {
    const rendered = renderMarkdown(text, (href) => resolve(file, href));
    return { file, title: rendered.headings[0]?.text ?? file, ...rendered };
  });
  return { pages, others: [...others].sort() };
}
