import type {
  ContextBlock,
  RichTextBlock,
  RichTextLink,
  RichTextList,
  RichTextSection,
  RichTextText,
  RichTextUserMention,
} from '@slack/types';

/**
 * The few elements that our messages are made of. None of them is parsed by Slack: a text element shows its
 * characters, whatever they are; mentions and links are elements of other types.
 * Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
export function text(words: string): RichTextText {
  return { type: 'text', text: words };
}

export function bold(words: string): RichTextText {
  return { type: 'text', text: words, style: { bold: true } };
}

export function link(url: string, words: string): RichTextLink {
  return { type: 'link', url, text: words };
}

/** A person by their id, which Slack shows as their name. In a message that is changed it notifies nobody. */
export function person(userId: string): RichTextUserMention {
  return { type: 'user', user_id: userId };
}

/** One paragraph. Slack refuses a message with an empty text in it, so empty ones are left out. */
export function section(
  ...elements: readonly (RichTextText | RichTextLink | RichTextUserMention)[]
): RichTextSection {
  const isSaid = (element: (typeof elements)[number]) => element.type === 'user' || element.text !== '';
  return { type: 'rich_text_section', elements: elements.filter(isSaid) };
}

export function bullets(items: readonly RichTextSection[]): RichTextList {
  return { type: 'rich_text_list', style: 'bullet', elements: [...items] };
}

export function richText(...elements: readonly (RichTextSection | RichTextList)[]): RichTextBlock {
  return { type: 'rich_text', elements: [...elements] };
}

/** A text with a fixed pitch and its own line breaks, at most 3,000 characters of it. */
export function preformatted(words: string): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [text(words)] }] };
}

/** Small print, one line per element; at most ten. `emoji: false`: a name with colons stays a name. */
export function context(...lines: readonly string[]): ContextBlock {
  return {
    type: 'context',
    elements: lines.map((line) => ({ type: 'plain_text', text: line, emoji: false })),
  };
}
