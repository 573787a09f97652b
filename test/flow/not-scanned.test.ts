import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from './findings.ts';
import { flowForFile, gaugeSet } from './stack.ts';

const flow = flowForFile();

/** Told once by every sink, with the status, and without any number that could be taken for a count. */
function expectNotScanned(repository: string, status: string, known = true): void {
  const { slack, slackBodies, sns, events, gauges, decisions, deadLetters } = flow().got(repository);
  const words = known ? `was not scanned: ${status}` : 'was not scanned: unknown status';
  expect(slack).toEqual([expect.stringContaining(`${repository}:latest ${words}`)]);
  expect(slackBodies[0]).toContain(`(${status}): nobody knows what is in this image`);
  expect(slackBodies[0]).not.toMatch(/clean|clear|no findings/i);
  expect(events).toMatchObject([{ title: expect.stringContaining(words), alert_type: 'warning' }]);
  expect(sns).toMatchObject([
    {
      subject: expect.stringContaining(words),
      body: { event: 'not-scanned', counts: null, newCount: null, notScanned: { status } },
      attributes: { event: 'not-scanned', severity: 'UNKNOWN' },
    },
  ]);
  expect(sns[0]?.attributes).not.toHaveProperty('critical');
  expect(gauges).toEqual([]);
  expect(deadLetters).toEqual([]);
  expect(decisions).toEqual(['notice: not-scanned']);
}

describe('a scan that ended without findings is told as not scanned', () => {
  test.concurrent('C: FAILED, without counts in the event', async () => {
    const { digest } = flow().push('c/failed');
    const description = 'UnsupportedImageError: The operating system is not supported.';
    const event = flow().scan('c/failed', digest, { status: 'FAILED', description });
    expect(event).toMatchObject({ 'detail-type': 'ECR Image Scan', detail: { 'scan-status': 'FAILED' } });
    expect(event).not.toHaveProperty('detail.finding-severity-counts');
    await flow().settled('c/failed');
    expectNotScanned('c/failed', 'FAILED');
    expect(flow().got('c/failed').slackBodies[0]).toContain(description);
  });

  test.concurrent.each([
    ['I', 'UNSUPPORTED_IMAGE'],
    ['K', 'SCAN_ELIGIBILITY_EXPIRED'],
    ['K', 'LIMIT_EXCEEDED'],
    ['K', 'IMAGE_ARCHIVED'],
  ])('%s: %s', async (letter, status) => {
    const repository = `${letter}/${status}`.toLowerCase();
    const { digest } = flow().push(repository);
    flow().scan(repository, digest, { status });
    await flow().settled(repository);
    expectNotScanned(repository, status);
  });

  test.concurrent('K: a status that AWS has not invented yet', async () => {
    const { digest } = flow().push('k/unknown');
    flow().scan('k/unknown', digest, { status: 'QUARANTINED' });
    await flow().settled('k/unknown');
    expectNotScanned('k/unknown', 'QUARANTINED', false);
  });
});

describe('a scan that cannot be read yet is waited for', () => {
  test.concurrent('L: FINDINGS_UNAVAILABLE is told after the wait, and never clean', async () => {
    const { digest } = flow().push('l/unavailable');
    flow().scan('l/unavailable', digest, { status: 'FINDINGS_UNAVAILABLE' });
    await sleep(1500);
    expect(flow().got('l/unavailable')).toMatchObject({ slack: [], sns: [], events: [], gauges: [] });
    await flow().settled('l/unavailable');
    expectNotScanned('l/unavailable', 'FINDINGS_UNAVAILABLE');
  });

  test.concurrent('M: no scan at first, found later: delivered', async () => {
    const { digest } = flow().push('m/later');
    const answer = basicAnswer(basicFindings('CRITICAL'));
    flow().scan('m/later', digest, answer);
    flow().stack.registry.clearScan('m/later', digest);
    await expect.poll(() => waitsFor(digest), { timeout: 10_000 }).toBe(true);
    flow().stack.registry.setScan('m/later', digest, answer);
    await flow().settled('m/later');
    const { slack, gauges } = flow().got('m/later');
    expect(slack).toEqual([expect.stringContaining('1 critical in m/later:latest')]);
    expect(gauges).toEqual([gaugeSet('latest', { critical: 1 })]);
  });

  test.concurrent('M: no scan at all: told as not scanned', async () => {
    const { digest } = flow().push('m/never');
    flow().scan('m/never', digest, basicAnswer([]));
    flow().stack.registry.clearScan('m/never', digest);
    await flow().settled('m/never');
    expectNotScanned('m/never', 'NOT_FOUND');
  });

  test.concurrent.each(['COMPLETE', 'ACTIVE', 'PENDING', 'IN_PROGRESS'])(
    'M: %s without counts, which come later: the right counts, and never a zero in between',
    async (status) => {
      const repository = `m/${status.toLowerCase().replace('_', '-')}`;
      const { digest } = flow().push(repository);
      flow().scan(repository, digest, { status, findings: [] });
      await expect.poll(() => waitsFor(digest), { timeout: 10_000 }).toBe(true);
      flow().stack.registry.setScan(repository, digest, basicAnswer(basicFindings('CRITICAL', 2)));
      await flow().settled(repository);
      const { slack, gauges } = flow().got(repository);
      expect(gauges).toEqual([gaugeSet('latest', { critical: 2 })]);
      expect(slack).toEqual([expect.stringContaining(`2 critical in ${repository}:latest`)]);
    },
  );
});

/** True once the function has said that it comes back to this image. */
function waitsFor(digest: string): boolean {
  return flow().stack.logs.some(
    ({ line }) => JSON.stringify(line).includes('"not ready"') && JSON.stringify(line).includes(digest),
  );
}
