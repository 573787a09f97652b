import { addressOf, relative } from './address.mjs';
import { escapeHtml } from './escape.mjs';
import { navigation } from './navigation.mjs';

/**
 * @typedef {object} Page
 * @property {string} file its path in the repository
 * @property {string} title
 * @property {string} html
 * @property {readonly import('./markdown.mjs').Heading[]} headings
 */

/** @typedef {{ readonly text: string, readonly sha256: string }} Style */

/** From so many headings on a page lists them. */
const LISTED = 3;

/**
 * A whole document: the page between the navigation of all pages and the list of its headings. It runs nothing, asks
 * nobody and needs no other file but its pictures.
 *
 * @param {Page} page
 * @param {readonly string[]} files all pages, by their paths in the repository
 * @param {Style} style
 */
export function document({ file, title, html, headings }, files, style) {
  const entries = navigation(files);
  const at = entries.findIndex((it) => it.file === file);
  const to = (/** @type {string} */ other) => escapeHtml(relative(addressOf(file), addressOf(other)));
  const sections = headings.filter(({ depth }) => depth === 2 || depth === 3);
  const isLong = sections.length >= LISTED;
  const language = languageOf(file);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(style)}">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)} · scan-response</title>
<link rel="icon" href="${to('icon.svg')}">
<style>${style.text}</style>
</head>
<body>
<a class="skip" href="#main"${spoken(language)}>To the text</a>
<header${spoken(language)}>
<a class="home" href="${to('docs/README.md')}"><img src="${to('icon.svg')}" alt="" width="20" height="20">scan-response</a>
<button popovertarget="pages">Pages</button>
${isLong ? '<button popovertarget="sections">This page</button>' : ''}
</header>
<div class="sheet">
<nav id="pages" popover aria-label="Pages"${spoken(language)}>
${groups(entries, file, to)}</nav>
<main id="main" tabindex="-1">
<p class="group"${spoken(language)}>${escapeHtml(entries[at]?.group ?? '')}</p>
${html}</main>
${isLong ? contents(sections) : ''}
<footer${spoken(language)}>
${neighbours(entries[at - 1], entries[at + 1], to)}
<p>This page is <code>${escapeHtml(file)}</code> of the repository.</p>
</footer>
</div>
</body>
</html>
`;
}

/** @param {string} file */
function languageOf(file) {
  return /\.([a-z]{2})\.md$/.exec(file)?.[1] ?? 'en';
}

/**
 * What is around a page is in English.
 *
 * @param {string} language of the page
 */
function spoken(language) {
  return language === 'en' ? '' : ' lang="en"';
}

/**
 * Nothing is loaded but pictures from beside the page; `file:` since a browser that reads from a disk has no 'self'.
 *
 * @param {Style} style
 */
function policy({ sha256 }) {
  const base = "default-src 'none'; base-uri 'none'; form-action 'none'";
  return `${base}; img-src 'self' file:; style-src 'sha256-${sha256}'`;
}

/**
 * @param {readonly import('./navigation.mjs').Entry[]} entries
 * @param {string} current
 * @param {(file: string) => string} to
 */
function groups(entries, current, to) {
  const names = [...new Set(entries.map(({ group }) => group))];
  return names
    .map((name) => {
      const links = entries
        .filter(({ group }) => group === name)
        .map(({ file, label }) => {
          const here = file === current ? ' aria-current="page"' : '';
          const language = languageOf(file);
          const other = language === 'en' ? '' : ` lang="${language}" hreflang="${language}"`;
          return `<li><a href="${to(file)}"${here}${other}>${escapeHtml(label)}</a></li>\n`;
        });
      return `<p>${escapeHtml(name)}</p>\n<ul aria-label="${escapeHtml(name)}">\n${links.join('')}</ul>\n`;
    })
    .join('');
}

/** @param {readonly import('./markdown.mjs').Heading[]} sections */
function contents(sections) {
  const links = sections.map(
    ({ depth, id, text }) =>
      `<li class="depth-${depth}"><a href="#${escapeHtml(id)}">${escapeHtml(text)}</a></li>\n`,
  );
  return `<nav id="sections" popover aria-label="On this page">
<p>On this page</p>
<ul>
${links.join('')}</ul>
</nav>`;
}

/**
 * @param {import('./navigation.mjs').Entry | undefined} before
 * @param {import('./navigation.mjs').Entry | undefined} after
 * @param {(file: string) => string} to
 */
function neighbours(before, after, to) {
  const link = (/** @type {typeof before} */ it, /** @type {string} */ word) =>
    it ? `<a href="${to(it.file)}"><small>${word}</small>${escapeHtml(it.label)}</a>\n` : '';
  return `<p class="neighbours">\n${link(before, 'before')}${link(after, 'next')}</p>`;
}
