import { shownText } from './escape.mjs';

/** Up to so many characters a column has names, which are not broken; from so many on prose, which is not squeezed. */
const NAME = 28;
const PROSE = 48;

/** @typedef {import('marked').Tokens.TableCell} Cell */

/**
 * A table, in a frame that scrolls where the page is narrower, with the keyboard too.
 *
 * @param {import('marked').Tokens.Table} token
 * @param {(tokens: Cell['tokens']) => string} inline
 */
export function table({ header, rows }, inline) {
  const columns = header.map((head, at) => {
    const texts = [head, ...rows.map((row) => row[at])].map((it) => shownText(inline(it?.tokens ?? [])));
    const longest = Math.max(...texts.map(({ length }) => length));
    return longest <= NAME ? 'name' : longest > PROSE ? 'prose' : '';
  });
  const line = (/** @type {readonly Cell[]} */ cells, /** @type {'th' | 'td'} */ name) =>
    `<tr>${cells.map((it, at) => cell(name, it, columns[at] ?? '', inline)).join('')}</tr>\n`;
  const isNamed = header.some(({ text }) => text !== '');
  const head = isNamed ? `<thead>\n${line(header, 'th')}</thead>\n` : '';
  const body = rows.map((row) => line(row, 'td')).join('');
  return `<div class="table" tabindex="0"><table>\n${head}<tbody>\n${body}</tbody>\n</table></div>\n`;
}

/**
 * @param {'th' | 'td'} name
 * @param {Cell} cell
 * @param {string} kind of its column
 * @param {(tokens: Cell['tokens']) => string} inline
 */
function cell(name, { tokens, align }, kind, inline) {
  const classes = [align === 'right' ? 'right' : '', kind].filter((it) => it !== '');
  const attribute = classes.length > 0 ? ` class="${classes.join(' ')}"` : '';
  const inside = inline(tokens);
  // A head without a word is no head of anything.
  const tag = name === 'th' && inside === '' ? 'td' : name;
  return `<${tag}${attribute}>${inside}</${tag}>`;
}
