/**
 * Names for the headings of one page, as GitHub makes them: lower case, without all but letters, digits, marks, `_`, `-`
 * and spaces, spaces as `-`; a second one of the same name gets `-1`.
 * https://github.com/gjtorikian/html-pipeline/blob/v2.14.3/lib/html/pipeline/toc_filter.rb
 *
 * @returns {(text: string) => string}
 */
export function anchors() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  return (text) => {
    const name = text
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{Nd}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  };
}
