import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatDelivery } from '../../../lib/delivery/wire.ts';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { slackMessage } from '../../../lib/sinks/slack/message.ts';
import { aBackground, aFound, aMeasurement, aNotice, aShownFinding } from '../../build/notice.ts';
import { bundledCli } from '../../doubles/cli.ts';
import { parseXml } from '../../hostile/xml.ts';

const run = bundledCli();
// Nothing here may need AWS: not even a region is set.
const preview = (args: readonly string[], input?: string) => run(['preview', ...args], {}, input);

const ajv = new Ajv2020({ allErrors: true, strict: false });
for (const name of ['definitions', 'preview'])
  ajv.addSchema(JSON.parse(readFileSync(`docs/schemas/${name}.schema.json`, 'utf8')));
const isPreview = ajv.getSchema('urn:scan-response:preview:v1');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scan-response-preview-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(content: string): Promise<string> {
  const file = join(folder, `${Math.random()}.json`);
  await writeFile(file, content);
  return file;
}

const notice = aNotice({ background: aBackground() });
const letter = formatDelivery(notice, 'a-hold');

describe('a dead letter', () => {
  test('is shown as every sink has it, with why, and without AWS', async () => {
    const { exit, stdout, stderr } = await preview([await fileWith(letter)]);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/^MESSAGE {2}demo-api@abababababab \(latest, 0a1b2c3.*\): new-findings$/m);
    expect(stdout).toContain('why       another image, or another policy, brought what was not open before');
    const heads = [...stdout.matchAll(/^--- (\w+ \w+) -+$/gm)].map(([, head]) => head);
    expect(heads).toEqual(['slack message', 'sns message', 'datadog event']);
    expect(stdout).toContain('• CVE-2026-1001 · new · openssl 3.0.1 → 3.0.2 · score 9.8');
    expect(stdout).toContain('event=opened severity=CRITICAL');
    expect(stdout).not.toContain('policy    ');
  });

  test('piped in; as SQS prints it', async () => {
    const wrapped = JSON.stringify({ Messages: [{ MessageId: 'x', Body: letter }] });
    const answers = await Promise.all([preview(['-'], letter), preview([], letter), preview(['-'], wrapped)]);
    expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
    expect(answers.map(({ exit }) => exit)).toEqual([0, 0, 0]);
  });

  test('--json has the exact payloads, by its schema', async () => {
    const { exit, stdout } = await preview(['-', '--json'], letter);
    expect(exit).toBe(0);
    const document = JSON.parse(stdout);
    expect(isPreview?.(document), JSON.stringify(isPreview?.errors)).toBe(true);
    const [only] = document.previews;
    expect(only).toMatchObject({ outcome: 'notice', reason: 'new-findings', policy: null, before: [] });
    const [slack, sns, datadog] = only.messages;
    expect(slack).toEqual({
      ...{ sink: 'slack', form: 'message', to: null },
      payload: JSON.parse(JSON.stringify(slackMessage(notice, { possibleRepeat: false }))),
    });
    expect(JSON.parse(sns.payload.Message)).toMatchObject({ reason: 'new-findings', possibleRepeat: false });
    expect(datadog).toMatchObject({ form: 'event', payload: { alert_type: 'error' } });
    for (const change of [{ outcome: 'shout' }, { messages: [{ sink: 'slack' }] }, { image: 3 }])
      expect(isPreview?.({ ...document, previews: [{ ...only, ...change }] })).toBe(false);
  });

  test.each(['slack', 'sns', 'datadog', 'chat'])('--sink %s: nothing of the others', async (sink) => {
    const { stdout } = await preview(['-', '--sink', sink, '--json'], letter);
    expect(JSON.parse(stdout).previews[0].messages.map((it: { sink: string }) => it.sink)).toEqual([sink]);
  });

  test('of gauges says nothing to people', async () => {
    const { exit, stdout } = await preview(['-'], formatDelivery(aMeasurement({ reason: 'unchanged' })));
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^GAUGES {2}demo-api@abababababab: unchanged$/m);
    expect(stdout).not.toContain('slack');
    expect(stdout).toMatch(/^ecr\.image\.vulnerabilities 1 {2}/m);
  });

  test('with what acts on a terminal in it is inert', async () => {
    const hostile = '\u001b[2J\u202e</text><script>';
    const shown = [aShownFinding({ id: untrusted(hostile) })];
    const svg = join(folder, 'hostile.svg');
    const body = formatDelivery(aNotice({ found: aFound({ shown }) }));
    const { stdout, stderr } = await preview(['-', '--svg', svg], body);
    for (const it of ['\u001b', '\u202e']) expect(stdout).not.toContain(it);
    expect(stderr).toBe(`wrote ${svg}\n`);
    const elements = parseXml(await readFile(svg, 'utf8'));
    expect(elements.some(({ name }) => name === 'script')).toBe(false);
    expect(elements.some(({ text }) => text.includes('</text><script>'))).toBe(true);
  });
});

describe('--svg', () => {
  test('writes a picture of each message, and says where', async () => {
    const svg = join(folder, 'two.svg');
    const two = JSON.stringify({ Messages: [{ Body: letter }, { Body: letter }] });
    const { exit, stderr } = await preview(['-', '--svg', svg], two);
    const second = svg.replace('.svg', '-2.svg');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: `wrote ${svg}\nwrote ${second}\n` });
    const [one, other] = await Promise.all([readFile(svg, 'utf8'), readFile(second, 'utf8')]);
    expect(other).toBe(one);
    expect(parseXml(one).find(({ name }) => name === 'title')?.text).toBe(
      '1 critical in demo-api:latest, 1 new',
    );
  });

  test('says so when there is nothing to draw, or no place for it', async () => {
    const none = await preview(['-', '--svg', join(folder, 'none.svg')], formatDelivery(aMeasurement()));
    expect(none).toMatchObject({ exit: 0, stderr: 'no picture: there is no message\n' });
    const nowhere = await preview(['-', '--svg', '/nowhere/at/all.svg'], letter);
    expect(nowhere).toMatchObject({ exit: 1, stdout: '', stderr: expect.stringContaining('ENOENT') });
  });
});

test('an event of which nobody hears says so', async () => {
  const { exit, stdout } = await preview(['events/ecs-task-state-change.running.json']);
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^NOTHING {2}a task of ECS makes no message/);
});

describe('wrong usage ends with 1 and says what is right', () => {
  test.each<[string, readonly string[], string, string]>([
    [
      'a file that is not there',
      ['no-such-file.json'],
      '',
      'cannot read no-such-file.json: ENOENT. preview takes',
    ],
    ['a folder', ['lib'], '', 'cannot read lib: EISDIR'],
    ['a name without a tag', ['demo-api'], '', 'or an image as demo-api:latest'],
    ['no reference', ['Demo:latest'], '', 'not a repository name'],
    ['nothing piped in', ['-'], '', 'this is not JSON. preview takes'],
    ['anything else piped in', ['-'], '{"a":1}', 'neither a delivery nor an event. preview takes'],
    [
      'half of a delivery',
      ['-'],
      '{"v":1,"delivery":{"kind":"notice","key":"x"}}',
      'the delivery is not whole',
    ],
    ['a policy for what was decided', ['-', '--afresh'], letter, 'a delivery was decided when it was queued'],
    ['a policy that is not there', ['-', '--policy', 'nowhere.yml'], letter, 'cannot read nowhere.yml'],
    ['a policy that is none', ['-', '--policy', 'package.json'], letter, 'package.json is no policy: line'],
    ['another sink', ['-', '--sink', 'fax'], letter, '--sink takes datadog, slack, sns'],
    ['two files', ['a.json', 'b.json'], '', 'usage: scan-response preview'],
  ])('%s', async (_, args, input, words) => {
    const { exit, stdout, stderr } = await preview(args, input);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
  });
});
