import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { slackHeaders } from '../../local/slack-signature.ts';
import { recordDemo } from '../browser/scene.ts';
import { NOW, ZONE } from '../browser/world.ts';
import { cliFile, environmentOf } from '../doubles/cli.ts';
import { STOPPED_CLOCK, startConsole } from '../doubles/console.ts';
import { isFull } from '../simulation/report/row.ts';
import { type Api, startApi } from './api.ts';
import { SUBJECTS, TIMES } from './api-requests.ts';

/** `npm run test:simulation -- same-answers` asks all. */
const QUESTIONS = Number(process.env.QUESTIONS ?? (isFull ? 1000 : 60));
const NODE_OPTIONS = `--import ${STOPPED_CLOCK}`;

interface Question {
  readonly name: string;
  readonly subjects: readonly string[];
  /** As they are typed behind `--`; without a value for a switch. */
  readonly options: readonly (readonly [name: string, value?: string])[];
}

const file = cliFile();
let api: Api;
let page: Awaited<ReturnType<typeof startConsole>>;
let terminal: ReturnType<typeof fork>;

beforeAll(async () => {
  api = await startApi(recordDemo, { environment: { NODE_OPTIONS } });
  api.stack.parameters.set('/scan-response/dev/slack-webhook-url', api.stack.slack.workspace.token);
  page = await startConsole(file(), environmentOf(api.tables));
  const driver = fileURLToPath(new URL('../doubles/cli-in-one.mjs', import.meta.url));
  const env = { PATH: process.env.PATH, TZ: ZONE, ...api.environment };
  terminal = fork(driver, [file()], { env, execArgv: ['--import', STOPPED_CLOCK] });
});
afterAll(async () => {
  terminal?.disconnect();
  await page?.stop();
  await api?.stop();
});

const times = fc.constantFrom(...TIMES, 'soon');
const maybe = <T>(it: fc.Arbitrary<T>) => fc.option(it, { nil: undefined, freq: 2 });
const isSet = <T>(it: T | undefined): it is T => it !== undefined;

function question(name: string, count: number, options: readonly fc.Arbitrary<[string, string?]>[]) {
  const subject = fc.constantFrom(...(SUBJECTS[`/v1/${name}`] ?? []));
  return fc
    .tuple(fc.tuple(...Array.from({ length: count }, () => subject)), fc.tuple(...options.map(maybe)))
    .map(([subjects, set]): Question => ({ name, subjects, options: set.filter(isSet) }));
}

const at = times.map((it): [string, string] => ['at', it]);
const generated = fc.oneof(
  question('who', 1, [at, fc.constant(['findings'])]),
  question('history', 1, [at, fc.integer({ min: 1, max: 30 }).map((it) => ['limit', String(it)])]),
  question('diff', 2, []),
  question('service', 1, [at]),
  question('cve', 1, [times.map((it) => ['from', it]), times.map((it) => ['to', it])]),
);

function argsOf({ name, subjects, options }: Question): readonly string[] {
  return [
    name,
    ...subjects,
    ...options.flatMap(([key, value]) => [`--${key}=${value ?? ''}`.replace(/=$/, '')]),
  ];
}

async function typed(args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const [reply] = await Promise.all([
    once(terminal, 'message'),
    terminal.send({ args: [...args, `--tz=${ZONE}`] }),
  ]);
  return reply[0];
}

function queryOf({ name, subjects, options }: Question, more: Readonly<Record<string, string>> = {}): string {
  const names = subjects.length === 2 ? ['older', 'newer'] : ['reference'];
  const pairs = names.map((key, index) => [key, subjects[index] ?? ''] as const);
  const query = [...pairs, ...options.map(([key, value]) => [key, value ?? 'true'] as const)];
  const text = String(
    new URLSearchParams([...query.map(([a, b]) => [a, b] as [string, string]), ...Object.entries(more)]),
  );
  return `${name}?${text.replaceAll('+', '%20')}`;
}

let presses = 0;

/** What stands in Slack's answer in a fixed pitch, and whether there is more of it. */
async function slashed(it: Question): Promise<{ readonly text: string; readonly isCut: boolean }> {
  presses += 1;
  const quoted = argsOf(it).map((word) => (/\s/.test(word) && !word.includes('@{') ? `"${word}"` : word));
  const text = `${quoted.join(' ')} --tz ${ZONE}`;
  const fields = { command: '/lineage', text, user_id: 'U0LOCAL001', trigger_id: `${presses}.1.a` };
  const body = String(new URLSearchParams(fields));
  const seconds = String(Date.parse(NOW) / 1000);
  const signed = slackHeaders(body, api.stack.slack.workspace.signingSecret, seconds);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...signed };
  const response = await fetch(`${api.url}/slack/command`, { method: 'POST', headers, body });
  const { blocks = [] } = (await response.json()) as { blocks?: { type: string; elements: Inner[] }[] };
  const texts = blocks.flatMap(({ type, elements }) =>
    type === 'rich_text'
      ? elements.flatMap(({ elements: inner = [] }) => inner.map((part) => part.text))
      : [],
  );
  return { text: texts.join('\n'), isCut: JSON.stringify(blocks).includes('more lines') };
}

interface Inner {
  readonly elements?: readonly { readonly text: string }[];
}

/** A machine that others load may miss the three seconds that Slack waits: it is asked again, as a person would. */
async function slashedInTime(it: Question, tries = 5): ReturnType<typeof slashed> {
  const answer = await slashed(it);
  return answer.text === '' && tries > 1 ? slashedInTime(it, tries - 1) : answer;
}

/** What is wrong with the four answers to one question; empty when they are one. */
async function differences(it: Question): Promise<readonly string[]> {
  const args = argsOf(it);
  const document = await typed([...args, '--json']);
  const words = await typed(args);
  const [http, console, slack] = await Promise.all([
    api.get(`/v1/${queryOf(it, { tz: ZONE })}`).then((response) => response.text()),
    fetch(`${page.url}api/${queryOf(it)}`).then((response) => response.text()),
    slashedInTime(it),
  ]);
  const said = (words.stdout || words.stderr.replace(/^scan-response: /, '')).trimEnd();
  const isSlack = slack.isCut ? said.startsWith(slack.text) : said === slack.text;
  const wrong: string[] = [];
  for (const [where, answer] of Object.entries({ http, console })) {
    const isSame = document.stdout ? answer === document.stdout : said.startsWith(JSON.parse(answer).error);
    if (!isSame) wrong.push(`${where}: ${answer}\ncommand line: ${document.stdout}${document.stderr}`);
  }
  if (!isSlack) wrong.push(`Slack: ${slack.text}\ncommand line: ${said}`);
  return wrong.map((text) => `${args.join(' ')}\n${text}`);
}

test(`the command line, the console, Slack and the API answer ${QUESTIONS} questions alike`, async () => {
  const asked = fc.sample(generated, { numRuns: QUESTIONS, seed: 8 });
  const different: string[] = [];
  let answers = 0;
  for (const it of asked) {
    different.push(...(await differences(it)));
    answers += 1;
  }
  expect(different).toEqual([]);
  expect(answers).toBe(QUESTIONS);
}, 1_800_000);
