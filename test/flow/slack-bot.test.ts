import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from './findings.ts';
import { type Flow, startFlow } from './stack.ts';
import { replyLost, startTroubledWay, type Trouble, type TroubledWay } from './trouble.ts';

const SLACK = '/scan-response/dev/slack-webhook-url';
const CHANNEL = 'C0LOCAL001';

let flow: Flow;
let way: TroubledWay;

beforeAll(async () => {
  way = await startTroubledWay(() => flow.stack.slack.url, ['authorization']);
  flow = await startFlow({
    environment: { SCAN_RESPONSE_SLACK_CHANNEL: CHANNEL, SCAN_RESPONSE_SLACK_API_URL: way.url },
  });
  flow.stack.parameters.set(SLACK, flow.stack.slack.workspace.token);
});
afterAll(async () => {
  await flow?.stop();
  await way?.close();
});

/** One image with so many critical findings, until everybody has heard of it. */
async function tell(repository: string, criticals = 1): Promise<void> {
  const { digest } = flow.push(repository);
  flow.scan(repository, digest, basicAnswer(criticals > 0 ? basicFindings('CRITICAL', criticals) : []));
  await flow.settled(repository);
}

function messagesAbout(repository: string) {
  return flow.stack.slack.workspace.messages.filter((it) => JSON.stringify(it.blocks).includes(repository));
}

async function slackState(repository: string): Promise<unknown> {
  const items = await flow.items('ledger', repository);
  return items.filter(({ sk }) => `${sk}`.startsWith('DLV#slack#')).map(({ state }) => state);
}

const posts = '/api/chat.postMessage';
const lost: Trouble = { ...replyLost, path: posts };
const said = (error: string): Trouble => ({
  path: posts,
  status: 200,
  headers: { 'content-type': 'application/json', 'retry-after': '1' },
  body: JSON.stringify({ ok: false, error }),
});

describe('the packaged function with a bot token', () => {
  test.concurrent.each([1, 2])(
    'replies lost %i times: one message, no mark, settled with its ts',
    async (times) => {
      const repository = `bot/lost-${times}`;
      // Only the first can be lost after Slack has it: then it is found.
      way.plan(repository, ...Array(times - 1).fill({ path: posts, status: 502 }), lost);
      await tell(repository);
      const [message, ...others] = messagesAbout(repository);
      expect(others).toEqual([]);
      expect(JSON.stringify(message)).not.toContain('ossible repeat');
      const items = await flow.items('ledger', repository);
      expect(items.find(({ sk }) => `${sk}`.startsWith('DLV#slack#'))).toMatchObject({
        state: 'SENT',
        receipt: `${CHANNEL}/${message?.ts}`,
      });
      expect(flow.got(repository).deadLetters).toEqual([]);
    },
  );

  test.concurrent('limited, and then broken: one message', async () => {
    way.plan('bot/trouble', said('ratelimited'), said('internal_error'));
    await tell('bot/trouble');
    expect(messagesAbout('bot/trouble')).toHaveLength(1);
    expect(await slackState('bot/trouble')).toEqual(['SENT']);
  });

  test.concurrent('a rescan answers in the thread, and when all is clear the first message says so', async () => {
    await tell('bot/thread', 1);
    await tell('bot/thread', 2);
    await tell('bot/thread', 0);
    const [parent, more, clear] = messagesAbout('bot/thread');
    expect(parent).toMatchObject({ updates: 1, text: expect.stringContaining('is clear') });
    expect(more).toMatchObject({ thread_ts: parent?.ts, reply_broadcast: true });
    expect(clear).toMatchObject({ thread_ts: parent?.ts, reply_broadcast: false });
    await tell('bot/thread', 3);
    expect(messagesAbout('bot/thread').at(-1)).not.toHaveProperty('thread_ts');
  });

  test.concurrent('not in the channel: a dead letter that says what to do, without the token', async () => {
    way.plan('bot/uninvited', said('not_in_channel'));
    await tell('bot/uninvited');
    const [letter] = flow.got('bot/uninvited').deadLetters;
    expect(letter?.reason).toContain('not_in_channel: invite the app to the channel');
    expect(JSON.stringify(flow.stack.logs)).not.toContain(flow.stack.slack.workspace.token);
  });
});
