import { chatMessage } from '../../../lib/sinks/sns/chat-message.ts';
import { chatSchemaComplaints } from '../chat-schema.ts';
import { linkComplaints, strings, taintComplaints, textComplaints } from '../rules.ts';
import { output } from './output.ts';

/** As far as it is looked at here; the schema says what else there is. */
interface Body {
  readonly content: {
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: { readonly summary: string };
}

export const chatOutput = output(
  'SNS message to chat',
  ({ notice, possibleRepeat }) => chatMessage(notice, { possibleRepeat }),
  ({ Message = '', MessageAttributes = {} }) => {
    const body = JSON.parse(Message) as Body;
    const { title, description, nextSteps, keywords } = body.content;
    return [
      ...chatSchemaComplaints(body),
      ...strings(body).flatMap((text) => textComplaints(text, { lines: text === description })),
      ...description.split('\n').flatMap(lineComplaints),
      ...[title, body.metadata.summary, ...keywords].flatMap(lineComplaints),
      ...nextSteps.flatMap(stepComplaints),
      ...taintComplaints(
        'what is not the description',
        JSON.stringify({ ...body, content: { title, nextSteps, keywords } }),
      ),
      ...taintComplaints('an attribute', JSON.stringify(MessageAttributes)),
      ...(Object.keys(MessageAttributes).length > 10 ? ['over 10 attributes'] : []),
      ...(/[\ufffe\uffff]/.test(Message) ? ['a character that SQS refuses'] : []),
    ];
  },
);

/**
 * What Slack's mrkdwn or Markdown could make something of. Written down from the documents, and stricter than either:
 * https://docs.slack.dev/messaging/formatting-message-text, https://spec.commonmark.org/0.31.2/ and
 * https://learn.microsoft.com/en-us/microsoftteams/platform/bots/how-to/format-your-bot-messages
 */
const MARKUP: readonly (readonly [complaint: string, pattern: RegExp])[] = [
  ['a mention, link, tag or entity', /[<>@&[\]]/],
  ['emphasis, code or a strike', /[*`~]/],
  ['emphasis by underscores', /(?:^|[^A-Za-z0-9])_|_(?:$|[^A-Za-z0-9])/],
  ['an escape', /\\/],
  ['a table', /\|/],
  ['a channel or a heading', /#/],
  ['an address with a scheme', /:\S/],
  ['an emoji', /:\S*:/],
  ['a host', /[.。．｡]\p{L}/u],
  ['a list or a quote', /^\s*(?:[-+=>]|\d+[.)](?:\s|$))/],
  ['code by its indentation', /^(?: {4}|\t)/],
];

function lineComplaints(line: string): string[] {
  return MARKUP.flatMap(([complaint, pattern]) => (pattern.test(line) ? [complaint] : []));
}

/** Words of ours, and a page of ours at the end. */
function stepComplaints(step: string): string[] {
  const [, words = '', url = ''] = /^([A-Za-z0-9 ]+): (\S+)$/.exec(step) ?? [];
  return [
    ...(words && url ? [] : ['a step that is no page']),
    ...linkComplaints(url),
    ...(/[*~|<>()[\]`\\]/.test(url) ? ['an address that formats'] : []),
  ];
}
