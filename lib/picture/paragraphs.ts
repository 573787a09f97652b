import type { ContextBlockElement, KnownBlock, RichTextBlockElement, RichTextElement } from '@slack/types';

/** A piece of a line in one style. */
export interface Run {
  readonly text: string;
  readonly style: 'plain' | 'bold' | 'link';
}

/** A line of a message, before it is broken to a width. */
export interface Paragraph {
  readonly kind: 'header' | 'text' | 'bullet' | 'small';
  readonly runs: readonly Run[];
}

/**
 * What a block shows, line by line. Throws RangeError for a block or an element that our messages are not made of:
 * a picture that left something out would not be of the message.
 */
export function paragraphsOf(block: KnownBlock): readonly Paragraph[] {
  switch (block.type) {
    case 'header':
      return lines('header', [plain(block.text.text)]);
    case 'rich_text':
      return block.elements.flatMap(richTextParagraphs);
    case 'context':
      return block.elements.flatMap(contextParagraphs);
    default:
      throw unknown(block.type);
  }
}

/** The same as plain text, as a person reads it. */
export function plainLine({ kind, runs }: Paragraph): string {
  return `${kind === 'bullet' ? '• ' : ''}${runs.map(({ text }) => text).join('')}`;
}

function richTextParagraphs(element: RichTextBlockElement): readonly Paragraph[] {
  switch (element.type) {
    case 'rich_text_section':
      return lines('text', element.elements.map(toRun));
    case 'rich_text_list':
      if (element.style !== 'bullet') throw unknown(`list of ${element.style}`);
      return element.elements.flatMap((item) => lines('bullet', item.elements.map(toRun)));
    default:
      throw unknown(element.type);
  }
}

function contextParagraphs(element: ContextBlockElement): readonly Paragraph[] {
  if (element.type !== 'plain_text') throw unknown(element.type);
  return lines('small', [plain(element.text)]);
}

function toRun(element: RichTextElement): Run {
  if (element.type === 'link') return { text: element.text ?? element.url, style: 'link' };
  if (element.type !== 'text') throw unknown(element.type);
  return { text: element.text, style: element.style?.bold ? 'bold' : 'plain' };
}

function plain(text: string): Run {
  return { text, style: 'plain' };
}

/** One paragraph for each line; empty ones are none. */
function lines(kind: Paragraph['kind'], runs: readonly Run[]): readonly Paragraph[] {
  const all: Run[][] = [[]];
  for (const { text, style } of runs) {
    const [first = '', ...others] = text.split('\n');
    all.at(-1)?.push({ text: first, style });
    all.push(...others.map((it) => [{ text: it, style }]));
  }
  return all
    .map((line) => ({ kind, runs: line.filter(({ text }) => text !== '') }))
    .filter((it) => it.runs.length > 0);
}

function unknown(type: string): RangeError {
  return new RangeError(`there is no picture of ${type}: our messages have none`);
}
