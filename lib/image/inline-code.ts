import { safeText, type Untrusted } from './untrusted.ts';

/**
 * Somebody else's text as inline code of Markdown, GitHub's or that of Datadog's events, on one line and cut to
 * `maxCharacters`. It cannot leave its fence, which is longer than any run of backticks in it; a word joiner behind every
 * `@` keeps it from notifying anybody, and three percent signs, which end the markdown of an event, become two.
 * Sources: https://docs.datadoghq.com/api/latest/events/#post-an-event (`text`) and
 * https://docs.datadoghq.com/monitors/notify/#notifications (`@`)
 */
export function code(text: Untrusted, maxCharacters = 80): string {
  const inert = safeText(text, maxCharacters).replace(/@/g, '@\u2060').replace(/%{3,}/g, '%%');
  const longest = Math.max(0, ...(inert.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^`|`$/.test(inert) ? ' ' : '';
  return `${fence}${space}${inert || '?'}${space}${fence}`;
}
