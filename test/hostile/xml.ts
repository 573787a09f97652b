/** One element of a document: its name, what it is called by, and the text in it and in all below it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

const TOKEN = /<(\/?)([A-Za-z]+)((?:\s+[A-Za-z:-]+="[^"<&]*")*)\s*(\/?)>|([^<>]+)/y;
const ENTITY = /&(?:amp|lt|gt|quot|apos);/g;
/** https://www.w3.org/TR/xml/#charsets */
const NO_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Reads a document that uses the plainest of XML: elements, attributes without entities, text with the five. Throws for
 * anything else, and so for whatever somebody would have to break out with: comments, CDATA, doctypes, processing
 * instructions, an element that is not closed.
 */
export function parseXml(document: string): readonly Element[] {
  if (NO_CHARACTER.test(document)) throw new Error('a character that XML has not');
  const all: Element[] = [];
  const open: Element[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < document.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(document);
    if (!token) throw new Error(`no XML at ${JSON.stringify(document.slice(at, at + 40))}`);
    readToken(token, all, open);
  }
  if (open.length > 0) throw new Error(`${open.at(-1)?.name} is not closed`);
  return all;
}

function readToken(token: RegExpExecArray, all: Element[], open: Element[]): void {
  const [, isEnd, name = '', attributes = '', isEmpty, text] = token;
  if (text !== undefined) take(text, open);
  else if (isEnd) close(name, open);
  else {
    const element = { name, attributes: attributesIn(attributes), text: '' };
    all.push(element);
    if (!isEmpty) open.push(element);
  }
}

function take(text: string, open: readonly Element[]): void {
  if (text.replace(ENTITY, '').includes('&')) throw new Error('an entity that XML has not');
  if (open.length === 0 && text.trim() !== '') throw new Error('text outside of all');
  const said = text.replace(ENTITY, (it) => ENTITIES[it] ?? it);
  for (const element of open) element.text += said;
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&amp;': '&', '&lt;': '<', '&gt;': '>' },
  ...{ '&quot;': '"', '&apos;': "'" },
};

function close(name: string, open: Element[]): void {
  const last = open.pop();
  if (last?.name !== name) throw new Error(`${name} ends where ${last?.name ?? 'nothing'} is open`);
}

function attributesIn(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([A-Za-z:-]+)="([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]));
}
