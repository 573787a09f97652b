import { expect, test } from 'vitest';
import { toReply } from '../../../lib/slack-door/reply.ts';

/** The texts of a reply, from the top. */
function texts(reply: ReturnType<typeof toReply>): readonly string[] {
  const found: string[] = [];
  JSON.stringify(reply.blocks, (_, value) => {
    if (typeof value?.text === 'string') found.push(value.text);
    return value;
  });
  return found;
}

test('the lines as they are, for who asked', () => {
  const reply = toReply({ lines: ['demo-api:latest', '  commit  *abc* <!channel> :rocket:'] });
  expect(reply).toEqual({
    response_type: 'ephemeral',
    text: 'scan-response has answered.',
    blocks: [
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_preformatted',
            elements: [{ type: 'text', text: 'demo-api:latest\n  commit  *abc* <!channel> :rocket:' }],
          },
        ],
      },
    ],
  });
});

test('for the channel, with small print', () => {
  const reply = toReply({ lines: ['a'], isShared: true, smallPrint: ['Times are in UTC.'] });
  expect(reply.response_type).toBe('in_channel');
  expect(reply.blocks[1]).toMatchObject({ type: 'context', elements: [{ text: 'Times are in UTC.' }] });
});

test('what is too long is cut after whole lines, and says how many and where', () => {
  const lines = Array.from({ length: 500 }, (_, index) => `${index} ${'x'.repeat(90)}`);
  const reply = toReply({ lines, typed: 'scan-response history demo-api:latest --limit 500' });
  const [one = '', two = '', three = '', more = ''] = texts(reply);
  const shown = [one, two, three].join('\n').split('\n');
  expect(shown).toEqual(lines.slice(0, shown.length));
  expect(more).toBe(`… ${500 - shown.length} more lines: scan-response history demo-api:latest --limit 500`);
  expect(Math.max(one.length, two.length, three.length)).toBeLessThanOrEqual(3_000);
  expect(reply.blocks).toHaveLength(4);
});

test('one long line, and no line at all', () => {
  expect(texts(toReply({ lines: ['🚀'.repeat(5_000)] }))[0]).toHaveLength(1_999);
  expect(texts(toReply({ lines: [] }))).toEqual([' ']);
  expect(texts(toReply({ lines: ['', ''] }))[0]).not.toBe('');
});
