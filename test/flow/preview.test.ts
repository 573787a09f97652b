import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseInstant } from '../../lib/instant.ts';
import { savePolicy } from '../../lib/store/policy.ts';
import { basicAnswer, enhancedAnswer } from '../../local/ecr/findings.ts';
import { type Endpoint, serve } from '../../local/http.ts';
import { lookupEnvironment } from '../../local/story/ask.ts';
import { bundledCli } from '../doubles/cli.ts';
import { basicFindings, enhancedFindings } from './findings.ts';
import { flowForFile } from './stack.ts';

const flow = flowForFile();
const run = bundledCli();

const ajv = new Ajv2020({ allErrors: true, strict: false });
for (const name of ['definitions', 'preview'])
  ajv.addSchema(JSON.parse(readFileSync(`docs/schemas/${name}.schema.json`, 'utf8')));
const isPreview = ajv.getSchema('urn:scan-response:preview:v1');

let folder: string;
let dynamodb: Endpoint;
let ecr: Endpoint;
/** What previews asked AWS for, by the names of the operations. */
const operations = new Set<string>();

/** Passes requests on, and remembers what they ask for. */
async function watched(url: string): Promise<Endpoint> {
  return serve(async ({ method, path, headers, body }) => {
    operations.add(String(headers['x-amz-target']).split('.').at(-1) ?? '');
    const { host: _, connection: __, ...others } = headers as Record<string, string>;
    const reply = await fetch(`${url}${path}`, { method, headers: others, body });
    return { status: reply.status, headers: Object.fromEntries(reply.headers), body: await reply.text() };
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scan-response-preview-'));
  [dynamodb, ecr] = await Promise.all([watched(flow().stack.dynamodb.url), watched(flow().stack.ecr.url)]);
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), ecr.close(), rm(folder, { recursive: true })]);
});

interface Message {
  readonly sink: string;
  readonly form: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

interface Preview {
  readonly outcome: string;
  readonly reason: string;
  readonly why: string;
  readonly waitsFor: string | null;
  readonly policy: unknown;
  readonly messages: readonly Message[];
}

function preview(args: readonly string[], input?: string) {
  const aws = { AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, AWS_ENDPOINT_URL_ECR: ecr.url };
  return run(['preview', ...args], { ...lookupEnvironment(flow().stack), ...aws }, input);
}

/** The previews of a run with `--json`, which is as its schema says. */
async function previewed(args: readonly string[], input?: string): Promise<readonly Preview[]> {
  const { exit, stdout, stderr } = await preview([...args, '--json'], input);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const document = JSON.parse(stdout);
  expect(isPreview?.(document), JSON.stringify(isPreview?.errors)).toBe(true);
  return document.previews;
}

async function fileOf(name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

/** What the preview has for a sink. */
function payloadOf({ messages }: Preview, sink: string, form = 'message') {
  return messages.find((it) => it.sink === sink && it.form === form)?.payload;
}

/** Both tables, and what waits anywhere about the repository. */
async function traces(repository: string) {
  const [lineage, ledger] = await Promise.all([
    flow().items('lineage', repository),
    flow().items('ledger', repository),
  ]);
  const queued = [...flow().stack.queues].flatMap(([name, queue]) =>
    queue.messages().flatMap(({ body }) => (body.includes(repository) ? [name] : [])),
  );
  return { lineage, ledger, queued, got: flow().got(repository) };
}

test('what is shown of an image is what is sent when its event comes, to the letter; then it is silent', async () => {
  const name = 'preview/first';
  const { digest } = flow().push(name);
  await flow().settled(name);
  const answer = enhancedAnswer([...enhancedFindings('CRITICAL', 2), ...enhancedFindings('HIGH')]);
  flow().stack.registry.setScan(name, digest, answer);

  const before = await traces(name);
  const [shown] = await previewed([`${name}:latest`]);
  const [again] = await previewed([`${name}@${digest}`]);
  expect(await traces(name)).toEqual(before);
  expect(shown).toMatchObject({ outcome: 'notice', reason: 'first-scan', waitsFor: null });
  if (!shown || !again) throw new Error('one image, one preview');
  expect(payloadOf(again, 'slack')).toEqual(payloadOf(shown, 'slack'));

  flow().scan(name, digest, answer);
  await flow().settled(name);
  const { slack, sns, datadog } = flow().stack;
  const said = slack.messages.filter(({ message }) => JSON.stringify(message).includes(`${name}:latest`));
  expect(said).toMatchObject([{ message: payloadOf(shown, 'slack') }]);
  const [published] = sns.published.filter(({ message }) => message.includes(digest));
  const { Subject, Message } = payloadOf(shown, 'sns') as { Subject: string; Message: string };
  expect(published).toMatchObject({ subject: Subject, message: Message });
  const [event] = datadog.events.filter(({ title }) => title.includes(name));
  const { title, text } = payloadOf(shown, 'datadog', 'event') as { title: string; text: string };
  expect(event).toMatchObject({ title, text });

  const told = await preview([`${name}:latest`]);
  expect(told.exit).toBe(0);
  expect(told.stdout).toMatch(/^SILENCE {2}preview\/first@\w{12} \(latest\): already-answered$/m);
  expect(told.stdout).toMatch(
    /why {7}this scan was answered before; --afresh .*: the same 2 findings were told on 20\d\d-/,
  );
  expect(told.stdout).not.toContain('--- ');
  const [afresh] = await previewed([`${name}:latest`, '--afresh']);
  expect(afresh).toMatchObject({ outcome: 'notice', reason: 'first-scan' });
});

test('an event, as AWS sends it, in a file and piped in', async () => {
  const name = 'preview/event';
  const { digest } = flow().push(name);
  await flow().settled(name);
  const event = flow().stack.registry.scan(name, digest, basicAnswer(basicFindings('CRITICAL')));
  const file = await fileOf('event.json', JSON.stringify(event));
  const [[one], [other]] = await Promise.all([previewed([file]), previewed(['-'], JSON.stringify(event))]);
  expect(one).toMatchObject({ outcome: 'notice', reason: 'first-scan' });
  expect(other && payloadOf(other, 'slack')).toEqual(one && payloadOf(one, 'slack'));
});

test('another scan of the same image that finds the same is unchanged, and says when it was told', async () => {
  const name = 'preview/unchanged';
  const { digest } = flow().push(name);
  flow().scan(name, digest, enhancedAnswer(enhancedFindings('CRITICAL')));
  await flow().settled(name);
  const more = enhancedAnswer([...enhancedFindings('CRITICAL'), ...enhancedFindings('LOW')]);
  flow().stack.registry.setScan(name, digest, more);
  const [it] = await previewed([`${name}:latest`]);
  expect(it).toMatchObject({ outcome: 'silence', reason: 'unchanged' });
  expect(it?.why).toMatch(/the same 1 finding was told on 20\d\d-/);
  // A new one speaks, and says what is new.
  const worse = enhancedAnswer(enhancedFindings('CRITICAL', 2));
  flow().stack.registry.setScan(name, digest, worse);
  const { stdout } = await preview([`${name}:latest`]);
  expect(stdout).toMatch(/^MESSAGE .*: worse$/m);
  expect(stdout).toMatch(/^ {2}before {4}latest: 1 open at .*people last heard on 20\d\d-/m);
  expect(stdout).toContain('1 new, 1 still open');
});

describe('--policy', () => {
  test('what is below the threshold speaks under another one, to another channel', async () => {
    const name = 'preview/policy';
    const { digest } = flow().push(name);
    flow().scan(name, digest, enhancedAnswer(enhancedFindings('HIGH')));
    await flow().settled(name);
    expect(await previewed([`${name}:latest`, '--afresh'])).toMatchObject([
      {
        ...{ outcome: 'silence', reason: 'below-threshold' },
        policy: { notifyAt: 'CRITICAL', ignoreRules: 0 },
      },
    ]);
    const policy = 'version: 1\nnotifyAt: HIGH\nslackChannel: C0123456789\n';
    const file = await fileOf('policy.yaml', policy);
    const { exit, stdout } = await preview([`${name}:latest`, '--policy', file]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^MESSAGE .*: new-findings$/m);
    expect(stdout).toContain(`policy    ${file}; from HIGH on; follows latest, `);
    expect(stdout).toMatch(/^--- slack message to C0123456789 -/m);
    // The file was tried, and not applied.
    expect(await previewed([`${name}:latest`, '--afresh'])).toMatchObject([{ reason: 'below-threshold' }]);
  });

  test('what a rule ignores is silent', async () => {
    const name = 'preview/ignored';
    const { digest } = flow().push(name);
    await flow().settled(name);
    flow().stack.registry.setScan(name, digest, enhancedAnswer(enhancedFindings('CRITICAL')));
    const rule = { cve: 'CVE-2026-*', reason: 'not reachable', expires: '2999-12-31' };
    const file = await fileOf('ignore.json', JSON.stringify({ version: 1, ignore: [rule] }));
    expect(await previewed([`${name}:latest`])).toMatchObject([{ reason: 'first-scan' }]);
    expect(await previewed([`${name}:latest`, '--policy', file])).toMatchObject([
      { outcome: 'silence', reason: 'ignored', policy: { ignoreRules: 1 } },
    ]);
  });
});

test('a scan that cannot be read yet: what is waited for, and what would be said in the end', async () => {
  const name = 'preview/waits';
  const { digest } = flow().push(name);
  await flow().settled(name);
  flow().stack.registry.setScan(name, digest, { status: 'IN_PROGRESS' });
  const { exit, stdout } = await preview([`${name}:latest`]);
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^MESSAGE .*: not-scanned$/m);
  expect(stdout).toMatch(/^ {2}WAITS {5}the scan of sha256:\w{64} cannot be read: for now nothing is said/m);
  expect(stdout).toContain('Not scanned (IN_PROGRESS)');
});

test('an index is the subject of the scans of its platforms', async () => {
  const name = 'preview/index';
  const { digest, children } = flow().push(name, {
    tags: ['latest'],
    platforms: ['linux/amd64', 'linux/arm64'],
  });
  await flow().settled(name);
  for (const child of children)
    flow().stack.registry.setScan(name, child.digest, enhancedAnswer(enhancedFindings('CRITICAL')));
  const byTag = await previewed([`${name}:latest`]);
  const byPlatform = await previewed([`${name}@${children[0]?.digest}`]);
  expect(byTag).toMatchObject([{ image: { digest }, reason: 'first-scan' }]);
  expect(byPlatform).toMatchObject([{ image: { digest } }]);
  expect(JSON.stringify(byTag)).toContain('platforms scanned: linux/amd64, linux/arm64');
});

test('a picture of it', async () => {
  const name = 'preview/picture';
  const { digest } = flow().push(name);
  await flow().settled(name);
  flow().stack.registry.setScan(name, digest, enhancedAnswer(enhancedFindings('CRITICAL')));
  const file = join(folder, 'picture.svg');
  const { exit, stderr } = await preview([`${name}:latest`, '--svg', file]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: `wrote ${file}\n` });
  expect(await readFile(file, 'utf8')).toContain(
    `<title id="title">1 critical in ${name}:latest, first scan</title>`,
  );
});

describe('what is not there', () => {
  test.each([
    ['a repository', 'preview/nowhere:latest', 'there is no such repository: preview/nowhere'],
    ['a tag', 'preview/picture:nothing', 'preview/picture has no such image'],
  ])('%s: exit 2, and why', async (_, reference, words) => {
    flow().push('preview/picture', { tags: ['other'] });
    const text = await preview([reference]);
    expect(text).toMatchObject({ exit: 2, stdout: '', stderr: `not found: ${words}\n` });
    const { exit, stdout } = await preview([reference, '--json']);
    expect({ exit, document: JSON.parse(stdout) }).toEqual({
      exit: 2,
      document: { schema: 'scan-response.preview/v1', error: words },
    });
    expect(isPreview?.(JSON.parse(stdout))).toBe(true);
  });

  test('an image that is gone since its event', async () => {
    const name = 'preview/gone';
    const { digest } = flow().push(name);
    await flow().settled(name);
    const event = flow().stack.registry.scan(name, digest, basicAnswer([]));
    flow().stack.registry.remove(name, digest);
    const { exit, stdout } = await preview(['-'], JSON.stringify(event));
    expect(exit).toBe(2);
    expect(stdout).toMatch(/^SILENCE .*: gone$/m);
  });
});

test('nobody may read: what is missing is named', async () => {
  flow().stack.ecr.fail('DescribeImages', 1, 'AccessDeniedException');
  const { exit, stderr } = await preview(['preview/picture:latest']);
  flow().stack.ecr.heal();
  expect(exit).toBe(5);
  expect(stderr).toContain('ecr:DescribeImageScanFindings');
});

test('without --policy the applied one decides, and is named with its time', async () => {
  const { dynamodb, tables, registry } = flow().stack;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new DynamoDBClient({ endpoint: dynamodb.url, region: registry.region, credentials });
  const ledger = { client: DynamoDBDocumentClient.from(client), name: tables.ledger };
  const at = parseInstant('2026-11-20T03:10:00Z');
  const document = { version: 1, notifyAt: 'LOW', track: ['stable'] } as const;
  await savePolicy(ledger, { number: 1, document, hash: 'x', at }, undefined);
  client.destroy();
  const name = 'preview/applied';
  const { digest } = flow().push(name, { tags: ['stable'] });
  await flow().settled(name);
  registry.setScan(name, digest, enhancedAnswer(enhancedFindings('LOW')));
  const { stdout } = await preview([`${name}:stable`, '--tz', 'Europe/Berlin']);
  expect(stdout).toMatch(/^MESSAGE .*: first-scan$/m);
  expect(stdout).toMatch(
    /^ {2}policy {4}version 1, applied 2026-11-20 04:10.*; from LOW on; follows stable$/m,
  );
});

// The last of this file: it is about all of them.
test('nothing was asked of AWS but to be read', () => {
  expect([...operations].sort()).toEqual(['DescribeImageScanFindings', 'DescribeImages', 'GetItem', 'Query']);
});
