import { safeText, untrusted } from '../image/untrusted.ts';
import type { Output } from './command.ts';

/** Whoever wrote what is printed, tables, errors or the caller: nothing in it may act on the terminal. */
export function printable(lines: readonly string[]): string {
  return lines.map((line) => safeText(untrusted(line), 10_000)).join('\n');
}

/** One line of ASCII: the same document, and nothing in it that a terminal, or a log of GitHub (`##[`), obeys or hides. */
export function asciiJson(document: Output['document']): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(document).replace(/[^ -~]|#(?=#\[)/g, escaped);
}
