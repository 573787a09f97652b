import { describe, expect, test } from 'vitest';
import { chatOutput } from './outputs/chat.ts';
import { datadogEvent, datadogGauges } from './outputs/datadog.ts';
import type { Output } from './outputs/output.ts';
import { pictureOutput } from './outputs/picture.ts';
import { slackMessageOutput } from './outputs/slack.ts';
import { snsOutput } from './outputs/sns.ts';
import { jsonOutput, terminalOutput } from './outputs/terminal.ts';
import { markdownComplaints } from './rules.ts';
import { scenesWith, TAINT } from './scene.ts';

/** What a good output would be, if it were not for `change`. */
function complaintsOf<T>({ render, complaints }: Output, change: (good: T) => object): readonly string[] {
  const [scene] = scenesWith('x');
  if (!scene) throw new Error('there is always one');
  return complaints(change(render(scene) as T));
}

interface Slack {
  readonly text: string;
  readonly blocks: readonly object[];
}

describe('Slack', () => {
  test.each<[string, object]>([
    ['mrkdwn', { type: 'context', elements: [{ type: 'mrkdwn', text: 'x' }] }],
    ['mrkdwn', { mrkdwn: true }],
    ['an element that acts', { type: 'section' }],
    ['an element that acts', { type: 'broadcast', range: 'channel' }],
    ['an element that acts', { type: 'user', user_id: 'U1' }],
    ['an element that acts', { type: 'usergroup', usergroup_id: 'S1' }],
    ['a link to a place that is not ours', { type: 'link', url: 'https://evil.example', text: 'x' }],
    [
      'a link to a place that is not ours',
      { type: 'link', url: 'https://github.com@evil.example/', text: 'x' },
    ],
    ['a link to a place that is not ours', { type: 'link', url: 'javascript:alert(1)', text: 'x' }],
    ['text of others in a link', { type: 'link', url: `https://github.com/${TAINT}`, text: 'x' }],
    ['a character that acts or hides', { type: 'text', text: 'a\u202eb' }],
    ['half of a character', { type: 'text', text: '\ud800' }],
    ['marks drawn over other lines', { type: 'text', text: `a${'\u0336'.repeat(9)}` }],
    ['a header over 150', { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
    ['a text over 3000', { type: 'text', text: 'x'.repeat(3001) }],
    ['an empty text', { type: 'text', text: '' }],
    ['an empty list', { type: 'rich_text', elements: [] }],
    [
      'over 10 in a context',
      { type: 'context', elements: Array(11).fill({ type: 'plain_text', text: 'x' }) },
    ],
  ])('%s is found: %j', (complaint, block) => {
    const planted = complaintsOf<Slack>(slackMessageOutput, (good) => ({
      ...good,
      blocks: [...good.blocks, block],
    }));
    expect(planted).toContain(complaint);
  });

  test.each<[string, Partial<Slack>]>([
    ['over 50 blocks', { blocks: Array(51).fill({ type: 'divider' }) }],
    ['over 13000 characters', { blocks: Array(49).fill({ type: 'text', text: 'x'.repeat(300) }) }],
    ['markup in the fallback', { text: '<!channel>' }],
    ['text of others in the fallback', { text: TAINT }],
  ])('%s is found', (complaint, change) => {
    expect(complaintsOf<Slack>(slackMessageOutput, (good) => ({ ...good, ...change }))).toContain(complaint);
  });
});

describe('SNS to chat', () => {
  /** What is found when the first words of the description, which are ours, are taken for others. */
  const planted = (instead: string) =>
    complaintsOf<{ Message: string }>(chatOutput, ({ Message }) => ({
      Message: Message.replace('In 111122223333', () => instead),
    }));

  test.each([
    ...[
      ['a mention, link, tag or entity', '<!channel>'],
      ['a mention, link, tag or entity', '@here'],
      ['a mention, link, tag or entity', '&lt;!here&gt;'],
      ['a mention, link, tag or entity', '[x](y)'],
      ['emphasis, code or a strike', 'x*bold*'],
      ['emphasis, code or a strike', '`x`'],
      ['emphasis, code or a strike', '~x~'],
      ['emphasis by underscores', '_x_'],
      ['an escape', '\\\\'],
      ['a table', 'a|b'],
      ['a channel or a heading', '#general'],
      ['an address with a scheme', 'tel:112'],
      ['an emoji', 'x:tada:'],
      ['a host', 'www.evil.example'],
      ['a host', 'evil。example'],
      ['a list or a quote', '- x'],
      ['a list or a quote', '1. x'],
      ['code by its indentation', '    x'],
      ['a character that acts or hides', 'x\u202e'],
    ],
  ])('%s is found: %j', (complaint, instead) => {
    expect(planted(instead)).toContain(complaint);
  });

  test.each<[string, (message: string) => string]>([
    ['a step that is no page', (it) => it.replace('open in ECR: ', 'open in ECR ')],
    ['a link to a place that is not ours', (it) => it.replace('eu-west-1.console.aws', 'evil')],
    ['an address that formats', (it) => it.replace('details?', 'details?*')],
    ['/content must NOT have additional properties', (it) => it.replace('"title"', '"Title"')],
    ['/version must be equal to constant', (it) => it.replace('"1.0"', '"1"')],
    [
      '/metadata/additionalContext/region must be string',
      (it) => it.replace('"eu-west-1","digest"', '1,"digest"'),
    ],
    ['text of others in what is not the description', (it) => it.replace('"image-scan"', `"${TAINT}"`)],
  ])('%s is found', (complaint, change) => {
    const found = complaintsOf<{ Message: string }>(chatOutput, ({ Message }) => ({
      Message: change(Message),
    }));
    expect(found).toContain(complaint);
  });
});

describe('SNS', () => {
  test.each<[string, (good: { Message: string }) => object]>([
    ['a body that is not by the schema', ({ Message }) => ({ Message: Message.replace('"id"', '"Id"') })],
    ['a character that acts or hides', ({ Message }) => ({ Message: Message.replace('"x"', '"x\u200b"') })],
    ['a line break', ({ Message }) => ({ Message: Message.replace('"x"', '"x\\ny"') })],
    ['over 256 KiB', ({ Message }) => ({ Message: Message.replace('"x"', `"${'x'.repeat(256 * 1024)}"`) })],
    ['a character that SQS refuses', ({ Message }) => ({ Message: Message.replace('"x"', '"\uffff"') })],
    ['a subject that is no line of 99 ASCII characters', () => ({ Subject: 'x'.repeat(100) })],
    ['text of others in the subject', () => ({ Subject: TAINT })],
    [
      'an attribute that is not plain',
      () => ({ MessageAttributes: { a: { DataType: 'String', StringValue: 'é' } } }),
    ],
    [
      'over 10 attributes',
      () => ({ MessageAttributes: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`a${n}`, {}])) }),
    ],
  ])('%s is found', (complaint, change) => {
    const planted = complaintsOf<{ Message: string }>(snsOutput, (good) => ({ ...good, ...change(good) }));
    expect(planted).toContain(complaint);
  });
});

describe('Datadog', () => {
  test.each<[string, object]>([
    ['a title that is not plain', { title: 'ask @all' }],
    ['text of others in the title', { title: TAINT }],
    ['a text over 4000', { text: `%%% \n${'x'.repeat(4000)}\n %%%` }],
    ['a frame that is open', { text: '%%% \nx %%% y\n %%%' }],
    ['a mention', { text: '%%% \n`@all`\n %%%' }],
    ['a picture', { text: '%%% \n![x](https://app.datadoghq.com/x.png)\n %%%' }],
    ['a link to a place that is not ours', { text: '%%% \n[x](https://evil.example)\n %%%' }],
    ['text of others in the words of a link', { text: `%%% \n[${TAINT}](https://app.datadoghq.com/)\n %%%` }],
    ['text of others in Markdown outside of code', { text: `%%% \n${TAINT}\n %%%` }],
    ['markup outside of code', { text: '%%% \n<script>\n %%%' }],
    ['markup outside of code', { text: '%%% \nhttps://evil.example\n %%%' }],
    ['an aggregation key over 100', { aggregationKey: 'x'.repeat(101) }],
    ['over 100 tags', { tags: Array(101).fill('a:b') }],
    ['a tag that Datadog changes', { tags: ['env:prod,team:x'] }],
  ])('%s is found: %j', (complaint, change) => {
    expect(complaintsOf(datadogEvent, (good: object) => ({ ...good, ...change }))).toContain(complaint);
  });

  test.each<[string, object]>([
    ['text of others in a tag', { metric: 'a', tags: [`a:${TAINT}`] }],
    ['a metric name that Datadog changes', { metric: 'A-b' }],
  ])('%s is found', (complaint, series) => {
    expect(complaintsOf(datadogGauges, () => [series])).toContain(complaint);
  });
});

describe('a picture', () => {
  const svg = (inside: string) => `<svg width="1">${inside}</svg>`;
  test.each<[string, string]>([
    ['an element that is not ours: script', svg('<script>alert(1)</script>')],
    ['an element that is not ours: image', svg('<image href="https://evil.example/x.png"/>')],
    ['an element that is not ours: a', svg('<text><a href="javascript:alert(1)">x</a></text>')],
    ['an attribute that is not ours: onload', svg('<rect onload="alert(1)"/>')],
    ['text of others in an attribute', svg(`<text class="${TAINT}">x</text>`)],
    ['text of others in the style', svg(`<style>${TAINT}</style>`)],
    ['a request', svg('<style>@import "https://evil.example/x.css"</style>')],
    ['a character that acts or hides', svg('<text>a\u202eb</text>')],
    ['no XML: an entity that XML has not', svg('<text>&nbsp;</text>')],
    ['no XML: a character that XML has not', svg('<text>\uffff</text>')],
    ['no XML: svg ends where text is open', svg('<text>x')],
    ['no XML: text is not closed', '<text>x'],
    ['no XML: no XML at "<!-- x -->"', '<!-- x -->'],
  ])('%s is found: %s', (complaint, planted) => {
    expect(pictureOutput.complaints({ svg: planted })).toContain(complaint);
  });
});

test('code ends where its fence ends, and no later', () => {
  expect(markdownComplaints(`\`a\` ${TAINT} \`b\``)).not.toEqual([]);
  expect(markdownComplaints(`\`\`a\` ${TAINT} \`\``)).toEqual([]);
  expect(markdownComplaints(`\`a\n${TAINT}\``)).not.toEqual([]);
});

test.each<[string, Output, object]>([
  ['a character that acts or hides', terminalOutput, { text: 'a\u001b[2J', lineCount: 1 }],
  ['a line that nobody of us wrote', terminalOutput, { text: 'a\nb', lineCount: 1 }],
  ['more than a line of ASCII', jsonOutput, { text: '"é"', document: 'é' }],
  ['another document', jsonOutput, { text: '{"a":1}', document: { a: 2 } }],
])('%s is found', (complaint, { complaints }, planted) => {
  expect(complaints(planted)).toContain(complaint);
});
