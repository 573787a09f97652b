import { expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from './findings.ts';
import { flowForFile } from './stack.ts';

// Two messages in three seconds; what comes then waits and goes together. The scans take ten seconds and more, as they are
// paced: with five most of them would go alone.
const flow = flowForFile({
  environment: { SCAN_RESPONSE_SLACK_DIGEST_AFTER: '2', SCAN_RESPONSE_SLACK_DIGEST_WINDOW_SECONDS: '3' },
});

const IMAGES = 40;

test('N: a storm is a few messages in Slack that name every image; SNS and Datadog hear of each by itself', async () => {
  const names = Array.from({ length: IMAGES }, (_, n) => `n/storm-${n}`);
  const pushed = names.map((name) => ({ name, digest: flow().push(name).digest }));
  await flow().settled(names.at(-1) ?? '');
  for (const { name, digest } of pushed) flow().scan(name, digest, basicAnswer(basicFindings('CRITICAL', 1)));
  for (const name of names) await flow().settled(name);

  const { messages } = flow().stack.slack;
  const bodies = messages.map(({ message }) => JSON.stringify(message));
  const naming = names.map((name) => bodies.filter((body) => body.includes(`${name}:latest`)).length);
  expect(naming).toEqual(names.map(() => 1));
  expect(bodies.length).toBeLessThan(30);
  expect(bodies.some((body) => body.includes('notices in one message'))).toBe(true);
  expect(names.map((name) => flow().got(name).sns.length)).toEqual(names.map(() => 1));
  expect(names.map((name) => flow().got(name).events.length)).toEqual(names.map(() => 1));

  const items = await Promise.all(names.map((name) => flow().items('ledger', name)));
  const deliveries = items.flat().filter(({ sk }) => `${sk}`.startsWith('DLV#slack#'));
  expect(deliveries.map(({ state }) => state)).toEqual(names.map(() => 'SENT'));
  const receipts = deliveries.flatMap(({ receipt }) => (receipt ? [String(receipt)] : []));
  expect(receipts.length).toBeGreaterThan(IMAGES / 2);
  for (const receipt of new Set(receipts)) {
    const mark = receipt.replace('digest ', '');
    const told = bodies.filter((body) => body.includes(mark));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`${receipts.filter((it) => it === receipt).length} notices in one message`);
  }
}, 60_000);
