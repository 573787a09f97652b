import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { basicAnswer, enhancedAnswer } from '../../local/ecr/findings.ts';
import { basicFindings, enhancedFindings } from './findings.ts';
import { type Event, flowForFile, type Gauges, gaugeSet } from './stack.ts';

type ScanAnswer = ReturnType<typeof basicAnswer>;

const flow = flowForFile();

/** Numbers and words that are in forged events only. */
const MANY = 987_654;
const LIE = 'forged-by-me';

/** An event of the right shape with nothing true in it but the image's name. */
function forge(kind: 'ecr-image-scan' | 'inspector2-scan', repository: string, digest: string): Event {
  const name = kind === 'ecr-image-scan' ? 'ecr-image-scan.complete' : 'inspector2-scan.initial';
  const event: Event = JSON.parse(readFileSync(`events/${name}.json`, 'utf8'));
  const detail = {
    ...event.detail,
    'repository-name': repository,
    'image-digest': digest,
    'image-tags': [LIE],
    'finding-severity-counts': { CRITICAL: MANY, HIGH: MANY, TOTAL: MANY },
    findings: [{ name: LIE, severity: 'CRITICAL' }],
    imageScanFindings: { findingSeverityCounts: { CRITICAL: MANY } },
  };
  return { ...event, account: flow().stack.registry.account, region: flow().stack.registry.region, detail };
}

/** Pushes an image, gives ECR its answer, and says nothing of it: whoever forges is first. */
function pushScanned(repository: string, answer?: ScanAnswer): string {
  const { digest } = flow().push(repository);
  if (answer) flow().stack.registry.scan(repository, digest, answer);
  return digest;
}

/** Nothing that was forged is anywhere: not in what was sent, nor in what is remembered. */
async function expectNoLie(repository: string): Promise<void> {
  const { slackBodies, sns, events, gauges, fixable } = flow().got(repository);
  const items = [
    ...(await flow().items('ledger', repository)),
    ...(await flow().items('lineage', repository)),
  ];
  const everything = JSON.stringify([slackBodies, sns, events, gauges, fixable, items]);
  expect(everything).not.toContain(String(MANY));
  expect(everything).not.toContain(MANY.toLocaleString('en'));
  expect(everything).not.toContain(LIE);
}

interface Case {
  readonly name: string;
  readonly answer: ScanAnswer;
  readonly change?: Readonly<Record<string, unknown>>;
  readonly gauges: Gauges;
  /** What Slack says, where anything is said. */
  readonly said?: string;
}

const oneOfEach = [...basicFindings('CRITICAL'), ...basicFindings('HIGH', 2)];
const CASES: readonly Case[] = [
  { name: 'clean', answer: basicAnswer([]), gauges: gaugeSet('latest') },
  {
    name: 'said-to-be-worse',
    answer: basicAnswer(oneOfEach),
    gauges: gaugeSet('latest', { critical: 1, high: 2 }),
    said: '1 critical',
  },
  {
    name: 'said-to-be-clean',
    answer: basicAnswer(oneOfEach),
    change: { 'finding-severity-counts': {} },
    gauges: gaugeSet('latest', { critical: 1, high: 2 }),
    said: '1 critical',
  },
  {
    name: 'said-to-have-failed',
    answer: basicAnswer(basicFindings('CRITICAL', 3)),
    change: { 'scan-status': 'FAILED' },
    gauges: gaugeSet('latest', { critical: 3 }),
    said: '3 critical',
  },
  {
    name: 'counts-of-another-kind',
    answer: basicAnswer(basicFindings('LOW', 2)),
    change: { 'finding-severity-counts': { CRITICAL: '<!channel>', [LIE]: [MANY] } },
    gauges: gaugeSet('latest', { low: 2 }),
  },
  {
    name: 'enhanced',
    answer: enhancedAnswer([...enhancedFindings('CRITICAL', 2), ...enhancedFindings('LOW', 5)]),
    gauges: gaugeSet('latest', { critical: 2, low: 5 }),
    said: '2 critical',
  },
];

describe.concurrent.each(['ecr-image-scan', 'inspector2-scan'] as const)(
  'a forged %s, straight into the queue',
  (kind) => {
    test.concurrent.each(CASES)('$name: every number is what ECR says', async (it) => {
      const repository = `forged/${kind}/${it.name}`;
      const digest = pushScanned(repository, it.answer);
      const event = forge(kind, repository, digest);
      flow().send('ScansQueue', JSON.stringify({ ...event, detail: { ...event.detail, ...it.change } }));
      await flow().settled(repository);
      const { gauges, slack, sns, events, deadLetters } = flow().got(repository);
      expect(gauges).toEqual([it.gauges]);
      expect(slack).toEqual(it.said ? [expect.stringContaining(`${it.said} in ${repository}:latest`)] : []);
      expect([sns.length, events.length, deadLetters.length]).toEqual([slack.length, slack.length, 0]);
      if (it.said) expect(sns[0]?.body.counts?.CRITICAL).toBe(it.gauges.critical);
      await expectNoLie(repository);
    });

    test.concurrent('an image that was never scanned is never a number', async () => {
      const repository = `forged/${kind}/never-scanned`;
      flow().send('ScansQueue', JSON.stringify(forge(kind, repository, pushScanned(repository))));
      await flow().settled(repository);
      const { gauges, sns } = flow().got(repository);
      expect(gauges).toEqual([]);
      expect(sns.map(({ body }) => body.counts)).toEqual(sns.map(() => null));
      await expectNoLie(repository);
    });

    test.concurrent("another repository's image tells nobody anything of this one", async () => {
      const repository = `forged/${kind}/innocent`;
      flow().push(repository);
      const guilty = pushScanned(`forged/${kind}/guilty`, basicAnswer(basicFindings('CRITICAL', 4)));
      flow().send('ScansQueue', JSON.stringify(forge(kind, repository, guilty)));
      for (const name of [repository, `forged/${kind}/guilty`]) {
        await flow().settled(name);
        const { gauges, slack, sns, events } = flow().got(name);
        expect([gauges, slack, sns, events]).toEqual([[], [], [], []]);
        await expectNoLie(name);
      }
    });

    test.concurrent('a hundred of them are one alert', async () => {
      const repository = `forged/${kind}/a-hundred`;
      const digest = pushScanned(repository, basicAnswer(basicFindings('CRITICAL')));
      for (let index = 0; index < 100; index += 1) {
        const event = forge(kind, repository, digest);
        flow().send('ScansQueue', JSON.stringify({ ...event, id: `${index}-${event.id}` }));
      }
      await flow().settled(repository);
      const { gauges, slack, sns, events } = flow().got(repository);
      expect(gauges).toEqual([gaugeSet('latest', { critical: 1 })]);
      expect([slack.length, sns.length, events.length]).toEqual([1, 1, 1]);
      await expectNoLie(repository);
    });
  },
);

// A promise that looks fresh is waited for, within bounds; then it may say that something is missing, without a number.
describe.concurrent('a forged promise that looks fresh', () => {
  const oneCritical = basicAnswer(basicFindings('CRITICAL'));

  test.concurrent.each([
    ['of findings', oneCritical, '1 critical in', [gaugeSet('latest', { critical: 1, high: MANY })]],
    ['of a clean image', basicAnswer([]), 'list of findings incomplete', []],
  ])('%s delays, and no number is its own', async (name, answer, said, gauges) => {
    const repository = `forged/fresh/${name.replaceAll(' ', '-')}`;
    const event = forge('ecr-image-scan', repository, pushScanned(repository, answer));
    const sentMs = Date.now();
    flow().send('ScansQueue', JSON.stringify({ ...event, time: new Date().toISOString() }));
    await flow().settled(repository);
    expect(Date.now() - sentMs).toBeGreaterThan(3_000);
    const got = flow().got(repository);
    expect(got.slack).toEqual([expect.stringContaining(said)]);
    expect(got.sns).toMatchObject([{ body: { listIncomplete: true } }]);
    // High was promised and is zero, so nobody knows: it has no gauge.
    const known = gauges.map(({ high: _, ...rest }) => rest);
    expect(got.gauges).toEqual(known);
    await expectNoLie(repository);
  });
});

test('a lie that reached an alert would be seen', async () => {
  const { digest } = flow().push('forged/believed', { tags: [LIE] });
  flow().scan('forged/believed', digest, basicAnswer(basicFindings('CRITICAL')));
  await flow().settled('forged/believed');
  await expect(expectNoLie('forged/believed')).rejects.toThrow(LIE);
});
