import { describe, expect, test } from 'vitest';
import { enhancedAnswer } from '../../local/ecr/findings.ts';
import type { ScanAnswer } from '../../local/ecr/scan-answer.ts';
import { enhancedFindings } from './findings.ts';
import { flowForFile, gaugeSet } from './stack.ts';

const flow = flowForFile();
const AMD64 = 'linux/amd64';
const ARM64 = 'linux/arm64';
const onBoth = enhancedFindings('CRITICAL', 1);
const onOne = enhancedFindings('CRITICAL', 2);

/** Pushes an index with both platforms and an attestation; events are sent unless they are held back. */
function pushIndex(repository: string, { held = false, tags = ['latest'] } = {}) {
  const image = { tags, platforms: [AMD64, ARM64], attestation: true };
  const pushed = held ? flow().stack.registry.push(repository, image) : flow().push(repository, image);
  const { digest, children, events } = pushed;
  const child = (platform: string) => children.find((it) => it.platform === platform)?.digest ?? '';
  return { digest, child, events };
}

function scanPlatform(repository: string, digest: string, answer: ScanAnswer = enhancedAnswer(onBoth)): void {
  flow().scan(repository, digest, answer);
}

/** True once the function has said that it comes back, because of this digest. */
function waitsFor(digest: string): boolean {
  return flow().stack.logs.some(
    ({ line }) => JSON.stringify(line).includes('"not ready"') && JSON.stringify(line).includes(digest),
  );
}

describe('an image index of two platforms', () => {
  test.concurrent.each([
    [AMD64, ARM64],
    [ARM64, AMD64],
  ])('two scans, %s before %s: one message', async (first, second) => {
    const repository = `platforms/${first.slice(6)}-first`;
    const { digest, child } = pushIndex(repository);
    scanPlatform(repository, child(first), enhancedAnswer(first === AMD64 ? onBoth : onOne));
    await expect.poll(() => waitsFor(child(second)), { timeout: 10_000 }).toBe(true);
    expect(flow().got(repository)).toMatchObject({ slack: [], sns: [], gauges: [] });
    scanPlatform(repository, child(second), enhancedAnswer(second === AMD64 ? onBoth : onOne));
    await flow().settled(repository);
    const { slack, sns, events, gauges } = flow().got(repository);
    expect([slack.length, events.length]).toEqual([1, 1]);
    expect(slack[0]).toContain(`2 critical in ${repository}:latest, first scan`);
    expect(gauges).toEqual([gaugeSet('latest', { critical: 2 })]);
    expect(sns).toMatchObject([
      {
        body: {
          digest,
          platforms: [
            { platform: AMD64, state: 'scanned' },
            { platform: ARM64, state: 'scanned' },
          ],
          findings: [{ platforms: [AMD64, ARM64] }, { platforms: [ARM64] }],
        },
      },
    ]);
  });

  test.concurrent('both scans at once: one message', async () => {
    const { child } = pushIndex('platforms/at-once');
    scanPlatform('platforms/at-once', child(AMD64));
    scanPlatform('platforms/at-once', child(ARM64));
    await flow().settled('platforms/at-once');
    const { slack, sns, events, gauges } = flow().got('platforms/at-once');
    expect([slack.length, sns.length, events.length, gauges.length]).toEqual([1, 1, 1, 1]);
  });

  test.concurrent('only one is scanned within the grace: told, and the other is named as open', async () => {
    const { child } = pushIndex('platforms/one-open');
    scanPlatform('platforms/one-open', child(AMD64));
    await flow().settled('platforms/one-open');
    const { slack, slackBodies, sns } = flow().got('platforms/one-open');
    expect(slack).toHaveLength(1);
    expect(slackBodies[0]).toContain(`platforms scanned: ${AMD64}; still open: ${ARM64} (NOT_FOUND)`);
    expect(sns).toMatchObject([{ body: { platforms: [{ state: 'scanned' }, { state: 'pending' }] } }]);
  });

  test.concurrent('the late platform says nothing when it brings nothing, and speaks when it does', async () => {
    for (const [name, findings, messages] of [
      ['same', onBoth, 1],
      ['more', onOne, 2],
    ] as const) {
      const repository = `platforms/late-${name}`;
      const { child } = pushIndex(repository);
      scanPlatform(repository, child(AMD64));
      await flow().settled(repository);
      scanPlatform(repository, child(ARM64), enhancedAnswer(findings));
      await flow().settled(repository);
      expect(flow().got(repository).slack).toHaveLength(messages);
    }
    const { sns, gauges } = flow().got('platforms/late-more');
    expect(sns[1]?.body).toMatchObject({ event: 'changed', newCount: 1, stillOpenCount: 1 });
    expect(gauges.at(-1)).toEqual(gaugeSet('latest', { critical: 2 }));
  });

  test.concurrent('one is not supported: told with what the other has', async () => {
    const { child } = pushIndex('platforms/unsupported');
    scanPlatform('platforms/unsupported', child(ARM64), { status: 'UNSUPPORTED_IMAGE' });
    scanPlatform('platforms/unsupported', child(AMD64));
    await flow().settled('platforms/unsupported');
    const { slack, slackBodies } = flow().got('platforms/unsupported');
    expect(slack).toEqual([expect.stringContaining('1 critical in platforms/unsupported:latest')]);
    expect(slackBodies[0]).toContain(`scanned: ${AMD64}; not scannable: ${ARM64} (UNSUPPORTED_IMAGE)`);
  });

  test.concurrent('one is clean and one not supported: not scanned, and no zero in any gauge', async () => {
    const { child } = pushIndex('platforms/half-clean');
    scanPlatform('platforms/half-clean', child(ARM64), { status: 'UNSUPPORTED_IMAGE' });
    scanPlatform('platforms/half-clean', child(AMD64), enhancedAnswer([]));
    await flow().settled('platforms/half-clean');
    const { slack, sns, gauges } = flow().got('platforms/half-clean');
    expect(slack).toEqual([expect.stringContaining('was not scanned: UNSUPPORTED_IMAGE')]);
    expect(sns).toMatchObject([{ body: { event: 'not-scanned', counts: null } }]);
    expect(gauges).toEqual([]);
  });
});

describe('a scan that comes before its push', () => {
  test.concurrent('of a platform: waits for the index, then one message about it', async () => {
    const { digest, child, events } = pushIndex('platforms/early', { held: true });
    scanPlatform('platforms/early', child(AMD64));
    scanPlatform('platforms/early', child(ARM64));
    const notReady = () =>
      flow().stack.logs.filter(({ line }) => JSON.stringify(line).includes('no tag and no index yet'));
    await expect.poll(() => notReady().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
    for (const event of events) flow().stack.bus.put(event);
    await flow().settled('platforms/early');
    const { slack, sns } = flow().got('platforms/early');
    expect(slack).toEqual([expect.stringContaining('1 critical in platforms/early:latest')]);
    expect(sns).toMatchObject([{ body: { digest } }]);
  });

  test.concurrent('of a tagged image: told at once, and the push adds nothing', async () => {
    const { digest, events } = flow().stack.registry.push('platforms/plain', { tags: ['latest'] });
    scanPlatform('platforms/plain', digest);
    await flow().settled('platforms/plain');
    for (const event of events) flow().stack.bus.put(event);
    await flow().settled('platforms/plain');
    const { slack, sns } = flow().got('platforms/plain');
    expect([slack.length, sns.length]).toEqual([1, 1]);
  });
});
