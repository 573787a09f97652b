import { afterEach, describe, expect, test } from 'vitest';
import type { DigestSink } from '../../../lib/delivery/fold.ts';
import type { Thread, ThreadPorts } from '../../../lib/delivery/thread.ts';
import type { Notice } from '../../../lib/policy/notice.ts';
import { type Post, post } from '../../../lib/sinks/post.ts';
import { type SlackBotOptions, slackBot } from '../../../lib/sinks/slack/bot.ts';
import { slackMessage } from '../../../lib/sinks/slack/message.ts';
import type { PlannedReply } from '../../../local/reply-script.ts';
import { replyLost } from '../../../local/reply-script.ts';
import { type SlackServer, startSlack } from '../../../local/slack.ts';
import { aFound, aMeasurement, aNotice } from '../../build/notice.ts';

const [CHANNEL, OTHER] = ['C0LOCAL001', 'C0LOCAL002'] as const;
const HOUR_MS = 3_600_000;
const first = { possibleRepeat: false };

const servers: SlackServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((it) => it.close()));
});

/** Threads in memory under the conditions of lib/store/thread.ts, which has its own test. */
function memoryThreads(): ThreadPorts & { readonly kept: Map<string, Thread> } {
  const kept = new Map<string, Thread>();
  const keyOf = (channel: string, reference: string) => `${channel} ${reference}`;
  return {
    kept,
    find: async (_, references, channel) =>
      references.flatMap((reference) => kept.get(keyOf(channel, reference)) ?? []),
    async open(_, channel, thread, replaces) {
      const key = keyOf(channel, thread.reference);
      const past = kept.get(key);
      if (!past?.isOpen || past.ts === (replaces ?? thread.ts)) kept.set(key, thread);
    },
    async close(_, channel, thread) {
      const key = keyOf(channel, thread.reference);
      if (kept.get(key)?.ts === thread.ts) kept.set(key, { ...thread, isOpen: false });
    },
  };
}

/** A bot in front of a loopback Slack. */
async function aBot(overrides: Partial<SlackBotOptions> = {}) {
  const slack = await startSlack();
  servers.push(slack);
  const threads = memoryThreads();
  const sink = slackBot({
    readToken: async () => slack.workspace.token,
    baseUrl: `${slack.url}/api`,
    defaultChannel: CHANNEL,
    threads,
    now: () => new Date(),
    // A busy machine is no lost answer.
    timeoutMs: 60_000,
    ...overrides,
  });
  const texts = () => slack.workspace.messages.map(({ text }) => text);
  const plan = (method: string, reply: PlannedReply, times = 1) =>
    slack.plan({ ...reply, path: `/api/${method}` }, times);
  return { slack, messages: slack.workspace.messages, threads, sink, texts, plan };
}

const errorWord = (error: string, headers = {}): PlannedReply => ({
  status: 200,
  headers,
  body: JSON.stringify({ ok: false, error }),
});

const opened = aNotice({ reason: 'first-scan', key: 'open-1' });
const more = aNotice({ reason: 'new-findings', key: 'open-2' });
const less = aNotice({ reason: 'better', key: 'open-3' });
const clear = aNotice({
  reason: 'resolved',
  key: 'resolved-1',
  found: aFound({ shown: [], newCount: 0, counts: { ...aFound().counts, CRITICAL: 0 } }),
});

async function sendAll(sink: DigestSink, notices: readonly Notice[]): Promise<void> {
  for (const notice of notices) expect((await sink.send(notice, first)).state, notice.key).toBe('sent');
}

describe('a thread for each tracked reference', () => {
  test('begins with the first alert; later ones answer in it, and new findings are shown in the channel', async () => {
    const { sink, messages } = await aBot();
    await sendAll(sink, [opened, more, less]);
    const [parent, ...answers] = messages;
    expect(parent).toMatchObject({ channel: CHANNEL, blocks: slackMessage(opened, first).blocks });
    expect(parent?.thread_ts).toBeUndefined();
    expect(answers.map((it) => [it.thread_ts, it.reply_broadcast])).toEqual([
      [parent?.ts, true],
      [parent?.ts, false],
    ]);
  });

  test('when all is clear the first message says so and keeps what it said; the next alert begins another', async () => {
    const { sink, messages } = await aBot();
    await sendAll(sink, [opened, clear, { ...more, key: 'open-9' }]);
    const [parent, answer, next] = messages;
    expect(parent).toMatchObject({ updates: 1, text: expect.stringContaining('is clear') });
    const [head, since, ...was] = parent?.blocks ?? [];
    expect(JSON.stringify(head)).toContain('is clear');
    expect(JSON.stringify(since)).toContain('Clear since 2026-11-20 02:01 UTC');
    expect(was).toEqual(slackMessage(opened, first).blocks.slice(1));
    expect(answer).toMatchObject({ thread_ts: parent?.ts, reply_broadcast: false });
    expect(next?.thread_ts).toBeUndefined();
  });

  test('a reference and a channel have threads of their own', async () => {
    const { sink, messages } = await aBot();
    const elsewhere = aNotice({ key: 'open-4', route: { slackChannel: OTHER } });
    await sendAll(sink, [opened, { ...more, references: ['main'] }, elsewhere]);
    expect(messages.map((it) => [it.channel, it.thread_ts])).toEqual([
      [CHANNEL, undefined],
      [CHANNEL, undefined],
      [OTHER, undefined],
    ]);
  });

  test('clear, or not scanned, without a thread: stands alone', async () => {
    const { sink, threads, messages } = await aBot();
    const { found: _, ...rest } = aNotice({ reason: 'not-scanned', key: 'not-scanned-FAILED' });
    await sendAll(sink, [clear, { ...rest, unscannable: { status: 'FAILED' } }]);
    expect(messages.map((it) => it.thread_ts)).toEqual([undefined, undefined]);
    expect(threads.kept.size).toBe(0);
  });

  test('a first message that was deleted costs a new one, which is kept in its place', async () => {
    const { sink, messages } = await aBot();
    await sendAll(sink, [opened]);
    messages.splice(0);
    await sendAll(sink, [more, less]);
    expect(messages.map((it) => it.thread_ts)).toEqual([undefined, messages[0]?.ts]);
  });

  test('a first message that was deleted does not hold back that all is clear', async () => {
    const { sink, messages } = await aBot();
    await sendAll(sink, [opened]);
    messages.splice(0);
    await sendAll(sink, [clear]);
    expect(messages).toHaveLength(1);
  });

  test('a thread that cannot be kept costs a new one, and no message', async () => {
    const threads = memoryThreads();
    const open = () => Promise.reject(new Error('throttled'));
    const { sink, messages } = await aBot({ threads: { ...threads, open } });
    await sendAll(sink, [opened, more]);
    expect(messages.map((it) => it.thread_ts)).toEqual([undefined, undefined]);
  });

  test('while the ledger cannot be asked nothing is sent', async () => {
    const find = () => Promise.reject(new Error('throttled'));
    const { sink, messages } = await aBot({ threads: { ...memoryThreads(), find } });
    expect(await sink.send(opened, first)).toMatchObject({ state: 'refused' });
    expect(messages).toEqual([]);
  });

  test('an update that does not work now: the answer waits, and comes once', async () => {
    const { sink, messages, plan } = await aBot();
    await sendAll(sink, [opened]);
    plan('chat.update', { status: 504 });
    expect(await sink.send(clear, first)).toMatchObject({ state: 'refused' });
    expect(messages).toHaveLength(1);
    await sendAll(sink, [clear]);
    expect(messages).toHaveLength(2);
    expect(messages[0]?.updates).toBe(1);
  });
});

describe('an answer and what it means', () => {
  test.each([
    ['ratelimited', 'refused'],
    ['service_unavailable', 'refused'],
    ['internal_error', 'unknown'],
    ['fatal_error', 'unknown'],
    ['not_in_channel', 'rejected'],
    ['channel_not_found', 'rejected'],
    ['is_archived', 'rejected'],
    ['invalid_auth', 'rejected'],
    ['token_revoked', 'rejected'],
    ['account_inactive', 'rejected'],
    ['missing_scope', 'rejected'],
    ['msg_too_long', 'rejected'],
    ['invalid_blocks', 'rejected'],
    ['a_word_of_tomorrow', 'rejected'],
  ])('ok: false, %s: %s', async (word, state) => {
    const { sink, plan, messages } = await aBot();
    plan('chat.postMessage', errorWord(word));
    const outcome = await sink.send(opened, first);
    expect(outcome).toMatchObject({ state, why: expect.stringContaining(word) });
    expect(messages).toEqual([]);
  });

  test.each<[number, object, string, object]>([
    [429, { 'retry-after': '7' }, '', { state: 'refused', retryAfterSeconds: 7 }],
    [200, { 'retry-after': '9' }, '{"ok":false,"error":"ratelimited"}', { retryAfterSeconds: 9 }],
    [500, {}, '', { state: 'refused' }],
    [502, {}, '', { state: 'unknown', isAskable: true }],
    [200, {}, '<html>', { state: 'unknown', isAskable: true }],
    [200, {}, '{"ok":false,"error":"xoxb-1-\\u001b[2J"}', { state: 'unknown' }],
    [403, {}, '', { state: 'rejected' }],
  ])('%i %j %s', async (status, headers, body, expected) => {
    const { sink, plan } = await aBot();
    plan('chat.postMessage', { status, headers: headers as Record<string, string>, body });
    const outcome = await sink.send(opened, first);
    expect(outcome).toMatchObject(expected);
    expect(JSON.stringify(outcome)).not.toContain('xoxb-');
  });

  test('a redirect is not followed', async () => {
    const { sink, plan, messages } = await aBot();
    plan('chat.postMessage', { status: 307, headers: { location: '/api/chat.postMessage' } });
    expect(await sink.send(opened, first)).toMatchObject({ state: 'rejected' });
    expect(messages).toEqual([]);
  });

  test('no answer in time: nobody knows, and we can look', async () => {
    const silent = () => new Promise<never>((_, fail) => setTimeout(() => fail(timeout), 10));
    const timeout = new DOMException('late', 'TimeoutError');
    const { sink } = await aBot({ post: silent });
    expect(await sink.send(opened, first)).toMatchObject({ state: 'unknown', isAskable: true });
  });

  test('a token that was changed is read afresh and tried once', async () => {
    const { slack, sink, messages } = await aBot({
      readToken: async (options) => (options?.refresh ? slack.workspace.token : 'xoxb-old-token'),
    });
    await sendAll(sink, [opened]);
    expect(messages).toHaveLength(1);
  });

  test.each([
    [undefined, 'refused', 'slackChannel'],
    ['#general', 'rejected', 'not the id'],
  ])('the channel %j: %s', async (slackChannel, state, says) => {
    const { slack } = await aBot();
    const sink = slackBot({
      readToken: async () => slack.workspace.token,
      baseUrl: `${slack.url}/api`,
      threads: memoryThreads(),
      now: () => new Date(),
    });
    const notice = { ...opened, ...(slackChannel && { route: { slackChannel } }) };
    expect(await sink.send(notice, first)).toMatchObject({ state, why: expect.stringContaining(says) });
  });

  test('measurements are not for Slack', async () => {
    const { sink } = await aBot();
    expect((await sink.send(aMeasurement(), first)).state).toBe('rejected');
  });
});

describe('a look for an earlier try', () => {
  const since = () => Date.now() - HOUR_MS;

  test.each([[[]], [[opened]], [[opened, more]]] as const)(
    'after a lost answer to the last of its messages it is there: %#',
    async (before) => {
      const { sink, plan, messages, threads } = await aBot();
      await sendAll(sink, before);
      const notice = before.length === 2 ? less : { ...more, key: 'open-lost' };
      plan('chat.postMessage', replyLost);
      expect(await sink.send(notice, first)).toMatchObject({ state: 'unknown', isAskable: true });
      const looked = await sink.look(notice, since());
      expect(looked).toEqual({ state: 'there', receipt: `${CHANNEL}/${messages.at(-1)?.ts}` });
      expect([...threads.kept.values()]).toMatchObject([{ ts: messages[0]?.ts, isOpen: true }]);
    },
  );

  test('that all is clear: it is there, and its thread is ended', async () => {
    const { sink, plan, messages, threads } = await aBot();
    await sendAll(sink, [opened]);
    plan('chat.postMessage', replyLost);
    expect((await sink.send(clear, first)).state).toBe('unknown');
    expect(await sink.look(clear, since())).toMatchObject({ state: 'there' });
    expect([...threads.kept.values()]).toMatchObject([{ isOpen: false }]);
    expect(messages).toHaveLength(2);
  });

  test('what never arrived is absent, whatever else is in the channel', async () => {
    const { sink } = await aBot();
    await sendAll(sink, [opened, more]);
    expect(await sink.look({ ...more, key: 'open-other' }, since())).toEqual({ state: 'absent' });
  });

  test('a digest is found by each of its notices, in two requests for all', async () => {
    let requests = 0;
    const counted: Post = (...args) => {
      requests += 1;
      return post(...args);
    };
    const { sink, plan, threads } = await aBot({ post: counted });
    const notices = Array.from({ length: 50 }, (_, n) => aNotice({ key: `open-${n}` }));
    plan('chat.postMessage', replyLost);
    const entries = notices.map((notice) => ({ notice, ...first }));
    expect((await sink.sendDigest(entries, 'm')).state).toBe('unknown');
    requests = 0;
    const looked = await Promise.all(notices.map((it) => sink.look(it, since())));
    expect(new Set(looked.map(({ state }) => state))).toEqual(new Set(['there']));
    expect(requests).toBeLessThanOrEqual(2);
    expect(threads.kept.size).toBe(0);
  });

  test('without the right to read it stays unclear', async () => {
    const { slack, sink } = await aBot();
    slack.workspace.scopes.delete('channels:history');
    const looked = await sink.look(opened, since());
    expect(looked).toMatchObject({ state: 'unclear', why: expect.stringContaining('missing_scope') });
  });

  test('while Slack limits the rate it waits', async () => {
    const { sink, plan } = await aBot();
    plan('conversations.history', errorWord('ratelimited', { 'retry-after': '30' }));
    expect(await sink.look(opened, since())).toMatchObject({ state: 'later', retryAfterSeconds: 30 });
  });

  test('more messages than are read: unclear', async () => {
    const { sink } = await aBot();
    const messages = servers.at(-1)?.workspace.messages ?? [];
    for (let n = 0; n < 401; n++)
      messages.push({ channel: CHANNEL, ts: `${Date.now() / 1000 + n}`, updates: 0 });
    expect(await sink.look(opened, since())).toMatchObject({ state: 'unclear' });
  });

  test('metadata of somebody else is none of ours', async () => {
    const { sink, messages } = await aBot();
    await sendAll(sink, [opened]);
    const [message] = messages;
    const forged = { ...Object(message?.metadata), event_type: 'another_app' };
    messages.splice(0, 1, { ...Object(message), metadata: forged });
    expect(await sink.look(opened, since())).toEqual({ state: 'absent' });
  });
});

test('a digest goes to one channel, and ends the threads of what is clear', async () => {
  const { sink, messages, threads } = await aBot();
  await sendAll(sink, [opened]);
  const entries = [clear, { ...more, references: ['main'] }].map((notice) => ({ notice, ...first }));
  expect(await sink.sendDigest(entries, 'm')).toMatchObject({ state: 'sent' });
  expect(messages.map((it) => [it.thread_ts, it.updates])).toEqual([
    [undefined, 1],
    [undefined, 0],
  ]);
  expect([...threads.kept.values()]).toMatchObject([{ isOpen: false }]);
});
