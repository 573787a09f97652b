import { safeText, type Untrusted } from '../../image/untrusted.ts';

/**
 * Shown in place of each character that Slack's mrkdwn or Markdown, as Teams reads it, takes for markup: emphasis, code,
 * links, mentions, headings, quotes, tables, entities. Neither has an escape that the other knows, so none may be there.
 */
const LOOKALIKES: Readonly<Record<string, string>> = {
  ...{ '<': '‹', '>': '›', '[': '［', ']': '］', '`': 'ˋ', '*': '∗', '~': '∼', '|': '¦' },
  ...{ '@': '＠', '#': '＃', '&': '＆', '\\': '＼' },
};

/**
 * A colon is kept at the end of a word that has no other, as in `platforms scanned: `: else it could be an emoji's
 * (`:tada:`) or an address's (`https://`, `mailto:`).
 */
const COLON = /:(?=\S)|(?<=:\S*):/gu;

/** Between a letter of a name and the next, as in `www.example.com`: clients make links of bare hosts. */
const DOT = /[.。．｡](?=[^\s\p{N}])/gu;

/** In the middle of a word of ASCII an underscore formats nothing, and names are full of them. */
const UNDERSCORE = /(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

/**
 * The text on one line of `maxCharacters` code points at most, as people read it, of which no chat application makes
 * anything. Who needs the exact text finds it in the other topic's JSON. It must not stand at the beginning of a line.
 * Sources: https://docs.slack.dev/messaging/formatting-message-text and https://spec.commonmark.org/0.31.2/
 */
export function inert(text: Untrusted, maxCharacters: number): string {
  return safeText(text, maxCharacters)
    .replace(/[<>[\]`*~|@#&\\]/g, (it) => LOOKALIKES[it] ?? '')
    .replace(COLON, '∶')
    .replace(DOT, '․')
    .replace(UNDERSCORE, '＿');
}
