import type { KnownBlock } from '@slack/types';
import { paragraphsOf, plainLine } from '../../lib/picture/paragraphs.ts';
import { slackPicture } from '../../lib/picture/slack-picture.ts';
import { RENDERERS } from '../../lib/preview/renderers.ts';
import { slackDigest } from '../../lib/sinks/slack/digest.ts';
import { slackMessage } from '../../lib/sinks/slack/message.ts';
import { LINES } from './lines.ts';
import { MANY, NEW_FINDINGS, NOT_SCANNED, REMINDER, RESOLVED } from './samples.ts';

/** A picture of the page: its file's name, what it is of, and the message. */
interface Alert {
  readonly name: string;
  readonly title: string;
  readonly words: string;
  readonly blocks: readonly KnownBlock[];
}

const FIRST_TRY = { possibleRepeat: false };
const WHEN = new Date('2026-11-20T01:42:30.000Z');

const ALERTS: readonly Alert[] = [
  {
    ...{ name: 'new-findings', title: 'New findings', blocks: slackMessage(NEW_FINDINGS, FIRST_TRY).blocks },
    words:
      'Another image came behind a tag that people follow, and it has criticals that the one before had not.',
  },
  {
    ...{ name: 'resolved', title: 'Resolved', blocks: slackMessage(RESOLVED, FIRST_TRY).blocks },
    words:
      'It is over. With a bot token this answers in the thread of the first alert, whose head says so too.',
  },
  {
    ...{ name: 'not-scanned', title: 'Not scanned', blocks: slackMessage(NOT_SCANNED, FIRST_TRY).blocks },
    words: 'The scan ended without findings to read. That is said once, and it is not the same as clean.',
  },
  {
    ...{ name: 'reminder', title: 'Reminder', blocks: slackMessage(REMINDER, FIRST_TRY).blocks },
    words: 'Seen again, unchanged, and last told longer ago than `renotifyAfter` of the policy says.',
  },
  {
    ...{ name: 'digest', title: 'Many at once', blocks: digestBlocks() },
    words: 'More than five within a minute are one message: a line for each image, up to fifty.',
  },
];

/** The page and its pictures, by their paths under `docs`. */
export function alertsPages(): Readonly<Record<string, string>> {
  const pictures = ALERTS.map(({ name, blocks }) => [`alerts/${name}.svg`, slackPicture(blocks)]);
  return { 'alerts.md': page(), ...Object.fromEntries(pictures) };
}

const HEAD = `# The anatomy of a message

Made by \`npm run docs:alerts\`, from sample notices, by the code that renders what is sent; a test makes it again and
compares. What your own images, events and dead letters look like: \`scan-response preview demo-api:latest\`, with
\`--svg FILE\` as a picture, with \`--policy FILE\` under a policy that nobody has applied yet, and with \`--json\` as the exact
payloads. It reads AWS with your own credentials, and sends and writes nothing.
`;

function page(): string {
  const explained = new Set<RegExp>();
  return [HEAD, ...ALERTS.map((it) => section(it, explained)), snsSection(), datadogSection()].join('\n');
}

/** The picture, and each kind of line that no picture above has. */
function section({ name, title, words, blocks }: Alert, explained: Set<RegExp>): string {
  const lines = blocks.flatMap(paragraphsOf).map(plainLine);
  const rows = lines.flatMap((line) => {
    const it = LINES.find(({ is }) => is.test(line));
    if (!it) throw new Error(`local/alerts/lines.ts does not explain: ${line}`);
    if (explained.has(it.is)) return [];
    explained.add(it.is);
    return [`| \`${short(line)}\` | ${it.tells} | ${it.from} |`];
  });
  const table = ['| line | tells | from |', '| --- | --- | --- |', ...rows, ''];
  return [`## ${title}`, '', words, '', `![${lines[0]}](alerts/${name}.svg)`, '', ...table].join('\n');
}

function short(line: string): string {
  return line.length > 64 ? `${line.slice(0, 63).trimEnd()}…` : line;
}

function digestBlocks(): readonly KnownBlock[] {
  return slackDigest(
    MANY.map((notice) => ({ notice, ...FIRST_TRY })),
    '2026-11-20T01:42:00.000Z/1',
  ).blocks;
}

interface Published {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly StringValue?: string }>>;
}

function snsSection(): string {
  const { Subject, Message, MessageAttributes } = payload('sns') as unknown as Published;
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { StringValue }]) => `| \`${name}\` | \`${StringValue}\` |`,
  );
  return `## The same through SNS

A subject for mail, \`${Subject}\`, attributes to filter by, and a body by
[notice.schema.json](notice.schema.json).

| attribute | value |
| --- | --- |
${attributes.join('\n')}

<details><summary>the body</summary>

\`\`\`json
${JSON.stringify(JSON.parse(Message), null, 2)}
\`\`\`

</details>
`;
}

function datadogSection(): string {
  const { text, ...event } = payload('datadog') as { readonly text: string };
  return `## The same in Datadog

An event; beside it, as gauges, the counts of every severity ([datadog.md](datadog.md)). Its text is Markdown: what others
wrote stands in code spans, so that it formats and mentions nothing.

\`\`\`markdown
${text}
\`\`\`

\`\`\`json
${JSON.stringify(event, null, 2)}
\`\`\`
`;
}

function payload(sink: keyof typeof RENDERERS): object {
  const rendered = RENDERERS[sink](NEW_FINDINGS, WHEN);
  if (!rendered) throw new Error(`${sink} gets no notice`);
  return rendered.payload;
}
