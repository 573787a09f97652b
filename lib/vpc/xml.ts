/** An element of an answer of EC2's: its text, and what is in it. */
export interface Element {
  readonly name: string;
  readonly text: string;
  readonly children: readonly Element[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: Element[];
}

const TOKEN = /<(\/?)([A-Za-z][\w.-]*)[^<>]*?(\/?)>|([^<]+)/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads an answer without attributes, comments and CDATA, as EC2's are. What is not closed ends with what is around it. */
export function readXml(text: string): Element {
  const root: Open = { name: '', text: '', children: [] };
  const open: Open[] = [root];
  for (const [, closing, name = '', empty, characters] of text.matchAll(TOKEN)) {
    const inner = open.at(-1) ?? root;
    if (characters !== undefined) inner.text += characters;
    else if (closing) close(open, name);
    else {
      const element = { name, text: '', children: [] };
      inner.children.push(element);
      if (!empty) open.push(element);
    }
  }
  return finished(root);
}

function close(open: Open[], name: string): void {
  if (open.length > 1 && open.at(-1)?.name === name) open.pop();
}

function finished({ name, text, children }: Open | Element): Element {
  return { name, text: unescaped(text.trim()), children: children.map(finished) };
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The first element of a name, at any depth; undefined when there is none. */
export function within(element: Element, name: string): Element | undefined {
  for (const child of element.children) {
    const found = child.name === name ? child : within(child, name);
    if (found) return found;
  }
  return undefined;
}

/** The items of a list of EC2's, `<routeTableSet><item>…`. */
export function itemsOf(element: Element, list: string): readonly Element[] {
  return (within(element, list)?.children ?? []).filter(({ name }) => name === 'item');
}

/** The text of a field of an element; empty when it is not there. */
export function textOf(element: Element, name: string): string {
  return element.children.find((it) => it.name === name)?.text ?? '';
}
