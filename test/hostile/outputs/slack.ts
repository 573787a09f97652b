import { commitLines, place, row } from '../../../lib/cli/words.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { slackDigest } from '../../../lib/sinks/slack/digest.ts';
import { type SlackMessage, slackMessage } from '../../../lib/sinks/slack/message.ts';
import { ignoreView } from '../../../lib/slack-door/ignore-view.ts';
import { toReply } from '../../../lib/slack-door/reply.ts';
import { aRepository } from '../../build/lineage.ts';
import { linkComplaints, taintComplaints, textComplaints } from '../rules.ts';
import { output } from './output.ts';

interface Node {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly url?: unknown;
  readonly elements?: readonly unknown[];
  readonly options?: readonly { readonly text?: unknown }[];
}

/** What shows its characters as they are, and what only holds others. Mentions, dates and pictures are other types. */
const INERT: ReadonlySet<unknown> = new Set([
  ...['header', 'context', 'divider', 'rich_text', 'rich_text_section', 'rich_text_list', 'rich_text_quote'],
  ...['rich_text_preformatted', 'plain_text', 'text', 'link'],
  ...['actions', 'button', 'modal', 'input', 'static_select', 'plain_text_input', 'datepicker'],
]);

/** Limits: https://docs.slack.dev/reference/block-kit/blocks */
const RULES: readonly (readonly [complaint: string, isBroken: (node: Node) => boolean])[] = [
  ['mrkdwn', (node) => node.type === 'mrkdwn' || 'mrkdwn' in node],
  ['an element that acts', ({ type }) => type !== undefined && !INERT.has(type)],
  ['a header over 150', ({ type, text }) => type === 'header' && textOf(text).length > 150],
  ['a text over 3000', ({ text }) => typeof text === 'string' && text.length > 3000],
  ['an empty text', ({ text }) => text === ''],
  ['over 10 in a context', ({ type, elements = [] }) => type === 'context' && elements.length > 10],
  ['an option over 75', ({ options = [] }) => options.some((it) => textOf(it.text).length > 75)],
  ['over 100 options', ({ options = [] }) => options.length > 100],
  ['an empty list', ({ elements }) => elements?.length === 0],
];

export const slackMessageOutput = output(
  'Slack message',
  ({ notice, possibleRepeat }) => slackMessage(notice, { possibleRepeat }),
  messageComplaints,
);

export const slackDigestOutput = output(
  'Slack digest',
  ({ notice, possibleRepeat }) =>
    slackDigest(
      [
        { notice, possibleRepeat },
        { notice: { ...notice, key: 'another' }, possibleRepeat: false },
      ],
      '2026-11-20T03:10:00.000Z/1',
    ),
  messageComplaints,
);

export const slackButtonsOutput = output(
  'Slack message with buttons',
  ({ notice, possibleRepeat }) => slackMessage(notice, { possibleRepeat, buttons: 'acknowledge-and-ignore' }),
  messageComplaints,
);

/** The form that asks which finding of an image to ignore: what Slack has to take besides is local/slack-views.ts. */
export const slackFormOutput = output(
  'Slack form',
  ({ notice: { subject, key, references, found } }) => {
    const told = { image: subject.image, key, references: references.slice(0, 10) };
    const findings = (found?.shown ?? []).map((it, nth) => ({
      ...it,
      id: untrusted(`CVE-2026-${1000 + nth}`),
    }));
    return ignoreView({ told, channel: 'C0LOCAL001', ts: '1.1' }, findings, '2026-11-20') ?? {};
  },
  (view) => {
    const found: string[] = [];
    walk(view, found);
    return found;
  },
);

/** What a slash command is answered with, of tables into which somebody wrote by hand, as often as it takes to be cut. */
export const slackAnswerOutput = output(
  'Slack answer',
  ({ notice: { subject, references }, words: [word = '', other = ''] }) => {
    const lines = [
      row('tags', word),
      ...commitLines(subject.provenance),
      row('where', place(aRepository({ name: other }))),
    ];
    const times = 1 + references.length * 10;
    const typed = `scan-response who ${word}`;
    const many = Array.from({ length: times }, () => lines).flat();
    return toReply({ lines: many, smallPrint: ['Times are in UTC.'], isShared: times > 1, typed });
  },
  ({ text, blocks }) => messageComplaints({ text, blocks: [...blocks] }),
);

/** `text` is parsed as mrkdwn for notifications: only our own words, with its three characters escaped. */
function messageComplaints({ text, blocks }: SlackMessage): string[] {
  const found = [
    ...textComplaints(text),
    ...taintComplaints('the fallback', text),
    ...(/[<>&]/.test(text.replaceAll(/&(?:amp|lt|gt);/g, '')) ? ['markup in the fallback'] : []),
    ...(blocks.length > 50 ? ['over 50 blocks'] : []),
  ];
  const characters = walk(blocks, found);
  return characters > 13_000 ? [...found, 'over 13000 characters'] : found;
}

/** Puts what is wrong into `found`; returns how many characters there are. */
function walk(value: unknown, found: string[]): number {
  if (typeof value === 'string') {
    found.push(...textComplaints(value, { lines: true }));
    return value.length;
  }
  if (typeof value !== 'object' || value === null) return 0;
  const node = value as Node;
  for (const [complaint, isBroken] of RULES) if (isBroken(node)) found.push(complaint);
  if (typeof node.url === 'string') found.push(...linkComplaints(node.url));
  let characters = 0;
  for (const each of Object.values(node)) characters += walk(each, found);
  return characters;
}

function textOf(value: unknown): string {
  return String((value as { text?: unknown } | undefined)?.text ?? '');
}
