import { beforeAll, expect, test } from 'vitest';
import { formatDelivery } from '../../lib/delivery/wire.ts';
import { toInstant } from '../../lib/instant.ts';
import type { Notice } from '../../lib/policy/notice.ts';
import { toCounts } from '../../lib/scan/severity.ts';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { aFound, aNotice, anImage, aSubject } from '../build/notice.ts';
import { applyPolicy } from './apply-policy.ts';
import { basicFindings } from './findings.ts';
import { flowForFile } from './stack.ts';

// Long enough that what becomes visible in the same second is one batch.
const flow = flowForFile({ longestGatheringSeconds: 1.5 });

const HOUR_MS = 3_600_000;
const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16);

// Before the first event: what a function has read holds for a minute. It is quiet from an hour ago on.
beforeAll(async () => {
  const [from, to] = [clock(Date.now() - HOUR_MS), clock(Date.now() + 4 * HOUR_MS)];
  await applyPolicy(
    flow(),
    `version: 1\nnotifyAt: HIGH\nquietHours: { from: "${from}", to: "${to}", zone: UTC }\n`,
  );
});

function release(repository: string, severity: string): void {
  const { digest } = flow().push(repository);
  flow().scan(repository, digest, basicAnswer(basicFindings(severity)));
}

const queued = (repository: string) =>
  (flow().stack.queues.get('SlackQueue')?.messages() ?? []).filter(({ body }) => body.includes(repository));

/** What deliver-slack logged of the notices with this key. */
const logged = (key: string) =>
  flow().stack.logs.flatMap(({ line }) => {
    const { sink, outcome, key: of } = line as Readonly<Record<string, unknown>>;
    return sink === 'slack' && of === key ? [outcome] : [];
  });

function waitingNotice(repository: string, seconds: number): Notice {
  const name = { account: '111122223333', region: 'eu-west-1', name: repository };
  return aNotice({
    key: `open-${repository}`,
    subject: aSubject({ image: anImage({ repository: name }) }),
    found: aFound({ counts: toCounts({ HIGH: 1 }) }),
    notBefore: toInstant(new Date(Date.now() + seconds * 1000)),
  });
}

function toSlack(...notices: readonly Notice[]): void {
  for (const notice of notices)
    flow()
      .stack.queues.get('SlackQueue')
      ?.send({ body: formatDelivery(notice) });
}

test.concurrent('what can wait is put back for a quarter of an hour; machines hear of it at once', async () => {
  release('quiet/high', 'HIGH');
  await expect
    .poll(() => queued('quiet/high').map((it) => [it.receiveCount, it.visibleAtMs - it.sentAtMs]), {
      timeout: 20_000,
    })
    .toEqual([[0, 900_000]]);
  const { slack, sns, events, gauges, deadLetters } = flow().got('quiet/high');
  expect([slack.length, sns.length, events.length, gauges.length]).toEqual([0, 1, 1, 1]);
  expect(deadLetters).toEqual([]);
  const items = await flow().items('ledger', 'quiet/high');
  expect(items.filter(({ sk }) => `${sk}`.startsWith('DLV#slack#'))).toEqual([]);
});

test.concurrent('a critical does not wait', async () => {
  release('quiet/critical', 'CRITICAL');
  await flow().settled('quiet/critical');
  expect(flow().got('quiet/critical').slack).toHaveLength(1);
});

test.concurrent('comes back, waits once more, and is told once, however often it was queued', async () => {
  const notice = waitingNotice('quiet/twice', 6);
  toSlack(notice);
  await expect.poll(() => logged(notice.key), { timeout: 15_000 }).toContain('waiting');
  toSlack({ ...notice, notBefore: toInstant(new Date(Date.now() - 1000)) });
  await flow().settled('quiet/twice');
  expect(flow().got('quiet/twice').slack).toHaveLength(1);
  expect(logged(notice.key).sort()).toEqual(['sent', 'sent-before', 'waiting']);
});

test.concurrent('two that waited for the same moment are one message', async () => {
  const [one, other] = [waitingNotice('quiet/one', 6), waitingNotice('quiet/other', 6)];
  toSlack(one, other);
  await Promise.all([flow().settled('quiet/one'), flow().settled('quiet/other')]);
  const texts = flow().stack.slack.messages.map(({ message }) => JSON.stringify(message));
  const [message, ...more] = texts.filter((it) => /quiet\/(?:one|other):/.test(it));
  expect(more).toEqual([]);
  for (const words of ['quiet/one:latest', 'quiet/other:latest', 'gathered since'])
    expect(message).toContain(words);
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(one.notBefore ?? ''));
  expect(logged(one.key)).toEqual(['waiting', 'sent']);
});
