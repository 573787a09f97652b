import { describe, expect, test } from 'vitest';
import { basicAnswer, enhancedAnswer } from '../../local/ecr/findings.ts';
import { basicFindings, enhancedFindings } from './findings.ts';
import { type Event, flowForFile, gaugeSet } from './stack.ts';

const flow = flowForFile();

/** The same event without one field of its detail. */
function without(field: string): (event: Event) => object {
  return (event) => {
    const { [field]: _, ...detail } = event.detail;
    expect(event.detail).toHaveProperty([field]);
    return { ...event, detail };
  };
}

/** Every sink heard once that three are critical, and shows which. */
function expectThreeCritical(repository: string, others: Readonly<Record<string, number>>): void {
  const { slack, slackBodies, sns, events, gauges } = flow().got(repository);
  const ids = [0, 1, 2].map((index) => `CVE-2026-CRITICAL-${index}`);
  expect(gauges).toEqual([gaugeSet('latest', { critical: 3, ...others })]);
  expect(slack).toEqual([expect.stringContaining(`3 critical in ${repository}:latest`)]);
  expect(ids.filter((id) => slackBodies[0]?.includes(id))).toEqual(ids);
  expect(events.map(({ text }) => ids.filter((id) => text.includes(id)))).toEqual([ids]);
  expect(sns).toMatchObject([{ body: { counts: { CRITICAL: 3 }, findings: ids.map((id) => ({ id })) } }]);
  expect(sns[0]?.attributes).toMatchObject({ event: 'opened', severity: 'CRITICAL', critical: '3' });
}

describe('A', () => {
  const low = basicFindings('LOW', 247);
  const critical = basicFindings('CRITICAL', 3);

  test.concurrent('A: 250 findings, 3 CRITICAL on the last page, are 3 critical everywhere, by name', async () => {
    const { digest } = flow().push('a/basic');
    flow().scan('a/basic', digest, basicAnswer([...low, ...critical]));
    await flow().settled('a/basic');
    expectThreeCritical('a/basic', { low: 247 });
  });

  test.concurrent('A: 2,103 basic findings over three pages', async () => {
    const { digest } = flow().push('a/long');
    flow().scan('a/long', digest, basicAnswer([...basicFindings('LOW', 2100), ...critical]));
    await flow().settled('a/long');
    expectThreeCritical('a/long', { low: 2100 });
  });

  test.concurrent('A: 250 enhanced findings, which ECR gives by the hundred', async () => {
    const { digest } = flow().push('a/enhanced');
    const findings = [...enhancedFindings('LOW', 247), ...enhancedFindings('CRITICAL', 3)];
    flow().scan('a/enhanced', digest, enhancedAnswer(findings));
    await flow().settled('a/enhanced');
    expectThreeCritical('a/enhanced', { low: 247 });
    expect(flow().got('a/enhanced').fixable).toEqual([gaugeSet('latest', { critical: 3, low: 247 })]);
  });
});

describe('enhanced scanning', () => {
  test.concurrent('B: an initial scan whose event names the repository by its ARN', async () => {
    const { digest } = flow().push('b/team/api');
    const event = flow().scan('b/team/api', digest, enhancedAnswer(enhancedFindings('CRITICAL')));
    expect(event).toMatchObject({
      detail: { 'repository-name': expect.stringMatching(/^arn:aws:ecr:.*:repository\/b\/team\/api$/) },
    });
    await flow().settled('b/team/api');
    const { slack, sns, gauges } = flow().got('b/team/api');
    expect(slack).toEqual([expect.stringContaining('1 critical in b/team/api:latest')]);
    expect(sns.map(({ attributes }) => attributes.repository)).toEqual(['b/team/api']);
    expect(gauges).toEqual([gaugeSet('latest', { critical: 1 })]);
  });

  test.concurrent('B2: nine UNTRIAGED only are nine in the gauge, and never clean', async () => {
    const { digest } = flow().push('b2/untriaged');
    flow().scan('b2/untriaged', digest, enhancedAnswer(enhancedFindings('UNTRIAGED', 9)));
    await flow().settled('b2/untriaged');
    const { gauges, slack, sns, events, decisions } = flow().got('b2/untriaged');
    expect(gauges).toEqual([gaugeSet('latest', { untriaged: 9 })]);
    expect({ slack, sns, events, decisions }).toEqual({
      slack: [],
      sns: [],
      events: [],
      decisions: ['silence: below-threshold'],
    });
  });

  test.concurrent('J: COMPLETE with enhancedFindings is an enhanced scan on push', async () => {
    const { digest } = flow().push('j/on-push');
    const findings = [...enhancedFindings('CRITICAL', 2), ...enhancedFindings('HIGH', 4)];
    flow().scan('j/on-push', digest, enhancedAnswer(findings, { status: 'COMPLETE' }));
    await flow().settled('j/on-push');
    const { gauges, sns } = flow().got('j/on-push');
    expect(gauges).toEqual([gaugeSet('latest', { critical: 2, high: 4 })]);
    expect(sns).toMatchObject([{ body: { scanType: 'enhanced', counts: { CRITICAL: 2, HIGH: 4 } } }]);
  });
});

describe('what events leave out', () => {
  test.concurrent('D: an untagged image (`image-tags: []`) with criticals is told', async () => {
    const { digest } = flow().push('d/untagged', {});
    const event = flow().scan('d/untagged', digest, basicAnswer(basicFindings('CRITICAL')));
    expect(event).toMatchObject({ detail: { 'image-tags': [] } });
    await flow().settled('d/untagged');
    const { slack, gauges, deadLetters } = flow().got('d/untagged');
    expect(slack).toEqual([expect.stringContaining('1 critical in d/untagged (newest push)')]);
    expect(gauges).toEqual([gaugeSet('/newest-push', { critical: 1 })]);
    expect(deadLetters).toEqual([]);
  });

  test.concurrent('D2: `image-tags` absent', async () => {
    const { digest } = flow().push('d2/no-tags-field');
    const answer = basicAnswer(basicFindings('CRITICAL'));
    flow().scan('d2/no-tags-field', digest, answer, without('image-tags'));
    await flow().settled('d2/no-tags-field');
    expect(flow().got('d2/no-tags-field').slack).toEqual([
      expect.stringContaining('1 critical in d2/no-tags-field:latest'),
    ]);
  });

  test.concurrent('E2: a clean scan without counts in its event is zero in every gauge, and no message', async () => {
    const { digest } = flow().push('e2/clean');
    flow().scan('e2/clean', digest, basicAnswer([]), without('finding-severity-counts'));
    await flow().settled('e2/clean');
    const { gauges, slack, sns, events } = flow().got('e2/clean');
    expect(gauges).toEqual([gaugeSet('latest')]);
    expect([slack, sns, events]).toEqual([[], [], []]);
  });

  test.concurrent('F: seven INFORMATIONAL are seven', async () => {
    const { digest } = flow().push('f/informational');
    flow().scan('f/informational', digest, basicAnswer(basicFindings('INFORMATIONAL', 7)));
    await flow().settled('f/informational');
    expect(flow().got('f/informational').gauges).toEqual([gaugeSet('latest', { informational: 7 })]);
  });

  test.concurrent.each([125, 256])(
    'G: a repository name of %i characters reaches every sink',
    async (length) => {
      const repository = `g/${'long-name-'.repeat(30).slice(0, length - 6)}-api`;
      expect(repository).toHaveLength(length);
      const { digest } = flow().push(repository);
      flow().scan(repository, digest, basicAnswer(basicFindings('CRITICAL')));
      await flow().settled(repository);
      const { slack, sns, events, gauges } = flow().got(repository);
      expect([slack.length, events.length]).toEqual([1, 1]);
      expect(gauges).toEqual([gaugeSet('latest', { critical: 1 })]);
      expect(sns).toMatchObject([{ body: { event: 'opened', repository } }]);
      // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: ASCII, less than 100 characters
      expect(sns[0]?.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
      expect(sns[0]?.subject).toMatch(/1 critical in g\/long.*-api:latest/);
    },
  );
});
