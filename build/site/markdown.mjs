import { Marked } from 'marked';
import { allowedHtml } from './allowed-html.mjs';
import { anchors } from './anchors.mjs';
import { escapeHtml, shownText } from './escape.mjs';
import { table } from './table.mjs';

/**
 * What stands in the place of a link or picture: an address, with the name of the page that it leads to; or a path of the
 * repository that the site does not have.
 *
 * @typedef {{ readonly href: string, readonly page?: string | undefined } | { readonly path: string }} Target
 */

/** @typedef {{ readonly depth: number, readonly id: string, readonly text: string }} Heading */

/**
 * @typedef {object} Rendered
 * @property {string} html
 * @property {readonly Heading[]} headings in their order, the title first
 * @property {readonly string[]} hrefs of all links and pictures, as they are written
 */

/**
 * A text in Markdown (GFM) as HTML that closes all it opens.
 *
 * @param {string} text
 * @param {(href: string) => Target} resolve
 * @returns {Rendered}
 * @throws {Error} for HTML that pages may not have
 */
export function renderMarkdown(text, resolve) {
  /** @type {Heading[]} */
  const headings = [];
  /** @type {string[]} */
  const hrefs = [];
  const found = (/** @type {string} */ href) => {
    hrefs.push(href);
    return resolve(href);
  };
  const marked = new Marked({ renderer: renderer(anchors(), headings, found) });
  const html = marked.parse(text, { async: false });
  return { html, headings, hrefs };
}

/**
 * @param {(text: string) => string} nameOf
 * @param {Heading[]} headings
 * @param {(href: string) => Target} found
 * @returns {import('marked').RendererObject}
 */
function renderer(nameOf, headings, found) {
  return {
    heading({ tokens, depth }) {
      const inside = this.parser.parseInline(tokens);
      const text = shownText(inside);
      const id = nameOf(text);
      headings.push({ depth, id, text });
      const here = `<a class="here" href="#${escapeHtml(id)}" tabindex="-1" aria-hidden="true">#</a>`;
      return `<h${depth} id="${escapeHtml(id)}">${inside}${depth > 1 ? ` ${here}` : ''}</h${depth}>\n`;
    },
    link({ href, tokens }) {
      return link(found(href), this.parser.parseInline(tokens));
    },
    image: ({ href, text }) => picture(found(href), text),
    html: ({ text }) =>
      allowedHtml(text, (it) => picture(found(it.get('src') ?? ''), it.get('alt') ?? '', it.get('width'))),
    code: ({ text, lang = '' }) => block(text, lang.split(' ')[0]),
    codespan: ({ text }) => `<code>${escapeHtml(text)}</code>`,
    table(token) {
      return table(token, (tokens) => this.parser.parseInline(tokens));
    },
  };
}

/**
 * @param {Target} target
 * @param {string} inside
 */
function link(target, inside) {
  const words = shownText(inside);
  if ('href' in target) {
    // Who reads the site sees pages under their names, and no files.
    const shown = /^[\w./-]+\.md$/.test(words) && target.page ? escapeHtml(target.page) : inside;
    return `<a href="${escapeHtml(target.href)}">${shown}</a>`;
  }
  const { path } = target;
  const isNamed = words.includes(path.split('/').at(-1) ?? path);
  return isNamed ? inside : `${inside} (<code>${escapeHtml(path)}</code>)`;
}

/**
 * @param {Target} target
 * @param {string} alt
 * @param {string} [width] in pixels
 */
function picture(target, alt, width) {
  if (!('href' in target)) return escapeHtml(alt);
  const wide = width ? ` width="${escapeHtml(width)}"` : '';
  return `<img src="${escapeHtml(target.href)}" alt="${escapeHtml(alt)}"${wide}>`;
}

/**
 * Code, which scrolls inside of itself. What somebody types in a terminal stands out from its answer.
 *
 * @param {string} text
 * @param {string} [language]
 */
function block(text, language) {
  const typed = language === 'console' ? /^\$ .*$/gm : /^(?!)/;
  const inside = escapeHtml(text).replace(typed, (line) => `<b>${line}</b>`);
  return `<pre tabindex="0"><code>${inside}</code></pre>\n`;
}
