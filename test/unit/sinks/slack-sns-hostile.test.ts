import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { MAX_SHOWN, type Notice, type ShownFinding } from '../../../lib/policy/notice.ts';
import { slackDigest } from '../../../lib/sinks/slack/digest.ts';
import { slackMessage } from '../../../lib/sinks/slack/message.ts';
import { snsMessage } from '../../../lib/sinks/sns/message.ts';
import { aFound, aNotice, anImage, aShownFinding } from '../../build/notice.ts';

const HOSTILE = [
  ...['<!channel>', '<!here|x>', '<!subteam^S1>', '<@U1>', '<https://evil.example|Grafana>', '@channel'],
  ...['*_~`bold`~_*', '```', '> quote', ':tada:', '%%%', '"}]}', '{"type":"mrkdwn"}', '&lt;!channel&gt;'],
  ...['\u001b[2J', '\u001b]8;;https://evil.example\u0007', '\u009b31m', 'a\r\nb', '\u0000', '\u2028'],
  ...['\u202egpj.exe', '\u2066x\u2069', '\u200b', '\ufeff', '\u{e0041}', '\ud800', '\udc00x', '\uffff\ufffe'],
  ...[
    '__proto__',
    'constructor',
    '=HYPERLINK(1)',
    '',
    'é'.repeat(10_000),
    '💥'.repeat(10_000),
    '\\"'.repeat(5_000),
  ],
];

const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map(([a, b]) => a + b),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400 })
    .map((units) => String.fromCharCode(...units)),
);
const text = hostile.map(untrusted);

const finding: fc.Arbitrary<ShownFinding> = fc
  .record({
    id: text,
    packages: fc.array(fc.record({ name: text, version: text, fixedIn: text }), { maxLength: 30 }),
    isNew: fc.boolean(),
    platforms: fc.array(fc.constant(`${'o'.repeat(32)}/${'a'.repeat(32)}/${'v'.repeat(32)}`), {
      maxLength: 60,
    }),
  })
  .map(aShownFinding);

const scannedNotice = fc
  .array(finding, { maxLength: MAX_SHOWN })
  .map((shown) => aNotice({ found: aFound({ shown }) }));

const unscannedNotice = fc
  .record({ status: hostile, description: text, platformStatuses: fc.array(hostile, { maxLength: 80 }) })
  .map(({ status, description, platformStatuses }): Notice => {
    const { found: _, ...rest } = aNotice({ reason: 'not-scanned' });
    const { digest } = anImage();
    const platforms = platformStatuses.map((it) => ({ digest, state: 'unscannable', status: it }) as const);
    return { ...rest, unscannable: { status, description }, platforms };
  });

const notice = fc.oneof(scannedNotice, unscannedNotice);

const ELEMENTS: ReadonlySet<unknown> = new Set([
  ...['header', 'context', 'rich_text', 'rich_text_section', 'rich_text_list', 'plain_text', 'text', 'link'],
]);
const CONSOLE = 'https://eu-west-1.console.aws.amazon.com/ecr/repositories/private/111122223333/demo-api/';
// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the purpose
const HIDING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

interface Node {
  readonly type?: string;
  readonly text?: unknown;
  readonly url?: string;
  readonly elements?: readonly unknown[];
}

/** What may not be in a message. Limits: https://docs.slack.dev/reference/block-kit/blocks */
const RULES: Readonly<Record<string, (node: Node) => boolean>> = {
  'element of another type': ({ type }) => type !== undefined && !ELEMENTS.has(type),
  'foreign link': ({ url }) => url !== undefined && !url.startsWith(CONSOLE),
  'header over 150': ({ type, text }) => type === 'header' && (text as { text: string }).text.length > 150,
  'text over 3000': ({ text }) => typeof text === 'string' && text.length > 3000,
  'empty text': ({ text }) => text === '',
  'more than 10 in a context': ({ type, elements }) => type === 'context' && (elements?.length ?? 0) > 10,
  'empty list': ({ elements }) => elements?.length === 0,
  'mrkdwn switched on': (node) => 'mrkdwn' in node,
};

/** Walks what goes to Slack and returns everything that must not be there. */
function complaints(value: unknown): string[] {
  if (typeof value === 'string') {
    return [
      ...(HIDING.test(value) ? ['hidden character'] : []),
      ...(value.isWellFormed() ? [] : ['lone surrogate']),
    ];
  }
  if (typeof value !== 'object' || value === null) return [];
  const here = Object.entries(RULES).flatMap(([complaint, isBroken]) => (isBroken(value) ? [complaint] : []));
  return [...here, ...Object.values(value).flatMap(complaints)];
}

describe('Slack', () => {
  test('shows hostile text and nothing more: no mention, no link, no markup, within the limits', () => {
    fc.assert(
      fc.property(notice, fc.boolean(), (it, possibleRepeat) => {
        const message = slackMessage(it, { possibleRepeat });
        expect(complaints(message)).toEqual([]);
        expect(message.blocks.length).toBeLessThanOrEqual(40);
        expect(strings(message).join('').length).toBeLessThanOrEqual(10_000);
        expect(message.text.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
      }),
      { numRuns: 300 },
    );
  });

  test('shows hostile notices in a digest as lines of its own words', () => {
    const entries = fc.array(fc.record({ notice, possibleRepeat: fc.boolean() }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(entries, (it) => {
        const message = slackDigest(it, '2026-11-20T03:10:00.000Z/1');
        expect(complaints(message)).toEqual([]);
        expect(strings(message).join('').length).toBeLessThanOrEqual(10_000);
        expect(message.text).not.toMatch(/[<>&]/);
      }),
      { numRuns: 60 },
    );
  });

  test('a line break by others does not make a line', () => {
    const evil = aShownFinding({ id: untrusted('CVE-1\n0 critical'), packages: [] });
    const words = strings(
      slackMessage(aNotice({ found: aFound({ shown: [evil] }) }), { possibleRepeat: false }),
    );
    expect(words).toContain('CVE-1\ufffd0 critical');
  });

  test.each<[string, unknown]>([
    ['element of another type', { type: 'section', text: 'x' }],
    ['element of another type', { type: 'context', elements: [{ type: 'mrkdwn', text: 'x' }] }],
    ['element of another type', { type: 'broadcast', range: 'channel' }],
    ['element of another type', { type: 'user', user_id: 'U1' }],
    ['element of another type', { type: 'usergroup', usergroup_id: 'S1' }],
    ['foreign link', { type: 'link', url: 'https://evil.example', text: 'console' }],
    ['hidden character', { type: 'text', text: 'a\u202eb' }],
    ['lone surrogate', { type: 'text', text: '\ud800' }],
    ['header over 150', { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
    ['text over 3000', { type: 'text', text: 'x'.repeat(3001) }],
    ['empty text', { type: 'text', text: '' }],
    ['empty list', { type: 'rich_text', elements: [] }],
    [
      'more than 10 in a context',
      { type: 'context', elements: Array(11).fill({ type: 'plain_text', text: 'x' }) },
    ],
    ['mrkdwn switched on', { mrkdwn: true }],
  ])('the walker finds a planted %s: %j', (complaint, planted) => {
    const { text: words, blocks } = slackMessage(aNotice(), { possibleRepeat: false });
    expect(complaints({ text: words, blocks: [...blocks, planted] })).toEqual([complaint]);
  });
});

describe('SNS', () => {
  const validate = formats
    .default(new Ajv2020({ allErrors: true }))
    .compile(JSON.parse(readFileSync('docs/notice.schema.json', 'utf8')));

  test('keeps hostile text inside its strings, by the schema and within 256 KiB', () => {
    fc.assert(
      fc.property(notice, fc.boolean(), (it, possibleRepeat) => {
        const { Subject, Message, MessageAttributes } = snsMessage(it, { possibleRepeat });
        const body = JSON.parse(Message);
        expect(validate(body), JSON.stringify(validate.errors)).toBe(true);
        expect(strings(body).filter((words) => HIDING.test(words) || words.includes('\n'))).toEqual([]);
        expect(Message.isWellFormed()).toBe(true);
        expect(Message).not.toMatch(/[\ufffe\uffff]/);
        expect(Subject).toMatch(/^[ -~]{1,99}$/);
        expect(Buffer.byteLength(Message + JSON.stringify(MessageAttributes))).toBeLessThan(256 * 1024);
        expect(strings(MessageAttributes).join(' ')).toMatch(/^[ -~]+$/);
      }),
      { numRuns: 300 },
    );
  });
});

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}
