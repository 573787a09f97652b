/** @type {Readonly<Record<string, string>>} */
const NAMED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * A text as it may stand in HTML, between tags and in an attribute.
 *
 * @param {string} text
 */
export function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (it) => NAMED[it] ?? '');
}

/**
 * The characters that a piece of HTML shows, without its tags.
 *
 * @param {string} html
 */
export function shownText(html) {
  const plain = html.replace(/<[^>]*>/g, '');
  return Object.entries(NAMED).reduceRight((text, [it, name]) => text.replaceAll(name, it), plain);
}
