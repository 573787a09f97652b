import { safeText, untrusted } from '../../image/untrusted.ts';

/** Text, an element, several of them, or nothing. Text of others may be given as it is: it is made safe here. */
export type Content = Node | string | number | undefined | false | readonly Content[];

interface Attributes {
  readonly class?: string;
  /** Runs on a click, and on what the keyboard has for one. */
  readonly onclick?: (event: MouseEvent) => void;
  /** Any other attribute; absent, or false, for none. */
  readonly [name: string]: unknown;
}

const SVG = 'http://www.w3.org/2000/svg';
const LONGEST = 4000;

/** An element of HTML. Everything becomes text or an attribute; nothing is ever parsed. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(name), attributes, content);
}

/** The same of SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...content: readonly Content[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS(SVG, name), attributes, content);
}

function filled<E extends Element>(element: E, attributes: Attributes, content: readonly Content[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick') element.addEventListener('click', value as EventListener);
    else if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : plain(String(value)));
  }
  element.append(...nodes(content));
  return element;
}

function nodes(content: Content): readonly (Node | string)[] {
  if (content === undefined || content === false) return [];
  if (content instanceof Node) return [content];
  if (typeof content === 'object') return content.flatMap(nodes);
  return [plain(String(content))];
}

/** On one line, and with nothing in it that hides or reorders. */
function plain(text: string): string {
  return safeText(untrusted(text), LONGEST);
}

/**
 * Another content in the place of all that an element has. What has the focus in it keeps it: by itself where it is in the
 * new content too, or else its twin; where there is none, the element, when it can have the focus. Answers arrive while
 * somebody goes through the page, and without a place the keyboard begins anew.
 */
export function fill(element: Element, ...content: readonly Content[]): void {
  const { activeElement: focused } = document;
  const isInside = focused !== element && element.contains(focused);
  element.replaceChildren(...nodes(content));
  if (isInside && focused) placeOf(focused, element)?.focus({ preventScroll: true });
}

function placeOf(focused: Element, element: Element): HTMLElement | undefined {
  const among = [...element.querySelectorAll<HTMLElement>(focused.localName)];
  const same = among.find((it) => it === focused) ?? among.find((it) => it.isEqualNode(focused));
  return same ?? (element.hasAttribute('tabindex') ? (element as HTMLElement) : undefined);
}
