import { beforeAll, describe, expect, test } from 'vitest';
import { metricTag } from '../../lib/sinks/datadog/tags.ts';
import { basicAnswer, enhancedAnswer, enhancedFinding } from '../../local/ecr/findings.ts';
import type { BasicFinding } from '../../local/ecr/scan-answer.ts';
import { applyPolicy } from './apply-policy.ts';
import { askCli } from './ecs.ts';
import { basicFindings } from './findings.ts';
import { flowForFile, gaugeSet } from './stack.ts';

const flow = flowForFile();

const POLICY = `version: 1
owner: platform
repositories:
  - name: policy/loud-*
    notifyAt: HIGH
    owner: payments
    snsAttributes: { team: payments }
  - name: policy/fixes
    onlyFixable: true
ignore:
  - cve: CVE-2024-CRITICAL-*
    repository: policy/quiet-*
    reason: the vulnerable code is not reachable
    expires: 2999-12-31
  - cve: CVE-2024-CRITICAL-0
    repository: policy/over
    reason: until the base image is new
    expires: 2020-01-01
`;

const known = basicFindings('CRITICAL', 2, 'CVE-2024');
const fresh = basicFindings('CRITICAL', 1, 'CVE-2026');

async function release(repository: string, findings: readonly BasicFinding[]): Promise<void> {
  const { digest } = flow().push(repository, { tags: ['latest'] });
  flow().scan(repository, digest, basicAnswer(findings));
  await flow().settled(repository);
}

/** The gauges of what is ignored, in order of arrival. */
function ignoredGauges(repository: string): readonly (readonly [severity: string, value: number])[] {
  const tag = metricTag('repository', repository);
  return flow()
    .stack.datadog.series.filter(({ metric }) => metric === 'ecr.image.vulnerabilities.ignored')
    .filter(({ metricTags }) => metricTags.includes(tag))
    .map(({ metricTags, value }) => [metricTags.find((it) => it.startsWith('severity:')) ?? '', value]);
}

// Before the first event: what a function has read holds for a minute.
beforeAll(async () => {
  const out = await applyPolicy(flow(), POLICY);
  expect(out).toContain('applied as version 1');
  expect(out).toContain('CVE-2024-CRITICAL-0 in policy/over speaks again: the rule ended on 2020-01-01');
});

describe('a policy that was applied', () => {
  test.concurrent('what a rule ignores makes no notice, is in no gauge but its own', async () => {
    await release('policy/quiet-all', known);
    const { slack, sns, events, gauges, decisions } = flow().got('policy/quiet-all');
    expect([slack, sns, events]).toEqual([[], [], []]);
    expect(decisions).toEqual(['silence: ignored']);
    expect(gauges).toEqual([gaugeSet('latest')]);
    expect(ignoredGauges('policy/quiet-all')).toEqual([['severity:critical', 2]]);
  });

  test.concurrent('beside what speaks it is a number, in every message', async () => {
    await release('policy/quiet-some', [...known, ...fresh]);
    const { slack, slackBodies, sns, events, gauges } = flow().got('policy/quiet-some');
    expect(slack).toHaveLength(1);
    expect(slack[0]).toContain('1 critical in policy/quiet-some:latest');
    expect(slackBodies[0]).toContain('2 ignored');
    expect(events[0]?.text).toContain('2 ignored');
    expect(sns[0]?.body).toMatchObject({
      ...{ ignoredCount: 2, newCount: 1, owner: 'platform', counts: { CRITICAL: 1 } },
      findings: [{ id: 'CVE-2026-CRITICAL-0' }],
    });
    expect(JSON.stringify([slackBodies, sns, events])).not.toContain('CVE-2024');
    expect(gauges).toEqual([gaugeSet('latest', { critical: 1 })]);
    expect(ignoredGauges('policy/quiet-some')).toEqual([['severity:critical', 2]]);
  });

  test.concurrent('it stays in the ledger and in what is looked up', async () => {
    await release('policy/quiet-ledger', basicFindings('CRITICAL', 1, 'CVE-2024'));
    const { exit, out } = await askCli(flow(), ['cve', 'CVE-2024-CRITICAL-0', '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out).images).toContainEqual(
      expect.objectContaining({ repository: expect.objectContaining({ name: 'policy/quiet-ledger' }) }),
    );
  });

  test.concurrent('a rule of another repository, and one that has ended, ignore nothing', async () => {
    await release('policy/over', known);
    const { sns } = flow().got('policy/over');
    expect(sns.map(({ body }) => [body.event, body.newCount, body.ignoredCount])).toEqual([['opened', 2, 0]]);
    expect(ignoredGauges('policy/over')).toEqual([]);
  });

  test.concurrent('a high speaks where a pattern says so, with owner and attribute, and nowhere else', async () => {
    const high = basicFindings('HIGH');
    await Promise.all(['policy/loud-api', 'policy/other'].map((it) => release(it, high)));
    const [loud, other] = [flow().got('policy/loud-api'), flow().got('policy/other')];
    expect(loud.decisions).toEqual(['notice: first-scan']);
    expect(loud.sns).toMatchObject([
      {
        body: { owner: 'payments', newCount: 1 },
        attributes: { team: 'payments', severity: 'HIGH', high: '1' },
      },
    ]);
    expect([other.decisions, other.sns]).toEqual([['silence: below-threshold'], []]);
    expect(other.gauges).toEqual([gaugeSet('latest', { high: 1 })]);
  });

  test.concurrent('where only fixes are asked for, what has none is silent', async () => {
    const { digest } = flow().push('policy/fixes', { tags: ['latest'] });
    const packages = [{ name: 'zlib', version: '1.0' }];
    flow().scan(
      'policy/fixes',
      digest,
      enhancedAnswer([enhancedFinding({ id: 'CVE-1', severity: 'CRITICAL', packages })]),
    );
    await flow().settled('policy/fixes');
    expect(flow().got('policy/fixes').decisions).toEqual(['silence: not-fixable']);
    const fixed = [{ name: 'zlib', version: '1.0', fixedInVersion: '1.1' }];
    const next = flow().push('policy/fixes', { tags: ['latest'] });
    flow().scan(
      'policy/fixes',
      next.digest,
      enhancedAnswer([enhancedFinding({ id: 'CVE-2', severity: 'CRITICAL', packages: fixed })]),
    );
    await flow().settled('policy/fixes');
    expect(
      flow()
        .got('policy/fixes')
        .sns.map(({ body }) => body.newCount),
    ).toEqual([1]);
  });
});
