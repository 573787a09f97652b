import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { enhancedAnswer } from '../../local/ecr/findings.ts';
import { toldFrom } from '../../local/told-from.ts';
import { enhancedFindings } from './findings.ts';
import { type Event, flowForFile, gaugeSet } from './stack.ts';

const WINDOW_SECONDS = 4;
const flow = flowForFile({ environment: { SCAN_RESPONSE_DEBOUNCE_SECONDS: String(WINDOW_SECONDS) } });

/** One of our samples, about this image; each has an id of its own. */
function finding(
  status: 'active' | 'closed' | 'suppressed',
  repository: string,
  digest: string,
  nth = 0,
): Event {
  const { account, region } = flow().stack.registry;
  const text = readFileSync(`events/inspector2-finding.${status}.json`, 'utf8')
    .replaceAll('shop/checkout', repository)
    .replaceAll(/sha256:[0-9a-f]{64}/g, digest);
  const event: Event & { readonly id: string } = JSON.parse(text);
  return toldFrom({ ...event, id: `${event.id}-${nth}` }, account, region);
}

/** Inspector looks again: another answer, and no event of a scan. */
function rescan(repository: string, digest: string, critical: number): void {
  flow().stack.registry.setScan(repository, digest, enhancedAnswer(enhancedFindings('CRITICAL', critical)));
}

/** How often the scan was answered: each time is one reading of its facts. */
const readings = (repository: string) =>
  flow().stack.logs.filter(({ line }) => {
    const { message, repository: about, decisions } = line as Readonly<Record<string, unknown>>;
    return message === 'answered' && about === repository && decisions !== undefined;
  }).length;

describe('findings of an image that was scanned long ago', () => {
  test('a new one speaks, the last one that closes is resolved', async () => {
    const repository = 'continuous/one';
    const { digest } = flow().push(repository);
    flow().scan(repository, digest, enhancedAnswer([]));
    await flow().settled(repository);
    rescan(repository, digest, 2);
    flow().stack.bus.put(finding('active', repository, digest));
    await flow().settled(repository);
    rescan(repository, digest, 0);
    flow().stack.bus.put(finding('suppressed', repository, digest));
    flow().stack.bus.put(finding('closed', repository, digest));
    await flow().settled(repository);
    const { slack, sns, gauges, decisions } = flow().got(repository);
    expect(decisions).toEqual(['silence: below-threshold', 'notice: worse', 'notice: resolved']);
    expect(slack).toEqual([
      expect.stringContaining(`2 critical in ${repository}:latest, 2 new`),
      expect.stringContaining(`${repository}:latest is clear`),
    ]);
    expect(sns.map(({ body }) => body.event)).toEqual(['opened', 'resolved']);
    expect(gauges.map(({ critical }) => critical)).toEqual([0, 2, 0]);
    expect(gauges.at(-1)).toEqual(gaugeSet('latest'));
  });

  test('500 of three images are a reading of each per window, and the last state is read', async () => {
    const repositories = ['continuous/a', 'continuous/b', 'continuous/c'];
    const digests = repositories.map((repository) => flow().push(repository).digest);
    const image = (nth: number) => [repositories[nth % 3] ?? '', digests[nth % 3] ?? ''] as const;
    for (const nth of [0, 1, 2]) flow().scan(...image(nth), enhancedAnswer([]));
    for (const repository of repositories) await flow().settled(repository);
    const before = repositories.map(readings);
    expect(before).toEqual([1, 1, 1]);
    const startedMs = Date.now();
    for (let nth = 0; nth < 500; nth += 1) {
      const [repository, digest] = image(nth);
      rescan(repository, digest, Math.floor(nth / 100) + 1);
      flow().stack.bus.put(finding('active', repository, digest, nth));
    }
    for (const repository of repositories) await flow().settled(repository);
    const read = repositories.reduce((sum, repository) => sum + readings(repository), 0) - 3;
    // A window is over for whoever comes in its last tenth. In virtual time: test/unit/debounce.test.ts.
    const windows = Math.ceil((Date.now() - startedMs) / 1000 / (WINDOW_SECONDS * 0.9));
    expect(read).toBeGreaterThanOrEqual(3);
    expect(read).toBeLessThanOrEqual(3 * windows);
    for (const repository of repositories) {
      const { gauges, deadLetters } = flow().got(repository);
      expect(gauges.at(-1)).toEqual(gaugeSet('latest', { critical: 5 }));
      expect(deadLetters).toEqual([]);
    }
    process.stdout.write(`continuous: 500 findings of 3 images, ${read} readings in ${windows} windows\n`);
  });

  test('of an image that is gone, and of other kinds of resources: nobody hears of it', async () => {
    const repository = 'continuous/gone';
    const { digest } = flow().push('continuous/other');
    flow().stack.bus.put(finding('closed', repository, digest));
    await flow().settled(repository);
    const instance = finding('active', repository, digest);
    const resources = [{ type: 'AWS_EC2_INSTANCE', id: 'i-0123456789abcdef0' }];
    expect(flow().stack.bus.put({ ...instance, detail: { ...instance.detail, resources } })).toEqual([]);
    const { slack, sns, gauges, deadLetters } = flow().got(repository);
    expect([slack, sns, gauges, deadLetters]).toEqual([[], [], [], []]);
  });
});

describe('a scan whose list is shorter than its event', () => {
  test.concurrent('comes late: told when it is whole, once', async () => {
    const repository = 'continuous/late-list';
    const { digest } = flow().push(repository);
    const whole = enhancedAnswer(enhancedFindings('CRITICAL', 3));
    flow().scan(repository, digest, whole);
    flow().stack.registry.setScan(repository, digest, { ...whole, counts: {}, enhancedFindings: [] });
    await expect
      .poll(
        () => flow().stack.logs.some(({ line }) => JSON.stringify(line).includes(`${digest} has fewer`)),
        {
          timeout: 10_000,
        },
      )
      .toBe(true);
    flow().stack.registry.setScan(repository, digest, whole);
    await flow().settled(repository);
    const { slack, gauges } = flow().got(repository);
    expect(slack).toEqual([expect.stringContaining(`3 critical in ${repository}:latest`)]);
    expect(gauges).toEqual([gaugeSet('latest', { critical: 3 })]);
  });

  test.concurrent('never comes: every sink says that the list is incomplete, and no zero is measured', async () => {
    const repository = 'continuous/no-list';
    const { digest } = flow().push(repository);
    const whole = enhancedAnswer(enhancedFindings('CRITICAL', 3));
    flow().scan(repository, digest, whole);
    flow().stack.registry.setScan(repository, digest, { ...whole, counts: {}, enhancedFindings: [] });
    await flow().settled(repository);
    const { slack, slackBodies, sns, events, gauges } = flow().got(repository);
    expect(slack).toEqual([expect.stringContaining(`${repository}:latest: list of findings incomplete`)]);
    expect(slackBodies[0]).toContain('list incomplete');
    expect(events).toMatchObject([{ text: expect.stringContaining('list incomplete') }]);
    expect(sns).toMatchObject([{ body: { event: 'not-scanned', counts: null, listIncomplete: true } }]);
    expect(gauges).toEqual([]);
  });
});
