import { BadReference } from '../errors.ts';
import { type Instant, parseInstant } from '../instant.ts';

/** Where a page of a history ended: the moment of its last entry, and the entries of that moment that were shown. */
export interface Cursor {
  readonly at: Instant;
  /** As `keyOf` calls them. */
  readonly shown: readonly string[];
}

export interface Entry {
  readonly op: string;
  readonly at: Instant;
  readonly digest?: string;
}

const FORM = /^[A-Za-z0-9_-]{1,4000}$/;

/** Entries of one moment are told apart by this; what is known of an entry may grow, and this does not. */
function keyOf({ op, digest = '' }: Entry): string {
  return `${op.charAt(0)}${digest.slice('sha256:'.length, 'sha256:'.length + 16)}`;
}

/** For a page that came after `before`. Undefined for a page without an entry. */
export function cursorAfter(entries: readonly Entry[], before: Cursor | undefined): Cursor | undefined {
  const at = entries.at(-1)?.at;
  if (at === undefined) return undefined;
  const shown = entries.filter((it) => it.at === at).map(keyOf);
  return { at, shown: before?.at === at ? [...before.shown, ...shown] : shown };
}

/** Without the entries that were shown: as many of each as there were. */
export function withoutShown(entries: readonly Entry[], { at, shown }: Cursor): readonly Entry[] {
  const left = [...shown];
  return entries.filter((entry) => {
    const index = entry.at === at ? left.indexOf(keyOf(entry)) : -1;
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

export function encodeCursor({ at, shown }: Cursor): string {
  return Buffer.from([at, ...shown].join(' ')).toString('base64url');
}

/** Throws BadReference for what `encodeCursor` did not make. */
export function decodeCursor(text: string): Cursor {
  const [at = '', ...shown] = FORM.test(text) ? Buffer.from(text, 'base64url').toString().split(' ') : [];
  const isOurs = shown.length > 0 && shown.every((it) => /^[a-z][0-9a-f]{0,16}$/.test(it));
  const instant = isOurs ? instantOf(at) : undefined;
  if (!instant) throw new BadReference('"cursor" is what Link gave, unchanged');
  return { at: instant, shown };
}

function instantOf(text: string): Instant | undefined {
  try {
    return parseInstant(text);
  } catch {
    return undefined;
  }
}
