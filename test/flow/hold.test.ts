import { afterAll, beforeAll, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from './findings.ts';
import { type Flow, startFlow } from './stack.ts';
import { replyLost, startTroubledWay, type TroubledWay } from './trouble.ts';

let flow: Flow;
let toSns: TroubledWay;

beforeAll(async () => {
  toSns = await startTroubledWay(() => flow.stack.sns.url);
  flow = await startFlow({
    environment: { SCAN_RESPONSE_AFTER_LOST_REPLY: 'hold', AWS_ENDPOINT_URL_SNS: toSns.url },
  });
});
afterAll(async () => {
  await flow?.stop();
  await toSns?.close();
});

async function heldBySns(repository: string): Promise<string> {
  toSns.plan(repository, replyLost);
  const { digest } = flow.push(repository);
  flow.scan(repository, digest, basicAnswer(basicFindings('CRITICAL')));
  await flow.settled(repository);
  const { sns, deadLetters } = flow.got(repository);
  expect(sns.map(({ body }) => body.possibleRepeat)).toEqual([false]);
  expect(deadLetters).toEqual([
    { body: expect.any(String), reason: expect.stringMatching(/^on hold, sns may have it: look there/) },
  ]);
  return deadLetters[0]?.body ?? '';
}

test("SNS's reply is lost: a person decides, and what is sent back twice goes out once, marked", async () => {
  const repository = 'h/sns-lost';
  const body = await heldBySns(repository);
  for (const _ of ['once', 'and again']) {
    flow.send('SnsQueue', body);
    await flow.settled(repository);
  }
  const { sns, slack, events } = flow.got(repository);
  expect(sns.map(({ body: { possibleRepeat } }) => possibleRepeat)).toEqual([false, true]);
  expect([slack.length, events.length]).toEqual([1, 1]);
});
