import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { type PackagedService, packageService } from '../../local/package.ts';
import { snsFault } from '../../local/sns.ts';
import { chatSchemaComplaints } from '../hostile/chat-schema.ts';
import { basicFindings } from './findings.ts';
import { type Flow, startFlow } from './stack.ts';
import { replyLost, startTroubledWay, type TroubledWay } from './trouble.ts';

let packaged: PackagedService;
let flow: Flow;
let toSns: TroubledWay;

beforeAll(async () => {
  toSns = await startTroubledWay(() => flow.stack.sns.url);
  packaged = await packageService({ root: process.cwd(), reuse: true, params: { chatTopic: 'true' } });
  flow = await startFlow({ packaged, environment: { AWS_ENDPOINT_URL_SNS: toSns.url } });
});
afterAll(async () => {
  await flow?.stop();
  await packaged?.dispose();
  await toSns?.close();
});

/** One image with one critical finding. */
function tell(repository: string): void {
  const { digest } = flow.push(repository);
  flow.scan(repository, digest, basicAnswer(basicFindings('CRITICAL')));
}

/** What only a message to chat has: so its request is planned for, and not the other topic's. */
const inChat = (repository: string) => `"keywords":["${repository}"`;

/** The bodies that a topic got about a repository, in order. */
function bodiesOn(topic: 'chat' | 'notices', repository: string) {
  return flow.stack.sns.published
    .filter(({ topicArn }) => topicArn.endsWith(`-${topic}`))
    .filter(({ attributes }) => attributes.repository?.value === repository)
    .map(({ message }) => JSON.parse(message));
}

async function states(repository: string): Promise<Readonly<Record<string, unknown>>> {
  const items = await flow.items('ledger', repository);
  const notices = items.filter(({ sk }) => /^DLV#\w+#open-/.test(`${sk}`));
  return Object.fromEntries(notices.map(({ sk, state }) => [`${sk}`.split('#')[1], state]));
}

const EVERYWHERE = { datadog: 'SENT', slack: 'SENT', sns: 'SENT', chat: 'SENT' };

describe('the topic for chat applications', () => {
  test('is told once of what the other topic is told of, in its own form, and of no gauge', async () => {
    tell('chat/api');
    await flow.settled('chat/api');
    const [body, ...more] = bodiesOn('chat', 'chat/api');
    expect(more).toEqual([]);
    expect(chatSchemaComplaints(body)).toEqual([]);
    const [notice] = bodiesOn('notices', 'chat/api');
    expect(notice).toMatchObject({ schema: 'scan-response.notice/v1', id: body.id });
    expect(body.content.title).toBe('1 critical in chat/api∶latest, first scan');
    expect(await states('chat/api')).toEqual(EVERYWHERE);
    expect(flow.got('chat/api').deadLetters).toEqual([]);
  });

  test('its trouble is its own: a lost reply repeats there, marked, and not on the other topic', async () => {
    toSns.plan(inChat('chat/lost'), replyLost);
    tell('chat/lost');
    await flow.settled('chat/lost');
    const texts = bodiesOn('chat', 'chat/lost').map(({ content }) => content.description);
    expect(texts.map((text) => text.includes('Possible repeat'))).toEqual([false, true]);
    expect(new Set(bodiesOn('chat', 'chat/lost').map(({ id }) => id)).size).toBe(1);
    expect(bodiesOn('notices', 'chat/lost').map((body) => body.possibleRepeat)).toEqual([false]);
    expect(await states('chat/lost')).toEqual(EVERYWHERE);
  });

  test('refused for good it is a dead letter that names chat, and goes there when it is sent back', async () => {
    toSns.plan(inChat('chat/refused'), snsFault('AuthorizationError', 'not authorized', 403));
    tell('chat/refused');
    await flow.settled('chat/refused');
    const { deadLetters } = flow.got('chat/refused');
    expect(deadLetters.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^chat rejected it: SNS answered 403 AuthorizationError/),
    ]);
    expect(await states('chat/refused')).toEqual({ ...EVERYWHERE, chat: 'DEAD' });
    for (const { body } of deadLetters) flow.send('SnsQueue', body);
    await flow.settled('chat/refused');
    expect([bodiesOn('chat', 'chat/refused').length, bodiesOn('notices', 'chat/refused').length]).toEqual([
      1, 1,
    ]);
    expect(await states('chat/refused')).toEqual(EVERYWHERE);
  });
});
