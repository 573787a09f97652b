import { describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import type { ScanAnswer } from '../../local/ecr/scan-answer.ts';
import { basicFindings } from './findings.ts';
import { flowForFile, gaugeSet } from './stack.ts';

const flow = flowForFile();
const old = basicFindings('CRITICAL', 1, 'CVE-2024');
const fresh = basicFindings('CRITICAL', 1, 'CVE-2026');

/** Pushes a new image under the tags and waits until its scan is answered. */
async function release(repository: string, answer: ScanAnswer, tags: readonly string[] = ['latest']) {
  const { digest } = flow().push(repository, { tags });
  flow().scan(repository, digest, answer);
  await flow().settled(repository);
  return digest;
}

describe('only what is new since the image that the tag pointed to before', () => {
  test.concurrent('one old and one new critical: 1 new, 1 still open', async () => {
    await release('news/one-new', basicAnswer(old));
    await release('news/one-new', basicAnswer([...old, ...fresh]));
    const { slack, slackBodies, sns, events } = flow().got('news/one-new');
    expect(slack.map((text) => text.replace(/ \(.*/, ''))).toEqual([
      '1 critical in news/one-new:latest, first scan',
      '2 critical in news/one-new:latest, 1 new',
    ]);
    expect(slackBodies[1]).toContain('1 new, 1 still open');
    expect(events[1]?.text).toContain('1 new, 1 still open');
    expect(sns[1]).toMatchObject({
      body: {
        event: 'changed',
        newCount: 1,
        stillOpenCount: 1,
        findings: [
          { id: 'CVE-2026-CRITICAL-0', isNew: true },
          { id: 'CVE-2024-CRITICAL-0', isNew: false },
        ],
      },
    });
  });

  test.concurrent('the same criticals in a new image: silence, and gauges for the new image', async () => {
    await release('news/same', basicAnswer(old));
    await release('news/same', basicAnswer([...old, ...basicFindings('LOW')]));
    const { slack, sns, events, gauges, decisions } = flow().got('news/same');
    expect([slack.length, sns.length, events.length]).toEqual([1, 1, 1]);
    expect(decisions).toEqual(['notice: first-scan', 'silence: unchanged']);
    expect(gauges).toEqual([
      gaugeSet('latest', { critical: 1 }),
      gaugeSet('latest', { critical: 1, low: 1 }),
    ]);
  });

  test.concurrent('one critical swapped for another: the counts are the same, and people hear', async () => {
    await release('news/swapped', basicAnswer(old));
    await release('news/swapped', basicAnswer(fresh));
    const { sns } = flow().got('news/swapped');
    expect(sns.map(({ body: { newCount, stillOpenCount } }) => [newCount, stillOpenCount])).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect(sns[1]?.body.findings).toMatchObject([{ id: 'CVE-2026-CRITICAL-0' }]);
  });

  test.concurrent('all gone: resolved, and a zero that ends the alert; gone still: silence', async () => {
    await release('news/resolved', basicAnswer(old));
    await release('news/resolved', basicAnswer(basicFindings('LOW')));
    await release('news/resolved', basicAnswer([]));
    const { slack, sns, events, gauges, decisions } = flow().got('news/resolved');
    expect(decisions).toEqual(['notice: first-scan', 'notice: resolved', 'silence: below-threshold']);
    expect(slack).toHaveLength(2);
    expect(slack[1]).toContain('news/resolved:latest is clear: no critical or high findings any more');
    expect(sns.map(({ attributes }) => attributes.event)).toEqual(['opened', 'resolved']);
    expect(events[1]).toMatchObject({ alert_type: 'success' });
    expect(gauges.at(-1)).toEqual(gaugeSet('latest'));
  });

  test.concurrent('the same image scanned again: an unchanged rescan is silent, a new id speaks', async () => {
    const digest = await release('news/rescan', basicAnswer(old));
    const rescans = [old, [...old, ...fresh]];
    for (const [index, findings] of rescans.entries()) {
      const completedAt = new Date(Date.now() + (index + 1) * 1000);
      flow().scan('news/rescan', digest, basicAnswer(findings, { completedAt }));
      await flow().settled('news/rescan');
    }
    const { slack, decisions } = flow().got('news/rescan');
    expect(decisions).toEqual(['notice: first-scan', 'silence: unchanged', 'notice: worse']);
    expect(slack).toHaveLength(2);
  });

  test.concurrent('an image that was fixed and breaks again is told again', async () => {
    for (const findings of [old, [], old]) await release('news/again', basicAnswer(findings));
    expect(
      flow()
        .got('news/again')
        .sns.map(({ body }) => body.event),
    ).toEqual(['opened', 'resolved', 'opened']);
  });

  test.concurrent('a scan that fails in between does not forget what was open', async () => {
    await release('news/gap', basicAnswer(old));
    await release('news/gap', { status: 'FAILED' });
    await release('news/gap', basicAnswer([...old, ...fresh]));
    const { sns } = flow().got('news/gap');
    expect(sns.map(({ body }) => body.event)).toEqual(['opened', 'not-scanned', 'changed']);
    expect(sns[2]?.body).toMatchObject({ newCount: 1, stillOpenCount: 1 });
  });
});

describe('names', () => {
  test.concurrent('a late scan of an image that latest has left: silence, and no gauge goes back', async () => {
    const left = flow().push('news/left');
    await flow().settled('news/left'); // so that the next push is a later one
    await release('news/left', basicAnswer(fresh));
    flow().scan('news/left', left.digest, basicAnswer(old));
    await flow().settled('news/left');
    const { slack, gauges, decisions } = flow().got('news/left');
    expect(decisions).toEqual(['notice: first-scan', 'silence: untracked']);
    expect(slack).toHaveLength(1);
    expect(gauges).toEqual([gaugeSet('latest', { critical: 1 })]);
  });

  test.concurrent('two tags on one digest: one message that names both, and gauges for each', async () => {
    await release('news/two-tags', basicAnswer(old), ['latest', 'main']);
    const { slack, sns, events, gauges } = flow().got('news/two-tags');
    expect([slack.length, sns.length, events.length]).toEqual([1, 1, 1]);
    expect(sns[0]?.body.references).toEqual(['latest', 'main']);
    expect(gauges).toEqual(['latest', 'main'].map((tag) => gaugeSet(tag, { critical: 1 })));
  });

  test.concurrent('immutable tags are followed as the newest push', async () => {
    await release('news/immutable', basicAnswer(old), ['v1.0.0']);
    await release('news/immutable', basicAnswer([...old, ...fresh]), ['v1.0.1']);
    const { sns, gauges } = flow().got('news/immutable');
    expect(sns.map(({ body }) => [body.references, body.newCount])).toEqual([
      [['newest push'], 1],
      [['newest push'], 1],
    ]);
    expect(gauges.map(({ image_tag }) => image_tag)).toEqual(['/newest-push', '/newest-push']);
  });
});
