import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { snsFault } from '../../local/sns.ts';
import { basicFindings } from './findings.ts';
import { type Flow, gaugeSet, startFlow } from './stack.ts';
import { dropped, replyLost, startTroubledWay, type Trouble, type TroubledWay } from './trouble.ts';

let flow: Flow;
let toSlack: TroubledWay;
let toDatadog: TroubledWay;
let toSns: TroubledWay;

beforeAll(async () => {
  toSlack = await startTroubledWay(() => flow.stack.slack.url);
  toDatadog = await startTroubledWay(() => flow.stack.datadog.url);
  toSns = await startTroubledWay(() => flow.stack.sns.url);
  flow = await startFlow({
    environment: { SCAN_RESPONSE_DATADOG_URL: toDatadog.url, AWS_ENDPOINT_URL_SNS: toSns.url },
  });
  const { parameters, slack } = flow.stack;
  for (const [name, secret] of parameters) {
    if (secret === slack.webhookUrl) parameters.set(name, secret.replace(slack.url, toSlack.url));
  }
});
afterAll(async () => {
  await flow?.stop();
  await Promise.all([toSlack, toDatadog, toSns].map((way) => way?.close()));
});

/** One image with one critical finding: one message for Slack and SNS, gauges and an event for Datadog. */
function tell(repository: string): void {
  const { digest } = flow.push(repository);
  flow.scan(repository, digest, basicAnswer(basicFindings('CRITICAL')));
}

/** The ledger's states of the repository's notices, by sink. */
async function noticeStates(repository: string): Promise<Record<string, unknown>> {
  const deliveries = (await flow.items('ledger', repository)).filter(({ sk }) =>
    /^DLV#\w+#open-/.test(`${sk}`),
  );
  return Object.fromEntries(deliveries.map(({ sk, state }) => [`${sk}`.split('#')[1], state]));
}

/** One message in each sink, nothing twice, nothing in the dead letters. */
async function expectToldOnce(repository: string): Promise<void> {
  const { slack, sns, events, gauges, deadLetters } = flow.got(repository);
  expect([slack.length, sns.length, events.length]).toEqual([1, 1, 1]);
  expect(gauges).toEqual([gaugeSet('latest', { critical: 1 })]);
  expect(deadLetters).toEqual([]);
  expect(await noticeStates(repository)).toEqual({ datadog: 'SENT', slack: 'SENT', sns: 'SENT' });
}

const rateLimited: Trouble = { status: 429, headers: { 'retry-after': '1' }, body: 'rate_limited' };
const overloaded: Trouble = { status: 500, body: 'oops' };

describe('N: a sink in trouble hears later, once', () => {
  test.concurrent('N: Slack and Datadog answer 500, and SNS does not wait for them', async () => {
    // Long enough that a busy machine sees them wait; Datadog has two deliveries, the gauges and the event.
    toSlack.plan('n/two-500', overloaded, overloaded);
    toDatadog.plan('n/two-500', ...Array(4).fill(overloaded));
    tell('n/two-500');
    await expect
      .poll(() => noticeStates('n/two-500'), { timeout: 15_000 })
      .toEqual({ datadog: 'RETRY', slack: 'RETRY', sns: 'SENT' });
    const { slack, sns, events, gauges } = flow.got('n/two-500');
    expect([slack.length, sns.length, events.length, gauges.length]).toEqual([0, 1, 0, 0]);
    await flow.settled('n/two-500');
    await expectToldOnce('n/two-500');
    expect(flow.got('n/two-500').slackBodies[0]).not.toContain('Possible repeat');
  });

  test.concurrent('N: the connection to Slack breaks before it has the message', async () => {
    toSlack.plan('n/slack-dropped', dropped);
    tell('n/slack-dropped');
    await flow.settled('n/slack-dropped');
    await expectToldOnce('n/slack-dropped');
  });

  test.concurrent("N: Slack's reply is lost: at most one more, and it says so", async () => {
    toSlack.plan('n/slack-lost', replyLost);
    tell('n/slack-lost');
    await flow.settled('n/slack-lost');
    const { slack, slackBodies, sns, events } = flow.got('n/slack-lost');
    expect([slack.length, sns.length, events.length]).toEqual([2, 1, 1]);
    expect(slackBodies.map((body) => body.includes('Possible repeat'))).toEqual([false, true]);
  });

  test.concurrent("N: SNS's reply is lost: the repeat has the same id and says so", async () => {
    toSns.plan('n/sns-lost', replyLost);
    tell('n/sns-lost');
    await flow.settled('n/sns-lost');
    const { slack, sns, events } = flow.got('n/sns-lost');
    expect([slack.length, sns.length, events.length]).toEqual([1, 2, 1]);
    expect(sns.map(({ body }) => body.possibleRepeat)).toEqual([false, true]);
    expect(new Set(sns.map(({ body }) => body.id)).size).toBe(1);
  });

  test.concurrent('N: SNS throttles', async () => {
    toSns.plan('n/sns-throttled', snsFault('Throttled', 'Rate exceeded', 429));
    tell('n/sns-throttled');
    await flow.settled('n/sns-throttled');
    await expectToldOnce('n/sns-throttled');
    expect(flow.got('n/sns-throttled').sns[0]?.body.possibleRepeat).toBe(false);
  });

  test.concurrent('N: Datadog answers 429 and says when its window ends', async () => {
    const body = '{"errors":["Too many requests"]}';
    const limited = { status: 429, headers: { 'x-ratelimit-reset': '1' }, body };
    toDatadog.plan('n/datadog-429', limited, limited);
    tell('n/datadog-429');
    await flow.settled('n/datadog-429');
    await expectToldOnce('n/datadog-429');
  });

  test.concurrent('N: Slack answers 429 with Retry-After', async () => {
    toSlack.plan('n/slack-429', rateLimited, rateLimited);
    tell('n/slack-429');
    await flow.settled('n/slack-429');
    await expectToldOnce('n/slack-429');
    const { logs } = flow.stack;
    const pauses = logs.filter(({ line }) => JSON.stringify(line).includes('Slack answered 429'));
    expect(pauses.map(({ line }) => line)).toMatchObject([
      { retryAfterSeconds: 1 },
      { retryAfterSeconds: 1 },
    ]);
  });
});

describe('N: a sink that refuses for good', () => {
  const forbidden: Trouble = { status: 403, body: '{"errors":["Forbidden"]}' };

  test.concurrent('N: Datadog refuses the key once, and takes it when it is read afresh', async () => {
    toDatadog.plan('n/datadog-rotated', { ...forbidden, path: '/api/v1/events' });
    tell('n/datadog-rotated');
    await flow.settled('n/datadog-rotated');
    await expectToldOnce('n/datadog-rotated');
  });

  test.concurrent('N: Datadog refuses the key: dead letters with a reason, once, without the key', async () => {
    toDatadog.plan('n/datadog-403', forbidden, forbidden, forbidden, forbidden);
    tell('n/datadog-403');
    await flow.settled('n/datadog-403');
    const { slack, sns, events, gauges, deadLetters } = flow.got('n/datadog-403');
    expect([slack.length, sns.length, events, gauges]).toEqual([1, 1, [], []]);
    const reason = 'datadog rejected it: Datadog answered 403: Forbidden';
    expect(deadLetters.map((letter) => letter.reason)).toEqual([reason, reason]);
    expect(await noticeStates('n/datadog-403')).toMatchObject({
      datadog: 'DEAD',
      slack: 'SENT',
      sns: 'SENT',
    });
    expect(JSON.stringify(flow.stack.logs)).not.toContain('local-api-key');
  });

  test.concurrent("N: Slack's channel is archived: a dead letter, which a person can redrive", async () => {
    const archived = { status: 410, body: 'channel_is_archived' };
    toSlack.plan('n/slack-archived', archived);
    tell('n/slack-archived');
    await flow.settled('n/slack-archived');
    const { slack, sns, events, deadLetters } = flow.got('n/slack-archived');
    expect([slack.length, sns.length, events.length]).toEqual([0, 1, 1]);
    expect(deadLetters).toMatchObject([
      { reason: 'slack rejected it: Slack answered 410 channel_is_archived' },
    ]);
    for (const { body } of deadLetters) flow.stack.queues.get('SlackQueue')?.send({ body });
    await flow.settled('n/slack-archived');
    expect(flow.got('n/slack-archived').slack).toHaveLength(1);
  });
});
