declare const unescaped: unique symbol;

/**
 * A string that somebody else wrote: a package name, a CVE text, a label, a scanner's message.
 * At run time it is a plain string. The type says *symbol* on purpose: assigning it to a string, `+` and
 * `${…}` are compile errors, so the only way out is a function that makes it safe for one destination.
 */
export type Untrusted = symbol & { readonly [unescaped]: true };

/** Marks a string from outside; from here on only a `safe…` function can print it. */
export function untrusted(text: string): Untrusted {
  return text as unknown as Untrusted;
}

/** The raw string, for comparing, sorting and hashing only. Never for anything that a person will see. */
export function raw(text: Untrusted): string {
  return text as unknown as string;
}

/**
 * Control characters (C0, DEL, C1), line breaks, bidirectional controls, and everything that Unicode says need not
 * be drawn (zero width, soft hyphen, fillers, variation selectors, the tag block): they hide, reorder or run text
 * on terminals and in chats.
 * Source: https://www.unicode.org/reports/tr36/ (UTR #36, §3.1) and https://trojansource.codes/
 */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Marks are drawn above and below a letter, and a tower of them over the lines around it. Six are more than languages
 * stack. Source: https://www.unicode.org/reports/tr36/#Combining_Characters
 */
const TOWER = /(\p{M}{6})\p{M}+/gu;

/** Most texts: there is nothing to take out of them. */
const PLAIN = /^[ -~]*$/;

/**
 * The text on one line without anything invisible, cut to `maxCharacters` code points; what was taken out shows
 * as U+FFFD. Good for any destination that prints plain text; destinations with a syntax escape on top of it.
 */
export function safeText(text: Untrusted, maxCharacters = 200): string {
  const visible = visibleText(raw(text));
  if (visible.length <= maxCharacters) return visible;
  const characters = [...visible];
  return characters.length <= maxCharacters ? visible : `${characters.slice(0, maxCharacters - 1).join('')}…`;
}

function visibleText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.toWellFormed().replace(INVISIBLE, '\ufffd').replace(TOWER, '$1\ufffd');
}
