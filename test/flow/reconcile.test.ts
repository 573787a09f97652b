import { describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from './findings.ts';
import { flowForFile, gaugeSet } from './stack.ts';

// Nothing is fresh here, and what has no scan is overdue after a second.
const environment = { SCAN_RESPONSE_EVENT_GRACE_SECONDS: '0', SCAN_RESPONSE_SCAN_OVERDUE_SECONDS: '1' };
const flow = flowForFile({ environment });

const run = () => flow().stack.runNow('scan-response-dev-reconcile');

/** What the last run logged. */
function lastWalk(): Readonly<Record<string, unknown>> {
  const lines = flow().stack.logs.map(({ line }) => line as Readonly<Record<string, unknown>>);
  return lines.findLast(({ message }) => message === 'reconciled') ?? expect.fail('no run has ended');
}

async function runAndSettle(repository: string): Promise<void> {
  expect(await run()).toMatchObject({ error: undefined });
  await flow().settled(repository);
}

describe('what AWS never told of', () => {
  test('is found: pushes, scans, moved and deleted tags, images without a scan; and only once', async () => {
    const { registry } = flow().stack;
    const answer = basicAnswer(basicFindings('CRITICAL'));

    // A push and a scan without events, of an image and of an index.
    const plain = registry.push('r/plain', { tags: ['latest', 'v1'] });
    registry.setScan('r/plain', plain.digest, answer);
    const index = registry.push('r/index', {
      tags: ['latest'],
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    for (const { digest, platform } of index.children) {
      if (!platform.startsWith('unknown')) registry.setScan('r/index', digest, answer);
    }
    registry.push('r/unscanned', { tags: ['latest'] });
    await new Promise((resolve) => setTimeout(resolve, 2100));
    for (const repository of ['r/plain', 'r/index', 'r/unscanned']) await runAndSettle(repository);

    expect(flow().got('r/plain')).toMatchObject({
      slack: [expect.stringContaining('1 critical in r/plain:latest')],
      gauges: [gaugeSet('latest', { critical: 1 })],
      deadLetters: [],
    });
    expect(flow().got('r/index').slack).toEqual([expect.stringContaining('1 critical in r/index:latest')]);
    expect(flow().got('r/unscanned')).toMatchObject({
      slack: [expect.stringContaining('r/unscanned:latest was not scanned: NEVER_SCANNED')],
      gauges: [],
    });
    const lineage = await flow().items('lineage', 'r/plain');
    const pushes = lineage.filter(({ sk }) => String(sk).startsWith('E#'));
    expect(pushes).toMatchObject([
      { op: 'push', digest: plain.digest, window: { notAfter: expect.any(String) } },
      { op: 'push', digest: plain.digest },
    ]);
    expect(lineage).toContainEqual(
      expect.objectContaining({
        sk: expect.stringMatching(/^RECON#/),
        verifiedAt: expect.any(String),
      }),
    );

    // A tag that moves to an older image, and one that goes.
    const newer = registry.push('r/plain', { tags: ['latest'], labels: { version: '2' } });
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await runAndSettle('r/plain');
    registry.retag('r/plain', plain.digest, 'latest');
    registry.remove('r/index', index.digest);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    await runAndSettle('r/plain');
    await flow().settled('r/index');
    const heads = async (repository: string) =>
      (await flow().items('lineage', repository)).filter(({ sk }) => String(sk).startsWith('TAG#'));
    expect(await heads('r/plain')).toMatchObject([
      { sk: 'TAG#latest', digest: plain.digest },
      { sk: 'TAG#v1' },
    ]);
    expect((await heads('r/index'))[0]).not.toHaveProperty('digest');
    expect(newer.digest).not.toBe(plain.digest);

    // Once more: nothing new.
    await runAndSettle('r/plain');
    expect(lastWalk()).toMatchObject({
      ...{ pushes: 0, deletes: 0, scans: 0, unscannable: 0, neverScanned: 0, failures: 0 },
      ...{ isWhole: true, WalksCompleted: 1, FunctionName: 'scan-response-dev-reconcile' },
      _aws: { CloudWatchMetrics: [{ Namespace: 'ScanResponse', Dimensions: [['FunctionName']] }] },
    });
  });
});
