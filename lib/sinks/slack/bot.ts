import type { DigestSink } from '../../delivery/fold.ts';
import type { Looked, Outcome } from '../../delivery/sink.ts';
import { isChannelId, type Thread, type ThreadPorts } from '../../delivery/thread.ts';
import { toInstant } from '../../instant.ts';
import type { Notice } from '../../policy/notice.ts';
import { warmUp } from '../warm.ts';
import { type Failure, isParentGone } from './api-error.ts';
import type { Buttons } from './buttons.ts';
import { slackDigest } from './digest.ts';
import { type SlackMessage, slackMessage } from './message.ts';
import { metadataOf, noticeId } from './notice-id.ts';
import { type Read, readBack } from './read-back.ts';
import { NOT_FOR_SLACK } from './send.ts';
import { beginsThread, clearedMessage, isForChannel } from './thread.ts';
import { type CallSlack, type WebApiOptions, webApi } from './web-api.ts';

export interface SlackBotOptions extends WebApiOptions {
  /** The channel of notices that are routed nowhere else. */
  readonly defaultChannel?: string;
  /** What people may press below an alert; absent: nothing. */
  readonly buttons?: Buttons;
  readonly threads: ThreadPorts;
  readonly now: () => Date;
}

/** A message that Slack has: where, and the first message of its thread when it is an answer. */
interface Posted {
  readonly channel: string;
  readonly ts: string;
  readonly answers?: string;
}

type Post = Posted | { readonly failure: Failure; readonly word?: string };

/** What the parts of the sink share. */
interface Bot extends SlackBotOptions {
  readonly call: CallSlack;
}

/**
 * Slack by bot token: the first message about a tracked reference begins a thread, later ones answer in it, and when
 * all is clear the first one says so. Each message carries the ids of its notices, so that after a lost answer it
 * can be looked for: nothing is said twice that Slack can be asked about.
 */
export function slackBot(options: SlackBotOptions): DigestSink & Required<Pick<DigestSink, 'look'>> {
  const bot: Bot = { ...options, call: webApi(options) };
  const back = readBack(bot.call);
  const pressed = options.buttons ? { buttons: options.buttons } : {};
  const channelOf = ({ route }: Notice) => route?.slackChannel ?? options.defaultChannel ?? '';
  return {
    name: 'slack',
    isForPeople: true,

    async isConfigured() {
      return Boolean(await options.readToken());
    },

    warmUp: () => Promise.all([options.readToken(), warmUp(`${options.baseUrl}/api.test`)]),
    channelOf: async (notice) => channelOf(notice),

    async send(delivery, { possibleRepeat }) {
      if (delivery.kind !== 'notice') return NOT_FOR_SLACK;
      const channel = channelOf(delivery);
      const message = slackMessage(delivery, { ...pressed, possibleRepeat });
      return faultOf(channel) ?? tell(bot, delivery, channel, message);
    },

    async sendDigest(entries, mark) {
      const notices = entries.map(({ notice }) => notice);
      const channel = notices[0] ? channelOf(notices[0]) : '';
      const fault = faultOf(channel);
      if (fault) return fault;
      const posted = await post(bot, channel, slackDigest(entries, mark), notices);
      if (!('ts' in posted)) return posted.failure;
      await Promise.all(notices.map((it) => findThenEnd(bot, it, channel)));
      return sent(posted);
    },

    async look(delivery, sinceMs) {
      if (delivery.kind !== 'notice') return { state: 'unclear', why: 'not a notice' };
      const channel = channelOf(delivery);
      if (!isChannelId(channel)) return { state: 'unclear', why: 'no channel' };
      const threads = await findThreads(bot, delivery, channel);
      if (!threads) return { state: 'later', why: NO_THREADS.why };
      const inChannel = await back.channel(channel, sinceMs);
      const inThreads = isFound(inChannel, delivery)
        ? []
        : await Promise.all(threads.map(({ ts }) => back.thread(channel, ts, sinceMs)));
      return settleLook(bot, delivery, { channel, threads, sinceMs, reads: [inChannel, ...inThreads] });
    },
  };
}

/** Tells one notice: first the threads that it ends, since that may be done again, then the message itself. */
async function tell(bot: Bot, notice: Notice, channel: string, message: SlackMessage): Promise<Outcome> {
  const threads = await findThreads(bot, notice, channel);
  if (!threads) return NO_THREADS;
  const open = threads.filter(({ isOpen }) => isOpen);
  const parent = open[0]?.ts;
  const failure = await showClear(bot, notice, channel, open);
  if (failure) return failure;
  let posted = await post(bot, channel, message, [notice], parent);
  const isGone = !('ts' in posted) && isParentGone(posted.word);
  if (isGone) posted = await post(bot, channel, message, [notice]);
  if (!('ts' in posted)) return posted.failure;
  await keep(bot, notice, posted, isGone ? parent : undefined);
  await close(bot, notice, channel, open);
  return sent(posted);
}

async function post(
  { call }: Bot,
  channel: string,
  message: SlackMessage,
  notices: readonly Notice[],
  parent?: string,
): Promise<Post> {
  const [only] = notices;
  const answer = parent !== undefined && {
    thread_ts: parent,
    reply_broadcast: only !== undefined && isForChannel(only),
  };
  const metadata = metadataOf(notices);
  const reply = await call('chat.postMessage', { channel, ...message, ...answer, metadata, ...QUIET_LINKS });
  if (!reply.ok) return reply;
  const answers = parent === undefined ? {} : { answers: parent };
  return { channel, ts: String(reply.body.ts ?? ''), ...answers };
}

/** Shows in the first message of each thread that all is clear; gives what stands in the way and may pass. */
async function showClear(
  { call }: Bot,
  notice: Notice,
  channel: string,
  open: readonly Thread[],
): Promise<Outcome | undefined> {
  if (notice.reason !== 'resolved') return undefined;
  const replies = await Promise.all(
    open.map((thread) => call('chat.update', { channel, ts: thread.ts, ...clearedMessage(notice, thread) })),
  );
  const failures = replies.flatMap((reply) => (reply.ok ? [] : [reply.failure]));
  const passing = failures.find(({ state }) => state !== 'rejected');
  // The answer was not posted: whatever became of the update, it can be made again.
  return (
    passing && { ...passing, state: 'refused', why: `the first message stays as it was: ${passing.why}` }
  );
}

/** Keeps a new thread. What cannot be kept costs a new one later, and no message. */
async function keep(bot: Bot, notice: Notice, { channel, ts, answers }: Posted, gone?: string) {
  const [reference] = notice.references;
  if (answers !== undefined || ts === '' || reference === undefined || !beginsThread(notice)) return;
  const blocks = JSON.stringify(slackMessage(notice, { possibleRepeat: false }).blocks);
  const thread: Thread = { reference, ts, isOpen: true, openedAt: toInstant(bot.now()), blocks };
  await bot.threads.open(notice.subject.image.repository, channel, thread, gone).catch(() => undefined);
}

async function close({ threads }: Bot, notice: Notice, channel: string, open: readonly Thread[]) {
  if (notice.reason !== 'resolved') return;
  const { repository } = notice.subject.image;
  await Promise.all(open.map((thread) => threads.close(repository, channel, thread).catch(() => undefined)));
}

/** Ends the threads of a notice that was told in a digest; one that cannot be changed now stays open. */
async function findThenEnd(bot: Bot, notice: Notice, channel: string): Promise<void> {
  if (notice.reason !== 'resolved') return;
  const open = ((await findThreads(bot, notice, channel)) ?? []).filter(({ isOpen }) => isOpen);
  if (!(await showClear(bot, notice, channel, open))) await close(bot, notice, channel, open);
}

/** Undefined when the ledger cannot be asked: then nothing is sent, and the queue brings the notice again. */
async function findThreads(
  { threads }: Bot,
  { subject, references }: Notice,
  channel: string,
): Promise<readonly Thread[] | undefined> {
  return threads.find(subject.image.repository, references, channel).catch(() => undefined);
}

interface Looking {
  readonly channel: string;
  readonly threads: readonly Thread[];
  readonly sinceMs: number;
  readonly reads: readonly Read[];
}

/** What the messages since the first try say about a notice; what was left to be done about one that is there is done. */
async function settleLook(
  bot: Bot,
  notice: Notice,
  { channel, threads, sinceMs, reads }: Looking,
): Promise<Looked> {
  const messages = reads.flatMap((read) => (read.state === 'read' ? read.messages : []));
  const found = messages.find(({ ids }) => ids.includes(noticeId(notice)));
  if (found) {
    const { ts, threadTs, ids } = found;
    const answers = threadTs === undefined || threadTs === ts ? {} : { answers: threadTs };
    if (ids.length === 1) await keep(bot, notice, { channel, ts, ...answers });
    await findThenEnd(bot, notice, channel);
    return { state: 'there', receipt: `${channel}/${ts}` };
  }
  const [unread] = reads.flatMap((read) => (read.state === 'read' ? [] : [read]));
  if (unread) return unread;
  // It may be in a thread that another has taken the place of since.
  const isReplaced = threads.some(({ openedAt }) => Date.parse(openedAt) >= sinceMs);
  if (isReplaced && !isForChannel(notice)) return { state: 'unclear', why: 'its thread was replaced' };
  return { state: 'absent' };
}

function isFound(read: Read, notice: Notice): boolean {
  const id = noticeId(notice);
  return read.state === 'read' && read.messages.some(({ ids }) => ids.includes(id));
}

function sent({ channel, ts }: Posted): Outcome {
  return { state: 'sent', ...(ts && { receipt: `${channel}/${ts}` }) };
}

function faultOf(channel: string): Outcome | undefined {
  if (channel === '') return NO_CHANNEL;
  return isChannelId(channel) ? undefined : NOT_A_CHANNEL;
}

const QUIET_LINKS = { unfurl_links: false, unfurl_media: false } as const;

const NO_THREADS = { state: 'refused', why: 'the ledger could not be asked for the thread' } as const;

/** A deployment with the parameter is on its way, or the token should be a webhook. */
const NO_CHANNEL: Outcome = {
  state: 'refused',
  why: 'a bot token needs a channel: deploy with --param="slackChannel=C0123456789"',
};

const NOT_A_CHANNEL: Outcome = {
  state: 'rejected',
  why: "the channel is not the id of one: take it from the end of the channel's About (C0123456789)",
};
