import { escapeHtml } from './escape.mjs';

/** What pages may have beside Markdown: each element with its attributes. */
const ALLOWED = new Map([
  ['img', ['src', 'alt', 'width']],
  ['details', []],
  ['summary', []],
]);
const TAG = /<!--[\s\S]*?-->|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*\/?>/gi;
const ATTRIBUTE = /([a-z-]+)="([^"]*)"/gi;

/**
 * HTML in Markdown, of the few elements that pages here have; comments are left out.
 *
 * @param {string} html
 * @param {(attributes: ReadonlyMap<string, string>) => string} picture makes the HTML of an `img`
 * @returns {string}
 * @throws {Error} for any other element or attribute
 */
export function allowedHtml(html, picture) {
  let made = '';
  let end = 0;
  for (const match of html.matchAll(TAG)) {
    made += escapeHtml(html.slice(end, match.index)) + element(match, picture);
    end = match.index + match[0].length;
  }
  return made + escapeHtml(html.slice(end));
}

/**
 * @param {RegExpExecArray} match
 * @param {(attributes: ReadonlyMap<string, string>) => string} picture
 */
function element([whole, slash, name = '', inside = ''], picture) {
  if (whole.startsWith('<!--')) return '';
  const allowed = ALLOWED.get(name);
  const attributes = new Map([...inside.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [key, value]));
  const refused = [...attributes.keys()].filter((key) => !allowed?.includes(key));
  if (!allowed || refused.length > 0)
    throw new Error(`${whole} is not among the HTML that a page may have (build/site/allowed-html.mjs)`);
  return name === 'img' ? picture(attributes) : `<${slash}${name}>`;
}
