import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, test } from 'vitest';
import { parseTag } from '../../lib/image/reference.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import type { Notice } from '../../lib/policy/notice.ts';
import { NEWEST_PUSH } from '../../lib/policy/policy.ts';
import { toCounts } from '../../lib/scan/severity.ts';
import { chatSink } from '../../lib/sinks/sns/chat.ts';
import { chatMessage } from '../../lib/sinks/sns/chat-message.ts';
import { snsMessage } from '../../lib/sinks/sns/message.ts';
import { type SnsServer, snsFault, startSns } from '../../local/sns.ts';
import { aProvenance, aTagEvidence } from '../build/evidence.ts';
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
import { chatSchemaComplaints } from '../hostile/chat-schema.ts';

const { found: _f, ...unfound } = aNotice({ reason: 'not-scanned' });
const { provenance: _p, ...nameless } = aSubject({ tags: [] });
const china = anImage({ repository: { ...anImage().repository, region: 'cn-north-1' } });

const notices: Readonly<Record<string, Notice>> = {
  opened: aNotice({ reason: 'first-scan' }),
  changed: aNotice({ found: aFound({ stillOpenCount: 2 }), background: aBackground() }),
  worse: aNotice({ reason: 'worse' }),
  better: aNotice({ reason: 'better', found: aFound({ closedCount: 3, stillOpenCount: 1, shown: [] }) }),
  reminder: aNotice({ reason: 'reminder-due', found: aFound({ newCount: 0, stillOpenCount: 2 }) }),
  resolved: aNotice({ reason: 'resolved', found: aFound({ counts: toCounts({}), shown: [], newCount: 0 }) }),
  'not scanned': { ...unfound, unscannable: { status: 'FAILED', description: untrusted('no <!here> OS') } },
  'list incomplete': aNotice({ listIncomplete: true }),
  'newest push': aNotice({ references: [NEWEST_PUSH] }),
  untagged: aNotice({ subject: nameless, references: [] }),
  China: aNotice({ subject: aSubject({ image: china }) }),
  platforms: aNotice({
    platforms: [
      { digest: anImage().digest, platform: 'linux/amd64', state: 'scanned' },
      { digest: anImage().digest, platform: 'linux/arm64', state: 'pending', status: 'PENDING' },
    ],
  }),
};

function body(notice: Notice, possibleRepeat = false) {
  return JSON.parse(chatMessage(notice, { possibleRepeat }).Message ?? '');
}

describe('the body, which is dropped without a word when it is not of the documented form', () => {
  test.each(Object.entries(notices))('%s', (_name, notice) => {
    expect(chatSchemaComplaints(body(notice))).toEqual([]);
    expect(chatSchemaComplaints(body(notice, true))).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['another version', { version: '1.1' }, '/version must be equal to constant'],
    ['another source', { source: 'scan-response' }, '/source must be equal to constant'],
    ['a field of ours', { schema: 'x' }, ' must NOT have additional properties'],
    ['no content', { content: undefined }, " must have required property 'content'"],
    [
      'a description that is too long',
      { content: { ...body(aNotice()).content, description: 'x'.repeat(4001) } },
      '/content/description must NOT have more than 4000 characters',
    ],
    [
      'a number among the strings',
      { metadata: { ...body(aNotice()).metadata, additionalContext: { critical: 1 } } },
      '/metadata/additionalContext/critical must be string',
    ],
  ])('%s is found', (_name, overrides, complaint) => {
    const planted = JSON.parse(JSON.stringify({ ...body(aNotice()), ...overrides }));
    expect(chatSchemaComplaints(planted)).toContain(complaint);
  });

  test('in full', () => {
    const notice = notices.changed as Notice;
    const { digest } = anImage();
    expect(body(notice, true)).toEqual({
      version: '1.0',
      source: 'custom',
      id: JSON.parse(snsMessage(notice, { possibleRepeat: false }).Message).id,
      content: {
        textType: 'client-markdown',
        title: '1 critical in demo-api∶latest, 1 new',
        description: [
          'In 111122223333 eu-west-1 · demo-api · followed as latest · tags latest, 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
          '1 new, 2 still open',
          'open for 3 days 4 h, since 2026-11-16 22∶00 UTC',
          '1 critical, 2 high, 3 medium',
          'a fix exists for 1 critical',
          '• CVE-2026-1001 · new · openssl 3.0.1 → 3.0.2 · score 9.8',
          'and 2 more still open',
          'commit 0a1b2c3 (from the tag, unverified) · replaces commit 9f8e7d6',
          'pushed 2026-11-20 01∶59 UTC by role/ci',
          'runs now in prod/api (3 tasks) and 2 more',
          'digest abababababab · enhanced scan of 2026-11-20 02∶01 UTC',
          'Possible repeat: an earlier try got no answer, so this message may be here already.',
        ].join('  \n'),
        nextSteps: [
          `open in ECR: https://eu-west-1.console.aws.amazon.com/ecr/repositories/private/111122223333/demo-api/_/image/${digest}/details?region=eu-west-1`,
          'monitors in Datadog: https://app.datadoghq.eu/monitors/manage?q=tag%3Amanaged_by%3Ascan-response',
          'runbook: https://wiki.example.com/runbook',
          'see the commit: https://github.com/demo/api/commit/0a1b2c3',
          'see the changes since 9f8e7d6: https://github.com/demo/api/compare/9f8e7d6...0a1b2c3',
        ],
        keywords: ['demo-api', 'CRITICAL', 'changed'],
      },
      metadata: {
        threadId: expect.stringMatching(/^ecr-[0-9a-f]{32}$/),
        summary: '1 critical in demo-api∶latest, 1 new',
        eventType: 'image-scan',
        relatedResources: ['arn:aws:ecr:eu-west-1:111122223333:repository/demo-api'],
        additionalContext: {
          ...{ repository: 'demo-api', account: '111122223333', region: 'eu-west-1', digest },
          ...{ event: 'changed', severity: 'CRITICAL', imageTag: 'latest' },
        },
      },
    });
  });

  test('not scanned says so, why, and no number', () => {
    const { title, description, keywords } = body(notices['not scanned'] as Notice).content;
    expect(title).toBe('demo-api∶latest was not scanned: FAILED');
    expect(description).toContain('Not scanned (FAILED): nobody knows what is in this image.');
    expect(description).toContain('The scanner says: no ‹!here› OS');
    expect(keywords).toEqual(['demo-api', 'UNKNOWN', 'not-scanned']);
  });

  test('the partition of the repository', () => {
    const { metadata } = body(notices.China as Notice);
    expect(metadata.relatedResources).toEqual(['arn:aws-cn:ecr:cn-north-1:111122223333:repository/demo-api']);
  });

  test('one reference is one thread, whatever its image; another one, repository or account is another', () => {
    const thread = (notice: Notice) => body(notice).metadata.threadId;
    const inAccount = anImage({ repository: { ...anImage().repository, account: '444455556666' } });
    const named = anImage({ repository: { ...anImage().repository, name: 'other' } });
    const others = [
      aNotice({ references: ['main', 'latest'] }),
      aNotice({ references: [NEWEST_PUSH] }),
      aNotice({ subject: aSubject({ image: inAccount }) }),
      aNotice({ subject: aSubject({ image: named }) }),
    ].map(thread);
    const later = aNotice({ key: 'resolved-1', reason: 'resolved', references: ['latest', 'main'] });
    expect(thread(later)).toBe(thread(aNotice()));
    expect(new Set([thread(aNotice()), ...others]).size).toBe(5);
  });

  test('the longest of everything stays within 4000 characters, and cuts no address', () => {
    const wide = untrusted('💥'.repeat(5_000));
    const tags = Array.from({ length: 200 }, (_none, n) => parseTag(`${'t'.repeat(115)}-${1e6 + n}`));
    const conflicts = tags.map((tag) => aTagEvidence(tag, { commit: 'f'.repeat(40), tier: 'tag-short' }));
    const best = aTagEvidence(tags[0] ?? 't', { commit: 'a'.repeat(40), tier: 'tag-short' });
    const platform = `${'o'.repeat(32)}/${'a'.repeat(32)}/${'v'.repeat(32)}`;
    const packages = Array(200).fill({ name: wide, version: wide, fixedIn: wide });
    const finding = aShownFinding({
      id: wide,
      packages,
      exploitKnown: true,
      platforms: Array(200).fill(platform),
    });
    const workload = {
      account: '444455556666',
      region: 'ap-southeast-3',
      cluster: 'c'.repeat(255),
      name: 'n'.repeat(255),
      tasks: 99,
    };
    const image = anImage({ repository: { ...anImage().repository, name: 'r'.repeat(256) } });
    const most = toCounts({
      CRITICAL: 99999,
      HIGH: 99999,
      MEDIUM: 99999,
      LOW: 99999,
      INFORMATIONAL: 99999,
      UNTRIAGED: 99999,
      UNDEFINED: 99999,
    });
    const found = aFound({
      ...{ counts: most, fixable: most, shown: Array(5).fill(finding), otherNewIds: Array(60).fill(wide) },
      ...{ newCount: 99999, stillOpenCount: 99999, closedCount: 99999, ignoredCount: 99999 },
    });
    const background = aBackground({
      pushed: { at: aSubject().pushedAt, by: wide },
      runs: { workloads: Array(5).fill(workload), more: 99, isCut: true },
      isPartial: true,
    });
    const whole = aNotice({
      ...{ reason: 'worse', found, background, references: tags, listIncomplete: true },
      subject: aSubject({ image, tags, provenance: aProvenance(best, ...conflicts) }),
      platforms: Array(50).fill({
        digest: image.digest,
        platform,
        state: 'pending',
        status: '\uffff'.repeat(500),
      }),
    });
    const { found: _none, ...unread } = whole;
    const unscanned: Notice = {
      ...unread,
      reason: 'not-scanned',
      unscannable: { status: 'x'.repeat(99), description: wide },
    };
    for (const notice of [whole, unscanned]) {
      expect(chatSchemaComplaints(body(notice, true))).toEqual([]);
      expect(Buffer.byteLength(chatMessage(notice, { possibleRepeat: true }).Message ?? '')).toBeLessThan(
        64 * 1024,
      );
      for (const step of body(notice, true).content.nextSteps) expect(step).not.toContain('…');
    }
    expect([...body(whole, true).content.description].length).toBeGreaterThan(3000);
  });
});

test('a channel can filter by the same attributes, but for the name of the other form', () => {
  for (const notice of Object.values(notices)) {
    const { schema, ...same } = snsMessage(notice, { possibleRepeat: false }).MessageAttributes;
    expect(schema?.StringValue).toBe('scan-response.notice/v1');
    expect(chatMessage(notice, { possibleRepeat: false }).MessageAttributes).toEqual(same);
  }
});

describe('Publish, by the SDK over loopback', () => {
  const CHAT = 'arn:aws:sns:eu-west-1:111122223333:scan-response-chat';
  let sns: SnsServer | undefined;
  afterEach(() => sns?.close());

  test('one try, to the topic of chat, of a body that the channel takes', async () => {
    sns = await startSns({ topics: new Set([CHAT]) });
    const chat = chatSink({ client: new SNSClient(loopback(sns.url)), topicArn: CHAT });
    const outcome = await chat.send(aNotice(), { possibleRepeat: false });
    expect(outcome).toMatchObject({ state: 'sent', receipt: expect.any(String) });
    const [published, ...more] = sns.published;
    expect(more).toEqual([]);
    expect(published).toMatchObject({ topicArn: CHAT, attributes: { severity: { value: 'CRITICAL' } } });
    expect(chatSchemaComplaints(JSON.parse(published?.message ?? ''))).toEqual([]);
  });

  test('what SNS answers means what it means for the other topic', async () => {
    sns = await startSns();
    sns.plan(snsFault('Throttled', 'Rate exceeded', 429));
    sns.plan(snsFault('NotFound', 'Topic does not exist', 404));
    const chat = chatSink({ client: new SNSClient(loopback(sns.url)), topicArn: CHAT });
    const states = [];
    for (let n = 0; n < 2; n++) states.push((await chat.send(aNotice(), { possibleRepeat: false })).state);
    expect(states).toEqual(['refused', 'rejected']);
    expect(sns.published).toEqual([]);
  });

  test('off without a topic; measurements are not for it', async () => {
    const send = () => Promise.reject(new Error('must not be called'));
    const off = chatSink({ client: { send }, topicArn: undefined });
    const on = chatSink({ client: { send }, topicArn: CHAT });
    expect([await off.isConfigured(), await on.isConfigured()]).toEqual([false, true]);
    expect(await off.send(aNotice(), { possibleRepeat: false })).toMatchObject({ state: 'rejected' });
    expect(await on.send(aMeasurement(), { possibleRepeat: false })).toMatchObject({ state: 'rejected' });
  });
});
