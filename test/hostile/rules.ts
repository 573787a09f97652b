import { TAINT } from './scene.ts';

/**
 * What may be in no text that leaves: it acts, hides or reorders. Written down from the documents, not taken from
 * the code that takes it out. https://www.unicode.org/reports/tr36/ and https://trojansource.codes/
 */
const UNSEEN = new RegExp(
  `[${[
    '\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f', // control characters, but for a line feed
    '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069', // direction
    '\\u00ad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200d\\u2060-\\u2065', // not drawn
    '\\u206a-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb',
    '\\u2028\\u2029', // ends of lines
    '\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}',
  ].join('')}]`,
  'u',
);

/** Marks that are drawn over what stands above and below: no language needs so many on one letter. */
const STACKED = /\p{M}{7}/u;

/** Everything that is wrong with a text for whoever reads it. `lines`: it may have line feeds, of our own. */
export function textComplaints(text: string, { lines = false } = {}): string[] {
  if (/^[ -~]*$/.test(text)) return [];
  const found: string[] = [];
  if (UNSEEN.test(text)) found.push('a character that acts or hides');
  if (STACKED.test(text)) found.push('marks drawn over other lines');
  if (!text.isWellFormed()) found.push('half of a character');
  if (!lines && text.includes('\n')) found.push('a line break');
  return found;
}

/** Somebody else's text where only ours may stand. */
export function taintComplaints(place: string, text: string): string[] {
  return text.includes(TAINT) ? [`text of others in ${place}`] : [];
}

/** Behind every @ of others in Markdown: it keeps a handle from being one. */
export const WORD_JOINER = '\u2060';

/** Hosts that our own links lead to. */
const OUR_HOSTS =
  /^(?:[a-z0-9-]+\.console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)|app\.(?:[a-z0-9]+\.)?(?:datadoghq\.com|datadoghq\.eu|ddog-gov\.com)|github\.com|gitlab\.com|bitbucket\.org)$/;

/** A link leads to one of our places, and nobody else wrote a part of it. */
export function linkComplaints(url: string): string[] {
  const isOurs = URL.canParse(url) && new URL(url).protocol === 'https:' && OUR_HOSTS.test(new URL(url).host);
  return [...(isOurs ? [] : ['a link to a place that is not ours']), ...taintComplaints('a link', url)];
}

/**
 * What Markdown would make of a text: outside of code spans nobody else's text, no picture, no HTML, no mention,
 * and no link but ours. `mark` is what stands behind an @ that notifies nobody.
 */
export function markdownComplaints(markdown: string, { mark = '' } = {}): string[] {
  const outside = withoutCode(markdown);
  const links = [...outside.matchAll(/(!?)\[([^\]]*)\]\(([^)]*)\)/g)];
  const rest = links.reduce((text, [whole]) => text.replace(whole, ''), outside);
  const at = markdown.replaceAll(`@${mark}`, mark ? '' : '@');
  return [
    ...links.flatMap(([, picture, words = '', url = '']) => [
      ...(picture ? ['a picture'] : []),
      ...taintComplaints('the words of a link', words),
      ...linkComplaints(url),
    ]),
    ...taintComplaints('Markdown outside of code', rest),
    ...(/[<>[\]`\\]|:\/\//.test(rest) ? ['markup outside of code'] : []),
    ...(/@/.test(at) ? ['a mention'] : []),
  ];
}

/** Markdown without its code spans: a run of backticks up to the next run of the same length, on one line. */
function withoutCode(markdown: string): string {
  return markdown.replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
}

/** Every string in a value, however deep, field names not among them. */
export function strings(value: unknown, found: string[] = []): string[] {
  if (typeof value === 'string') found.push(value);
  else if (typeof value === 'object' && value !== null)
    for (const each of Object.values(value)) strings(each, found);
  return found;
}
