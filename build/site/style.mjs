import { createHash } from 'node:crypto';

/**
 * The style of a page: the colours and letters of the console, and what pages of text need. A page has it inside, and
 * allows it by its hash.
 *
 * @param {string} consoleStyle lib/console/page/style.css, which begins with its colours
 * @param {string} siteStyle
 * @returns {import('./page.mjs').Style}
 * @throws {Error} when the console's style does not begin with its colours any more
 */
export function styleOf(consoleStyle, siteStyle) {
  const palette = consoleStyle.slice(0, consoleStyle.indexOf('\n* {'));
  const rules = palette.match(/^[ ]*[^\s{}][^{}]*(?=\{)/gm) ?? [];
  if (rules.length < 2 || rules.some((it) => !/^(:root|@media screen and .*dark.*)$/.test(it.trim())))
    throw new Error('lib/console/page/style.css does not begin with the colours of :root, light and dark');
  const text = `${palette}\n${siteStyle}`.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\n\s*/g, '\n');
  return { text, sha256: createHash('sha256').update(text).digest('base64') };
}
