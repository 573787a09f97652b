import { createHash } from 'node:crypto';

/** The console's style has it once: what is above is of both, what follows is the console's alone. */
const SHARED_END = '/* The pages of the docs have what is above this line as well: build/site/style.mjs. */';

/** Colours, light and dark; boxes, links, the focus, and the way past the head of a page. */
const SHARED = /^(:root|@media screen and .*dark.*|\*|a|:focus-visible|main:focus|\.skip|\.skip:focus)$/;

/**
 * The style of a page: what the console has as well, and what pages of text need. A page has it inside, and allows it by
 * its hash.
 *
 * @param {string} consoleStyle lib/console/page/style.css, which begins with what both have
 * @param {string} siteStyle
 * @returns {import('./page.mjs').Style}
 * @throws {Error} when the console's style does not begin with that any more
 */
export function styleOf(consoleStyle, siteStyle) {
  const [shared = '', ...rest] = consoleStyle.split(SHARED_END);
  const rules = (shared.match(/^[ ]*[^\s{}][^{}]*(?=\{)/gm) ?? []).map((it) => it.trim());
  const isBoth = rules[0] === ':root' && rules.some((it) => it.startsWith('@media'));
  if (rest.length !== 1 || !isBoth || rules.some((it) => !SHARED.test(it)))
    throw new Error(
      'lib/console/page/style.css does not begin with the colours and rules that the docs share',
    );
  const text = `${shared}\n${siteStyle}`.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\n\s*/g, '\n');
  return { text, sha256: createHash('sha256').update(text).digest('base64') };
}
