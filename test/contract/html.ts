/** An element of a page, as it is written. */
export interface HtmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const PART = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<]*")?)*)>|[^<]+/gy;
const ATTRIBUTE = /([a-z-]+)(?:="([^"]*)")?/g;
const ALONE: ReadonlySet<string> = new Set(['br', 'hr', 'img', 'input', 'link', 'meta']);

/**
 * Every element of a page that is written strictly: lower case, quoted, each end at its place. Throws an Error that says
 * where it is not so, as when a text became markup. Styles have no `<`, so they are text as any other.
 */
export function elementsOf(html: string): readonly HtmlElement[] {
  const parts = [...html.matchAll(PART)];
  const end = parts.reduce((sum, [whole]) => sum + whole.length, 0);
  if (end !== html.length) throw new Error(`no HTML of ours at ${end}: ${html.slice(end, end + 80)}`);
  const open: string[] = [];
  const elements = parts.flatMap<HtmlElement>(([whole, slash, name, inside = '']) => {
    if (name === undefined) return [];
    if (slash) return ended(open.pop(), whole, name);
    if (!ALONE.has(name)) open.push(name);
    return [{ name, attributes: attributesOf(inside) }];
  });
  if (open.length > 0) throw new Error(`not ended: ${open.join(', ')}`);
  return elements;
}

function ended(opened: string | undefined, whole: string, name: string): never[] {
  if (opened === name) return [];
  throw new Error(`${whole} ends ${opened ?? 'nothing'}`);
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [name, plain(value)]));
}

function plain(value: string): string {
  return value.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: keyof typeof CHARACTERS) => CHARACTERS[name]);
}

const CHARACTERS = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" } as const;
