import { describe, expect, onTestFinished, test } from 'vitest';
import { dropped, replyLost } from '../../../local/reply-script.ts';
import { rateLimited, type SlackServer, startSlack } from '../../../local/slack.ts';

async function startChannel(): Promise<SlackServer> {
  const server = await startSlack();
  onTestFinished(() => server.close());
  return server;
}

async function post(url: string, message: unknown) {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return { status: reply.status, text: await reply.text(), retryAfter: reply.headers.get('retry-after') };
}

const ok = { status: 200, text: 'ok', retryAfter: null };
const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) });
const plainText = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const header = (text: object) => ({ type: 'header', text });
const divider = { type: 'divider' };

describe('a message', () => {
  test('is answered with ok and shown with its time of arrival', async () => {
    const server = await startChannel();
    const before = Date.now();
    const message = { text: '3 critical', blocks: [header(plainText(10)), divider] };
    expect(await post(server.webhookUrl, message)).toEqual(ok);
    expect(server.messages).toEqual([{ arrivedAt: expect.any(Date), message }]);
    expect(server.messages[0]?.arrivedAt.getTime()).toBeGreaterThanOrEqual(before);
  });

  test.each<[string, unknown[]]>([
    ['50 blocks', Array(50).fill(divider)],
    ['a header of 150 characters', [header(plainText(150))]],
    ['a section of 3000 characters', [{ type: 'section', text: mrkdwn(3000) }]],
    ['a section of 10 fields of 2000', [{ type: 'section', fields: Array(10).fill(mrkdwn(2000)) }]],
    ['a context of 10 elements', [{ type: 'context', elements: Array(10).fill(mrkdwn(1)) }]],
    ['25 actions', [{ type: 'actions', elements: Array(25).fill({ type: 'button' }) }]],
  ])('may have %s', async (_what, blocks) => {
    const server = await startChannel();
    expect(await post(server.webhookUrl, { blocks })).toEqual(ok);
  });

  test.each<[string, unknown]>([
    ['51 blocks', Array(51).fill(divider)],
    ['a header of 151 characters', [header(plainText(151))]],
    ['a header in mrkdwn', [header(mrkdwn(10))]],
    ['a header without text', [{ type: 'header' }]],
    ['a section of 3001 characters', [{ type: 'section', text: mrkdwn(3001) }]],
    ['an empty section', [{ type: 'section', text: mrkdwn(0) }]],
    ['a section without text and fields', [{ type: 'section' }]],
    ['a section of 11 fields', [{ type: 'section', fields: Array(11).fill(mrkdwn(1)) }]],
    ['a field of 2001 characters', [{ type: 'section', fields: [mrkdwn(2001)] }]],
    ['a context of 11 elements', [{ type: 'context', elements: Array(11).fill(mrkdwn(1)) }]],
    ['an empty context', [{ type: 'context', elements: [] }]],
    ['26 actions', [{ type: 'actions', elements: Array(26).fill({ type: 'button' }) }]],
    ['a block of an unknown kind', [{ type: 'carousel' }]],
    ['a block that is null', [null]],
    ['blocks that are no list', {}],
  ])('may not have %s', async (_what, blocks) => {
    const server = await startChannel();
    const reply = await post(server.webhookUrl, { text: 'fallback', blocks });
    expect(reply).toMatchObject({ status: 400, text: 'invalid_blocks' });
    expect(server.messages).toEqual([]);
  });

  test.each([
    ['{', 'invalid_payload'],
    ['"text"', 'invalid_payload'],
    ['{}', 'no_text'],
    ['{"text":"","blocks":[]}', 'no_text'],
  ])('%s is refused with %s', async (body, text) => {
    const server = await startChannel();
    expect(await post(server.webhookUrl, body)).toMatchObject({ status: 400, text });
  });

  test('needs the right webhook', async () => {
    const server = await startChannel();
    const reply = await post(`${server.url}/services/T000/B000/OTHER`, { text: 'hi' });
    expect(reply).toMatchObject({ status: 404, text: 'no_service' });
  });
});

describe('planned replies', () => {
  test('are given in order and leave no message', async () => {
    const server = await startChannel();
    server.plan(rateLimited(3));
    server.plan({ status: 403, body: 'action_prohibited' });
    server.plan({ status: 500, body: 'rollup_error' });
    const message = { text: 'hi' };
    expect(await post(server.webhookUrl, message)).toEqual({
      status: 429,
      text: 'rate_limited',
      retryAfter: '3',
    });
    expect(await post(server.webhookUrl, message)).toMatchObject({ status: 403, text: 'action_prohibited' });
    expect(await post(server.webhookUrl, message)).toMatchObject({ status: 500 });
    expect(server.messages).toEqual([]);
    expect(await post(server.webhookUrl, message)).toEqual(ok);
    expect(server.messages).toHaveLength(1);
  });

  test('can drop the request, or show the message and lose the reply', async () => {
    const server = await startChannel();
    server.plan(dropped);
    server.plan(replyLost);
    await expect(post(server.webhookUrl, { text: 'never seen' })).rejects.toThrow('fetch failed');
    await expect(post(server.webhookUrl, { text: 'seen' })).rejects.toThrow('fetch failed');
    expect(server.messages.map(({ message }) => message.text)).toEqual(['seen']);
  });
});
