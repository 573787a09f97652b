import { linked } from './address.mjs';

/**
 * @typedef {object} Linking
 * @property {string} file path in the repository
 * @property {readonly string[]} hrefs as they are written
 * @property {readonly import('./markdown.mjs').Heading[]} headings
 */

/**
 * Links and pictures that lead nowhere: to a file that is not there, or to a heading that its page does not have. Links to
 * other hosts are not looked at.
 *
 * @param {readonly Linking[]} pages
 * @param {(path: string) => boolean} isThere whether the repository has a file or folder
 * @returns {readonly string[]} one sentence each
 */
export function deadLinks(pages, isThere) {
  const anchors = new Map(pages.map(({ file, headings }) => [file, new Set(headings.map(({ id }) => id))]));
  const isNamed = (/** @type {string} */ path, /** @type {string} */ anchor) =>
    anchor === '' || anchors.get(path)?.has(anchor);
  const why = (/** @type {ReturnType<typeof linked>} */ target) => {
    if (!target) return undefined;
    const { path, anchor } = target;
    if (path.startsWith('..') || !isThere(path)) return 'leads to nothing';
    return isNamed(path, anchor) ? undefined : `${path} has no heading #${anchor}`;
  };
  return pages.flatMap(({ file, hrefs }) =>
    hrefs.flatMap((href) => {
      const fault = why(linked(file, href));
      return fault ? [`${file}: ${href}: ${fault}`] : [];
    }),
  );
}

/**
 * Pages that nobody finds who follows links from a page to the next.
 *
 * @param {readonly Linking[]} pages
 * @param {string} start
 * @returns {readonly string[]} their paths
 */
export function unreachable(pages, start) {
  const reached = new Set([start]);
  // A set hands out what is added while it is walked.
  for (const file of reached)
    for (const href of pages.find((it) => it.file === file)?.hrefs ?? [])
      reached.add(linked(file, href)?.path ?? start);
  return pages.map(({ file }) => file).filter((file) => !reached.has(file));
}
