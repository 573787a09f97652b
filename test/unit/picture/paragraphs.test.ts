import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { paragraphsOf, plainLine } from '../../../lib/picture/paragraphs.ts';
import { bold, bullets, context, link, richText, section, text } from '../../../lib/sinks/slack/rich-text.ts';

describe('what a block shows, line by line', () => {
  test('rich text: bold, links, and a line for each line feed', () => {
    const block = richText(
      section(bold('a'), text(' b\nc '), link('https://x.example', 'd'), text('\n\ne')),
      bullets([section(bold('f'), text(' g'))]),
    );
    expect(paragraphsOf(block)).toEqual([
      {
        kind: 'text',
        runs: [
          { text: 'a', style: 'bold' },
          { text: ' b', style: 'plain' },
        ],
      },
      {
        kind: 'text',
        runs: [
          { text: 'c ', style: 'plain' },
          { text: 'd', style: 'link' },
        ],
      },
      { kind: 'text', runs: [{ text: 'e', style: 'plain' }] },
      {
        kind: 'bullet',
        runs: [
          { text: 'f', style: 'bold' },
          { text: ' g', style: 'plain' },
        ],
      },
    ]);
    expect(paragraphsOf(block).map(plainLine)).toEqual(['a b', 'c d', 'e', '• f g']);
  });

  test('small print: a line for each element', () => {
    expect(paragraphsOf(context('a', 'b')).map(({ kind, runs }) => [kind, runs[0]?.text])).toEqual([
      ['small', 'a'],
      ['small', 'b'],
    ]);
  });
});

test.each<[string, KnownBlock]>([
  ['divider', { type: 'divider' }],
  ['section', { type: 'section', text: { type: 'plain_text', text: 'x' } }],
  ['mrkdwn', { type: 'context', elements: [{ type: 'mrkdwn', text: '*x*' }] }],
  ['rich_text_quote', { type: 'rich_text', elements: [{ type: 'rich_text_quote', elements: [] }] }],
  [
    'list of ordered',
    { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'ordered', elements: [] }] },
  ],
  [
    'user',
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'U1' }] }],
    },
  ],
])('%s is in no message of ours: an error, and not a picture without it', (name, block) => {
  expect(() => paragraphsOf(block)).toThrow(
    new RangeError(`there is no picture of ${name}: our messages have none`),
  );
});
