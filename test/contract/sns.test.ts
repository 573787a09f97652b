import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { SNSClient } from '@aws-sdk/client-sns';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterEach, describe, expect, test } from 'vitest';
import { provenanceOf } from '../../lib/image/provenance.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import type { Notice } from '../../lib/policy/notice.ts';
import { NEWEST_PUSH } from '../../lib/policy/policy.ts';
import { toCounts } from '../../lib/scan/severity.ts';
import { snsMessage } from '../../lib/sinks/sns/message.ts';
import { snsSink } from '../../lib/sinks/sns/send.ts';
import { type LocalResponse, serve } from '../../local/http.ts';
import { anEvidence, aProvenance, aTagEvidence } from '../build/evidence.ts';
import {
  aBackground,
  aFound,
  aMeasurement,
  aNotice,
  anImage,
  aShownFinding,
  aSubject,
} from '../build/notice.ts';
import { loopback } from '../doubles/loopback.ts';

const schema = JSON.parse(readFileSync('docs/notice.schema.json', 'utf8'));
const validate = formats.default(new Ajv2020({ allErrors: true })).compile(schema);
const validateStrictly = formats.default(new Ajv2020({ allErrors: true })).compile(closed(schema));

/** The schema for readers is open, so that v1 can grow; our own bodies may hold only what it declares. */
function closed(value: unknown): object {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value as never;
  const copy = Object.fromEntries(Object.entries(value).map(([key, it]) => [key, closed(it)]));
  return copy.type === ('object' as unknown) && 'properties' in copy
    ? { ...copy, $id: undefined, additionalProperties: false }
    : copy;
}

const { digest } = anImage();
const { found: _f, ...unfound } = aNotice({ reason: 'not-scanned' });
const notScanned: Notice = {
  ...unfound,
  unscannable: { status: 'FAILED', description: untrusted('no\u202eOS') },
};
const provenance = provenanceOf([parseTag('0a1b2c3'), parseTag('main-9f8e7d6')]);
const { provenance: _p, ...nameless } = aSubject({ tags: [] });
const { fixable: _x, completedAt: _c, ...basic } = aFound({ scanType: 'basic' });

const notices: Readonly<Record<string, Notice>> = {
  opened: aNotice({ reason: 'first-scan' }),
  changed: aNotice({ found: aFound({ stillOpenCount: 2 }) }),
  resolved: aNotice({ reason: 'resolved', found: aFound({ counts: toCounts({}), shown: [], newCount: 0 }) }),
  'not-scanned': notScanned,
  basic: aNotice({ found: basic }),
  'newest push': aNotice({ references: [NEWEST_PUSH] }),
  untagged: aNotice({ subject: nameless, references: [] }),
  conflicts: aNotice({ subject: aSubject({ ...(provenance && { provenance }) }) }),
  provenance: aNotice({
    subject: aSubject({
      provenance: aProvenance(
        anEvidence(),
        aTagEvidence('main-9f8e7d6', { commit: '9f8e7d6', tier: 'tag-short' }),
      ),
    }),
  }),
  'SHA-256 repository': aNotice({
    subject: aSubject({ provenance: aProvenance(anEvidence({ commit: 'ab'.repeat(32) })) }),
  }),
  platforms: aNotice({
    platforms: [
      { digest, platform: 'linux/amd64', state: 'scanned' },
      { digest, platform: 'linux/arm64', state: 'pending', status: 'PENDING' },
    ],
  }),
};

/** The attributes as a subscriber's filter sees them. */
function attributes(notice: Notice): Record<string, string | undefined> {
  const { MessageAttributes } = snsMessage(notice, { possibleRepeat: false });
  return Object.fromEntries(Object.entries(MessageAttributes).map(([name, it]) => [name, it.StringValue]));
}

function body(notice: Notice, possibleRepeat = false) {
  return JSON.parse(snsMessage(notice, { possibleRepeat }).Message);
}

describe('the body', () => {
  test.each(Object.entries(notices))('%s: follows the schema, and holds nothing else', (_name, notice) => {
    expect(validate(body(notice)), JSON.stringify(validate.errors)).toBe(true);
    expect(validateStrictly(body(notice)), JSON.stringify(validateStrictly.errors)).toBe(true);
  });

  test.each<[string, object]>([
    ['a zero for what was not scanned', { counts: { CRITICAL: 0 } }],
    ['another digest', { digest: 'sha256:xyz' }],
    ['a console elsewhere', { consoleUrl: 'https://evil.example/' }],
    ['a time without a date', { pushedAt: '02:00' }],
    ['a missing id', { id: undefined }],
  ])('the schema refuses %s', (_name, overrides) => {
    expect(validate({ ...body(notices.opened as Notice), ...overrides })).toBe(false);
  });

  test('what our bodies may not hold is found when planted', () => {
    expect(validate({ ...body(aNotice()), extra: 1 })).toBe(true);
    expect(validateStrictly({ ...body(aNotice()), extra: 1 })).toBe(false);
  });

  test('in full', () => {
    expect(body(aNotice(), true)).toEqual({
      schema: 'scan-response.notice/v1',
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      event: 'opened',
      reason: 'new-findings',
      repository: 'demo-api',
      account: '111122223333',
      region: 'eu-west-1',
      digest,
      tags: ['latest', '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567'],
      references: ['latest'],
      counts: toCounts({ CRITICAL: 1, HIGH: 2, MEDIUM: 3 }),
      fixable: toCounts({ CRITICAL: 1 }),
      newCount: 1,
      stillOpenCount: 0,
      closedCount: null,
      findings: [
        {
          id: 'CVE-2026-1001',
          severity: 'CRITICAL',
          isNew: true,
          packages: [{ name: 'openssl', version: '3.0.1', fixedIn: '3.0.2' }],
          score: 9.8,
          fix: 'all',
          exploitKnown: false,
          platforms: [],
        },
      ],
      scanType: 'enhanced',
      scannedAt: '2026-11-20T02:01:00.000Z',
      notScanned: null,
      commit: {
        sha: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
        tier: 'tag-full',
        tag: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
      },
      conflicts: [],
      platforms: [{ digest, platform: null, state: 'scanned', status: null }],
      listIncomplete: false,
      pushedAt: '2026-11-20T02:00:00.000Z',
      consoleUrl: `https://eu-west-1.console.aws.amazon.com/ecr/repositories/private/111122223333/demo-api/_/image/${digest}/details?region=eu-west-1`,
      ignoredCount: 0,
      owner: null,
      otherNewIds: [],
      openSince: null,
      timeToRemediateSeconds: null,
      before: null,
      commitUrl: null,
      compareUrl: null,
      pushedBy: null,
      runs: null,
      datadogUrl: null,
      runbookUrl: null,
      backgroundIncomplete: false,
      possibleRepeat: true,
    });
  });

  test('what is around it', () => {
    const resolved = { ...(notices.resolved as Notice), background: aBackground() };
    expect(validateStrictly(body(resolved)), JSON.stringify(validateStrictly.errors)).toBe(true);
    expect(body(resolved)).toMatchObject({
      openSince: '2026-11-16T22:00:00.000Z',
      timeToRemediateSeconds: 273_600,
      before: { commit: '9f8e7d6' },
      pushedBy: { actor: 'role/ci' },
      runs: { workloads: [{ cluster: 'prod', name: 'api', tasks: 3 }], more: 2, isCut: false },
    });
    expect(body(aNotice({ background: aBackground() })).timeToRemediateSeconds).toBeNull();
  });

  test('a list that is too short says so, and an old set says that it is a reminder', () => {
    const found = aFound({ newCount: 0, stillOpenCount: 2 });
    const it = body(aNotice({ reason: 'reminder-due', found, listIncomplete: true }));
    expect(it).toMatchObject({ event: 'reminder', reason: 'reminder-due', listIncomplete: true });
  });

  test('not scanned: the reason, and no number anywhere', () => {
    expect(body(notScanned)).toMatchObject({
      event: 'not-scanned',
      notScanned: { status: 'FAILED', description: 'no\ufffdOS' },
      counts: null,
      fixable: null,
      newCount: null,
      stillOpenCount: null,
      findings: [],
    });
  });

  test('the id is the notice: the same on a repeat, another for another key, image or account', () => {
    const image = anImage({ repository: { ...anImage().repository, account: '444455556666' } });
    const others = [aNotice({ key: 'open-2' }), aNotice({ subject: aSubject({ image }) })].map(
      (it) => body(it).id,
    );
    expect(body(aNotice({ reason: 'first-scan' }), true).id).toBe(body(aNotice()).id);
    expect(new Set([body(aNotice()).id, ...others]).size).toBe(3);
  });
});

describe('subject and attributes', () => {
  test.each<[string, object]>([
    ['opened', { event: 'opened', severity: 'CRITICAL', critical: '1', high: '2', image_tag: 'latest' }],
    ['changed', { event: 'changed' }],
    ['resolved', { event: 'resolved', severity: 'NONE', critical: '0', high: '0' }],
    ['newest push', { image_tag: 'newest push' }],
  ])('%s', (name, expected) => {
    expect(attributes(notices[name] as Notice)).toMatchObject({
      schema: 'scan-response.notice/v1',
      repository: 'demo-api',
      account: '111122223333',
      region: 'eu-west-1',
      ...expected,
    });
  });

  test('not scanned: no number to filter by, and not the severity of a clean image', () => {
    expect(Object.keys(attributes(notScanned))).not.toContain('critical');
    expect(Object.keys(attributes(notScanned))).not.toContain('high');
    expect(attributes(notScanned)).toMatchObject({ event: 'not-scanned', severity: 'UNKNOWN' });
  });

  test.each(Object.entries(notices))('%s: at most ten, none empty, numbers are numbers', (_name, notice) => {
    const { MessageAttributes, Subject } = snsMessage(notice, { possibleRepeat: false });
    const all = Object.entries(MessageAttributes);
    expect(all.length).toBeLessThanOrEqual(10);
    expect(all.filter(([, it]) => it.StringValue === '')).toEqual([]);
    expect(all.flatMap(([name, it]) => (it.DataType === 'Number' ? [name] : []))).toEqual(
      notice.found ? ['critical', 'high'] : [],
    );
    expect(Subject).toMatch(/^[!-~][ -~]{0,98}$/);
  });

  test.each([125, 256])('a repository name of %i characters', (length) => {
    const name = 'r'.repeat(length);
    const subject = aSubject({ image: anImage({ repository: { ...anImage().repository, name } }) });
    const { Subject } = snsMessage(aNotice({ subject }), { possibleRepeat: false });
    expect(Subject).toMatch(/^1 critical in r+\.\.\.r+:latest, 1 new$/);
    expect(Subject).toHaveLength(99);
    expect(body(aNotice({ subject })).repository).toBe(name);
  });

  test('1,000 tags, 200 packages and characters of the longest form stay within 256 KiB', () => {
    const wide = untrusted('\uffff'.repeat(5_000));
    const tags = Array.from({ length: 1_000 }, (_none, n) => parseTag(`${'t'.repeat(115)}-${1e6 + n}`));
    const packages = Array(200).fill({ name: wide, version: wide, fixedIn: wide });
    const conflicts = tags.map((tag) => aTagEvidence(tag, { commit: 'f'.repeat(40), tier: 'tag-short' }));
    const best = aTagEvidence(tags[0] ?? 't', { commit: 'a'.repeat(40), tier: 'tag-short' });
    const platform = `${'o'.repeat(32)}/${'a'.repeat(32)}/${'v'.repeat(32)}`;
    const finding = aShownFinding({ id: wide, packages, platforms: Array(200).fill(platform) });
    const notice = aNotice({
      subject: aSubject({
        tags,
        provenance: { best, conflicts },
      }),
      references: tags,
      found: aFound({ shown: Array(5).fill(finding), otherNewIds: Array(60).fill(wide) }),
      background: aBackground(),
      platforms: Array(500).fill({ digest, platform, state: 'pending', status: '\uffff'.repeat(500) }),
    });
    const { Message, MessageAttributes } = snsMessage(notice, { possibleRepeat: true });
    expect(Buffer.byteLength(Message) + JSON.stringify(MessageAttributes).length).toBeLessThan(256 * 1024);
    expect(validateStrictly(JSON.parse(Message)), JSON.stringify(validateStrictly.errors)).toBe(true);
  });
});

describe('Publish, by the SDK over loopback', () => {
  const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:scan-response';
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
  });

  function sinkAt(endpoint: string, timeoutMs?: number) {
    const client = new SNSClient(loopback(endpoint));
    closing.push(() => client.destroy());
    return snsSink({ client, topicArn: TOPIC, ...(timeoutMs && { timeoutMs }) });
  }

  async function answer(respond: (body: string) => LocalResponse | Promise<LocalResponse>) {
    const forms: URLSearchParams[] = [];
    const { url, close } = await serve(({ body }) => {
      forms.push(new URLSearchParams(body));
      return respond(body);
    });
    closing.push(close);
    return { url, forms };
  }

  function fault(status: number, code: string): LocalResponse {
    const xml = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>for hush</Message></Error></ErrorResponse>`;
    return { status, headers: { 'content-type': 'text/xml' }, body: xml };
  }

  test('sent: the id that SNS gave is the receipt', async () => {
    const id = '<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>';
    const { url, forms } = await answer(() => ({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: id,
    }));
    const outcome = await sinkAt(url).send(aNotice(), { possibleRepeat: false });
    expect(outcome).toEqual({ state: 'sent', receipt: 'm-1' });
    expect(forms).toHaveLength(1);
    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      Action: 'Publish',
      TopicArn: TOPIC,
      Subject: '1 critical in demo-api:latest, 1 new',
    });
    expect(validate(JSON.parse(forms[0]?.get('Message') ?? ''))).toBe(true);
  });

  test.each([
    [400, 'InvalidParameter', 'rejected'],
    [400, 'ParameterValueInvalid', 'rejected'],
    [403, 'AuthorizationError', 'rejected'],
    [403, 'InvalidSecurity', 'rejected'],
    [404, 'NotFound', 'rejected'],
    [403, 'ExpiredToken', 'refused'],
    [400, 'KMSThrottling', 'refused'],
    [400, 'ThrottlingException', 'refused'],
    [429, 'Throttled', 'refused'],
    [500, 'InternalError', 'refused'],
    [503, 'ServiceUnavailable', 'refused'],
    [502, 'BadGateway', 'unknown'],
    [504, 'GatewayTimeout', 'unknown'],
  ])('%i %s: %s, after one request', async (status, code, state) => {
    const { url, forms } = await answer(() => fault(status, code));
    const outcome = await sinkAt(url).send(aNotice(), { possibleRepeat: false });
    expect(outcome).toMatchObject({ state, why: expect.stringMatching(/^SNS answered \d{3} \w+/) });
    expect(JSON.stringify(outcome)).not.toContain('hush');
    expect(forms).toHaveLength(1);
  });

  test.each([
    ['NotFound', 404, 'check the topic'],
    ['AuthorizationError', 403, 'check the role'],
  ])('%s says what to check', async (code, status, advice) => {
    const { url } = await answer(() => fault(status, code));
    const outcome = await sinkAt(url).send(aNotice(), { possibleRepeat: false });
    expect(outcome).toMatchObject({ why: expect.stringContaining(advice) });
  });

  test('an error page instead of XML is not printed', async () => {
    const { url } = await answer(() => ({ status: 400, body: '<html>\u001b[2J</html>' }));
    const outcome = await sinkAt(url).send(aNotice(), { possibleRepeat: false });
    expect(outcome.state).toBe('rejected');
    expect(JSON.stringify(outcome)).not.toMatch(/html|u001b/);
  });

  test('nobody listens: surely not sent', async () => {
    const { url, close } = await serve(() => ({ status: 200 }));
    await close();
    expect(await sinkAt(url).send(aNotice(), { possibleRepeat: false })).toEqual({
      state: 'refused',
      why: 'no connection to SNS: ECONNREFUSED',
    });
  });

  test('the connection drops after the request: nobody knows', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const outcome = await sinkAt(`http://127.0.0.1:${port}`).send(aNotice(), { possibleRepeat: false });
    expect(outcome).toMatchObject({ state: 'unknown', why: 'the connection to SNS broke: ECONNRESET' });
  });

  test('the answer never comes: nobody knows', async () => {
    const { url, forms } = await answer(() => new Promise<never>(() => {}));
    const outcome = await sinkAt(url, 200).send(aNotice(), { possibleRepeat: false });
    expect(outcome).toEqual({ state: 'unknown', why: 'no answer from SNS in 200 ms' });
    expect(forms).toHaveLength(1);
  });

  test('off without a topic; measurements are not for SNS', async () => {
    const send = () => Promise.reject(new Error('must not be called'));
    const off = snsSink({ client: { send }, topicArn: undefined });
    const on = snsSink({ client: { send }, topicArn: TOPIC });
    expect([await off.isConfigured(), await on.isConfigured()]).toEqual([false, true]);
    expect(await off.send(aNotice(), { possibleRepeat: false })).toMatchObject({ state: 'rejected' });
    expect(await on.send(aMeasurement(), { possibleRepeat: false })).toMatchObject({
      state: 'rejected',
      why: expect.stringContaining('not measurements'),
    });
  });
});
